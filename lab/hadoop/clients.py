"""Clients of both file systems, with the same methods."""

from __future__ import annotations

import json
import os
import socket
import uuid
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol
from urllib.parse import urlsplit

from lab.hadoop import inodes
from lab.hadoop.configuration import Configuration
from lab.hadoop.errors import CONNECT, ILLEGAL, IO, REMOTE, HadoopError
from lab.hadoop.operations import PREWARM
from lab.hadoop.tcp_server import TcpServer
from lab.hadoop.web import Web

_SEVERAL = 4
_CALL_SECONDS = 30.0


class Caller(Protocol):
    """Has a NameNode perform an operation."""

    name: str

    def call(self, operation: str, path: str, arguments: Mapping[str, Any]) -> Any:
        """What the NameNode returned; raises `HadoopError`."""

    def prewarm(self) -> None:
        """Have every NameNode do nothing once; raises `HadoopError`."""

    def close(self) -> None:
        """Let go of what is open."""


class FileSystem:
    """What a client does with a file system, whichever it is."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def mkdirs(self, path: str) -> bool:
        return bool(self._caller.call("mkdirs", path, {}))

    def create(self, path: str) -> None:
        """Make an empty file and end its writing."""
        self._caller.call("create", path, {"overwrite": False})
        self._caller.call("complete", path, {})

    def status(self, path: str) -> dict[str, Any] | None:
        found = self._caller.call("getFileInfo", path, {})
        return dict(found) if found is not None else None

    def listing(self, path: str) -> list[dict[str, Any]]:
        return list(self._caller.call("getListing", path, {})["partialListing"])

    def delete(self, path: str, recursive: bool) -> bool:
        return bool(self._caller.call("delete", path, {"recursive": recursive}))

    def prewarm(self) -> None:
        self._caller.prewarm()

    def close(self) -> None:
        self._caller.close()


def own_address(towards: str) -> str:
    """This machine's address on the way to a host."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((towards, 9))
        except OSError as error:
            raise HadoopError(CONNECT, f"no route to {towards}: {error}") from error
        return str(probe.getsockname()[0])


class LambdaCaller:
    """λFS: invokes the deployment that a path's directory belongs to, and listens for its NameNodes.

    Raises:
        HadoopError: the configuration cannot be used on this machine.
    """

    def __init__(self, configuration: Configuration) -> None:
        self.name = f"lambdafs-client-{uuid.uuid4()}"
        self._configuration = configuration
        self._web = Web(configuration)
        self._address = own_address(urlsplit(configuration.text("serverless.endpoint")).hostname or "")
        named, _ = configuration.file_system
        if named != self._address:
            raise HadoopError(ILLEGAL, f"fs.default.name names {named}, expected this VM's own address {self._address}")
        self._server = (
            TcpServer(configuration.number("serverless.tcp.port", 6000))
            if configuration.flag("serverless.tcp.enabled", True)
            else None
        )

    def call(self, operation: str, path: str, arguments: Mapping[str, Any]) -> Any:
        # Entries belong to the deployment of the directory that holds them, a listing to that of the directory itself
        directory = path if operation == "getListing" else inodes.parent_of(path)
        deployment = inodes.deployment_of(directory, self._configuration.deployments)
        return self._invoke(deployment, operation, {"src": path, **arguments})["RESULT"]

    def prewarm(self) -> None:
        """Invoke every deployment once and see that its NameNode finds the way back.

        Raises:
            HadoopError: one does not answer, counts other deployments, or does not connect.
        """
        deployments = range(self._configuration.all_deployments)
        with ThreadPoolExecutor(_SEVERAL) as several:
            answers = list(several.map(lambda number: self._invoke(number, PREWARM, {}), deployments))
        own = self._configuration.deployments
        for number, answer in zip(deployments, answers, strict=True):
            counted = answer.get("DEPLOYMENTS")
            if counted != own:
                raise HadoopError(
                    IO,
                    f"serverless.deployments.max is {own} here and {counted} for the NameNode of deployment {number},"
                    " expected the same number",
                )

    def close(self) -> None:
        if self._server is not None:
            self._server.close()

    def _invoke(self, deployment: int, operation: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        identity = str(uuid.uuid4())
        value = {
            "op": operation,
            "fsArgs": dict(arguments),
            "clientName": self.name,
            "isClientInvoker": True,
            "requestId": identity,
            "INVOKER_IDENTITY": self.name,
            "clientInternalIp": self._address,
            "TCP_PORT": [self._server.port] if self._server else [],
            "UDP_PORT": [],
            "tcpEnabled": self._server is not None,
            "udpEnabled": False,
            "CONSISTENCY_PROTOCOL_ENABLED": True,
            "LOG_LEVEL": "INFO",
            "BENCHMARK_MODE": False,
        }
        answer = self._web.invoke(deployment, value)
        if answer["EXCEPTIONS"]:
            raise HadoopError(REMOTE, f"namenode{deployment}: {'; '.join(map(str, answer['EXCEPTIONS']))}")
        seconds = self._configuration.number("serverless.tcp.timeout", 12_000) / 1000
        if self._server is not None and self._server.greeter(identity, seconds) != deployment:
            raise HadoopError(
                CONNECT,
                f"the NameNode of deployment {deployment} did not connect to {self._address}:{self._server.port}"
                f" within {seconds:g} s",
            )
        return answer


class HopsCaller:
    """HopsFS: asks the first NameNode that answers."""

    def __init__(self, configuration: Configuration) -> None:
        self.name = f"DFSClient_{os.getpid()}_{uuid.uuid4()}"
        host, port = configuration.file_system
        listed = configuration.properties.get("dfs.namenodes.rpc.addresses", "")
        others = [
            (name, int(number))
            for name, _, number in (entry.strip().rpartition(":") for entry in listed.split(",") if entry)
        ]
        self._addresses = list(dict.fromkeys([(host, port), *others]))

    def call(self, operation: str, path: str, arguments: Mapping[str, Any]) -> Any:
        request = {"op": operation, "fsArgs": {"src": path, **arguments}, "clientName": self.name}
        failures = []
        for host, port in self._addresses:
            try:
                answer = ask(host, port, request)
            except (OSError, ValueError) as error:
                failures.append(f"{host}:{port}: {error}")
                continue
            if answer["EXCEPTIONS"]:
                raise HadoopError(REMOTE, "; ".join(answer["EXCEPTIONS"]))
            return answer["RESULT"]
        raise HadoopError(CONNECT, f"no NameNode answers: {'; '.join(failures)}")

    def prewarm(self) -> None:
        self.call(PREWARM, "/", {})

    def close(self) -> None:
        """Nothing is open between two calls."""


def ask(host: str, port: int, request: Mapping[str, Any]) -> dict[str, Any]:
    """The answer of a HopsFS NameNode: one line of JSON for one line of JSON.

    Raises:
        OSError: it cannot be reached.
        ValueError: its answer is none.
    """
    with socket.create_connection((host, port), _CALL_SECONDS) as connection:
        connection.sendall(json.dumps(request).encode() + b"\n")
        with connection.makefile("rb") as stream:
            line = stream.readline()
    answer = json.loads(line or b"null")
    if not isinstance(answer, dict) or not {"RESULT", "EXCEPTIONS"} <= set(answer):
        raise ValueError(f"answer {line[:200]!r}, expected a NameNode's")
    return answer


def open_file_system(configuration: Configuration) -> FileSystem:
    """A client of the file system that the configuration is of."""
    is_lambda = "serverless.endpoint" in configuration.properties
    return FileSystem(LambdaCaller(configuration) if is_lambda else HopsCaller(configuration))
