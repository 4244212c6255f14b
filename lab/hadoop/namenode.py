"""λFS's NameNode: one for each deployment in a worker process, made by its first invocation."""

from __future__ import annotations

import json
import random
import re
import socket
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lab.hadoop import inodes, operations
from lab.hadoop.configuration import Configuration
from lab.hadoop.database import Database
from lab.hadoop.ensemble import Ensemble
from lab.hadoop.errors import CONNECT, ILLEGAL, STORAGE, HadoopError
from lab.hadoop.membership import Membership
from lab.hadoop.namespace import TABLES, Namespace

CONNECT_SECONDS = 3.0
RETRY_SECONDS = 5.0
_NAME = re.compile(r"[^0-9]+([0-9]+)$")
_OWN_TABLES = ("serverless_namenodes", "datanodes", "storage_reports", "datanode_storages")
_DEPLOYMENT_TABLES = ("invalidations_deployment", "write_acks_deployment")


@dataclass(frozen=True)
class Request:
    """What an invocation asks for.

    Attributes:
        client: name of the client.
        address: the client's own address, and `ports` where its TCP server listens; empty where it has none.
    """

    operation: str
    arguments: Mapping[str, Any]
    client: str
    identity: str
    address: str
    ports: tuple[int, ...]


def request_of(value: object) -> Request:
    """The request in an invocation's parameter `value`.

    Raises:
        HadoopError: it is none.
    """
    if not isinstance(value, Mapping):
        raise HadoopError(
            ILLEGAL, f"value is {type(value).__name__}, expected an object with op, fsArgs and clientName"
        )
    arguments = value.get("fsArgs") or {}
    ports = value.get("TCP_PORT") or []
    if not isinstance(arguments, Mapping):
        raise HadoopError(ILLEGAL, f"fsArgs is {arguments!r}, expected an object")
    return Request(
        str(value.get("op") or ""),
        arguments,
        str(value.get("clientName") or ""),
        str(value.get("requestId") or ""),
        str(value.get("clientInternalIp") or ""),
        tuple(int(port) for port in (ports if isinstance(ports, list) else [ports]))
        if value.get("tcpEnabled") is not False
        else (),
    )


def deployment_of(action: str, deployments: int) -> int:
    """The number of the deployment that an action's name ends in.

    Raises:
        HadoopError: it ends in none, or not in one below `deployments`.
    """
    found = _NAME.search(action)
    if not found or int(found[1]) >= deployments:
        raise HadoopError(ILLEGAL, f"action {action!r}: expected a name that ends in 0 to {deployments - 1}")
    return int(found[1])


def needed_tables(configuration: Configuration, deployment: int) -> list[str]:
    """Tables that a NameNode reads or writes."""
    own = [f"{name}{deployment}" for name in _DEPLOYMENT_TABLES]
    return [*TABLES, *_OWN_TABLES, *(own if configuration.flag("serverless.consistency.usendb", True) else [])]


class NameNodes:
    """The NameNodes of one worker process and one configuration; they share connections and a session."""

    def __init__(self, configuration: Configuration) -> None:
        self._configuration = configuration
        self._database = Database(configuration.login)
        self._namespace = Namespace(self._database)
        self._lock = threading.Lock()
        self._ensemble: Ensemble | None = None
        self._refused: tuple[float, HadoopError] | None = None
        self._members: dict[int, Membership] = {}
        self.ids: dict[int, int] = {}

    def invoke(self, action: str, value: object) -> dict[str, Any]:
        """The answer to an invocation; a failure is in its `EXCEPTIONS`."""
        answer: dict[str, Any] = {"functionName": action, "RESULT": None, "EXCEPTIONS": []}
        try:
            deployment = deployment_of(action, self._configuration.all_deployments)
            answer |= {"DEPLOYMENT_NUMBER": deployment, "DEPLOYMENTS": self._configuration.deployments}
            request = request_of(value)
            answer |= {"op": request.operation, "requestId": request.identity}
            member = self._member(deployment)
            answer["NAME_NODE_ID"] = self.ids[deployment]
            self._check_tables(deployment)
            self._greet(request, deployment)
            answer["RESULT"] = self._perform(member, deployment, request)
        except HadoopError as error:
            answer["EXCEPTIONS"] = [str(error)]
        return answer

    def close(self) -> None:
        """End the session and the connections."""
        with self._lock:
            if self._ensemble is not None:
                self._ensemble.close()
            self._ensemble = None
            self._members = {}
        self._database.close()

    def _member(self, deployment: int) -> Membership:
        with self._lock:
            ensemble = self._session()
            member = self._members.get(deployment)
            if member is None:
                identity = self.ids.setdefault(deployment, random.getrandbits(62))
                member = Membership(ensemble, deployment, identity)
                member.join(self._configuration.deployments)
                self._members[deployment] = member
        member.stay()
        return member

    def _session(self) -> Ensemble:
        """The session, opened if there is none; those who waited while it could not be had do not try again."""
        if self._ensemble is None:
            if self._refused and time.monotonic() - self._refused[0] < RETRY_SECONDS:
                raise self._refused[1]
            try:
                self._ensemble = Ensemble(self._configuration)
            except HadoopError as error:
                self._refused = time.monotonic(), error
                raise
        return self._ensemble

    def _check_tables(self, deployment: int) -> None:
        missing = self._database.tables(needed_tables(self._configuration, deployment))
        if missing:
            raise HadoopError(
                STORAGE, f"{self._database.login}: table {missing[0]} does not exist, expected the schema of λFS"
            )

    def _greet(self, request: Request, deployment: int) -> None:
        """Connect to the client's TCP server, as every NameNode does that a client invokes."""
        greeting = {
            "NAME_NODE_ID": self.ids[deployment],
            "DEPLOYMENT_NUMBER": deployment,
            "requestId": request.identity,
        }
        for port in request.ports if request.address else ():
            try:
                with socket.create_connection((request.address, port), CONNECT_SECONDS) as connection:
                    connection.sendall(json.dumps(greeting).encode() + b"\n")
            except OSError as error:
                raise HadoopError(
                    CONNECT,
                    f"NameNode {self.ids[deployment]} of deployment {deployment} cannot reach the client's TCP server"
                    f" {request.address}:{port}: {error.strerror or error}",
                ) from error

    def _perform(self, member: Membership, deployment: int, request: Request) -> Any:
        if request.operation == operations.PREWARM:
            return True
        if operations.writes(request.operation):
            seconds = self._configuration.number("serverless.tx.ack.timeout", 20_000) / 1000
            path = operations.path_of(request.arguments)
            # Its own deployment holds the entry, another one what is below it
            below = inodes.deployment_of(path, self._configuration.deployments)
            for number in sorted({deployment, below}):
                member.agree(number, path, seconds)
        return operations.perform(self._namespace, request.operation, request.arguments, request.client)
