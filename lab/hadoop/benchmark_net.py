"""Leader and followers of a benchmark: one line of JSON for one line of JSON."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from lab.hadoop import benchmark_work
from lab.hadoop.benchmark_work import Job, Result

_CONNECT_SECONDS = 30.0


class Leader:
    """Listens for followers and gives them work."""

    def __init__(self, address: str, port: int) -> None:
        self._socket = socket.create_server((address, port))
        self.port: int = self._socket.getsockname()[1]
        self._followers: list[socket.socket] = []
        self._changed = threading.Condition()
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def followers(self) -> list[socket.socket]:
        """The connections of those that came so far."""
        with self._changed:
            return list(self._followers)

    def wait(self, number: int, seconds: float) -> bool:
        """Whether that many followers came within these seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: len(self._followers) >= number, seconds)

    def run(self, jobs: Sequence[Job]) -> list[Result]:
        """Give each follower a job and wait for all results.

        Raises:
            OSError: a follower was lost.
        """
        if not jobs:
            return []
        with ThreadPoolExecutor(len(jobs)) as several:
            return list(several.map(_give, self.followers, jobs))

    def close(self) -> None:
        """Send the followers away."""
        self._socket.close()
        for connection in self.followers:
            connection.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with self._changed:
                self._followers.append(connection)
                self._changed.notify_all()


def _give(connection: socket.socket, job: Job) -> Result:
    connection.sendall(json.dumps(job.message()).encode() + b"\n")
    # Without a buffer that another answer could stay in
    with connection.makefile("rb") as stream:
        line = stream.readline()
    if not line:
        raise ConnectionError(f"Lost connection to follower {connection.getpeername()[0]}")
    answer: dict[str, Any] = json.loads(line)
    return Result(int(answer["operations"]), float(answer["seconds"]), tuple(answer["errors"]))


def follow(address: str, port: int) -> int:
    """Work for a leader until it leaves; returns how many jobs there were.

    Raises:
        OSError: there is no leader.
    """
    done = 0
    with socket.create_connection((address, port), _CONNECT_SECONDS) as connection:
        connection.settimeout(None)
        with connection.makefile("rb") as stream:
            for line in stream:
                message = json.loads(line)
                threads = [[(str(name), str(path)) for name, path in work] for work in message["threads"]]
                result = benchmark_work.run(Job(message["site"], threads))
                answer = {
                    "operations": result.operations,
                    "seconds": result.seconds,
                    "errors": list(result.errors),
                }
                connection.sendall(json.dumps(answer).encode() + b"\n")
                done += 1
    return done
