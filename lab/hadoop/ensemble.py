"""λFS's tree in ZooKeeper: a session, and what is missing of the tree."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kazoo.client import KazooClient
from kazoo.exceptions import KazooException, NoNodeError
from kazoo.handlers.threading import KazooTimeoutError
from kazoo.retry import KazooRetry

from lab.hadoop.configuration import Configuration
from lab.hadoop.errors import CONNECT, ZOOKEEPER, HadoopError

NODES = ("permanent", "guest", "ACK", "INV")


def deployment_path(deployment: int, node: str) -> str:
    """The znode of a deployment; `node` is one of `NODES`."""
    return f"/namenode{deployment}/{node}"


class Ensemble:
    """One session with ZooKeeper.

    Raises:
        HadoopError: no server answers in time.
    """

    def __init__(self, configuration: Configuration) -> None:
        self._hosts = ",".join(configuration.zookeepers)
        seconds = configuration.number("serverless.zookeeper.connectiontimeout", 15_000) / 1000
        self._seconds = seconds
        self.client = KazooClient(
            hosts=self._hosts,
            timeout=configuration.number("serverless.zookeeper.sessiontimeout", 10_000) / 1000,
            command_retry=KazooRetry(max_tries=3, max_delay=1),
        )
        try:
            self.client.start(timeout=seconds)
        except KazooTimeoutError as error:
            self.client.close()
            raise HadoopError(
                CONNECT, f"no session with ZooKeeper {self._hosts} within {seconds:g} s, expected a serving ensemble"
            ) from error

    def call(self, path: str, request: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        """The answer to a request about a path.

        Args:
            request: one of the client's methods that end in `_async`.

        Raises:
            HadoopError: the path does not exist, or ZooKeeper cannot be asked.
        """
        try:
            return request(path, *arguments, **options).get(timeout=self._seconds)
        except NoNodeError as error:
            raise HadoopError(
                f"{ZOOKEEPER}$NoNodeException",
                f"KeeperErrorCode = NoNode for {path}: expected that znode in ZooKeeper {self._hosts}",
            ) from error
        except (KazooException, KazooTimeoutError) as error:
            raise HadoopError(
                f"{ZOOKEEPER}$ConnectionLossException", f"{type(error).__name__} for {path} in ZooKeeper {self._hosts}"
            ) from error

    def missing(self, deployments: int) -> list[str]:
        """Znodes that are not there, of the deployments 0 up to that number - 1."""
        paths = [deployment_path(number, node) for number in range(deployments) for node in NODES]
        asked = [(path, self.client.exists_async(path)) for path in paths]
        return [path for path, answer in asked if self.call(path, lambda _path, answer=answer: answer) is None]

    def close(self) -> None:
        """End the session, and with it what was made for it."""
        self.client.stop()
        self.client.close()
