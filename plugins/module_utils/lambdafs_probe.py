# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Tries every link that a file system's client depends on, from the driver and by the driver's own files."""

from __future__ import annotations

import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from ansible_collections.lambdafs.cluster.plugins.module_utils.hopsfs_client_config import (
    ClientConfig,
    DatabaseConfig,
    WrongConfig,
    read_client_config,
    read_database_config,
)
from ansible_collections.lambdafs.cluster.plugins.module_utils.hopsfs_namespace import read_namespace
from ansible_collections.lambdafs.cluster.plugins.module_utils.lambdafs_invocation import Caller, body_of, problem_of
from ansible_collections.lambdafs.cluster.plugins.module_utils.lambdafs_links import (
    CONFIGURE,
    Fault,
    action_faults,
    callback_fault,
    config_fault,
    is_no_answer,
    login_fault,
    management_fault,
    namenode_fault,
    namespace_fault,
    ports_fault,
    tree_fault,
    zookeeper_fault,
)
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_management import look_at_all, parse_connectstring
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_sql_connection import SqlError, SqlServer
from ansible_collections.lambdafs.cluster.plugins.module_utils.polling import poll
from ansible_collections.lambdafs.cluster.plugins.module_utils.whisk_client import (
    Access,
    Client,
    Pieces,
    Retryable,
    WhiskError,
    parse_host,
    trust,
)
from ansible_collections.lambdafs.cluster.plugins.module_utils.zookeeper_kazoo import ConnectionFailed, session
from ansible_collections.lambdafs.cluster.plugins.module_utils.zookeeper_tree import (
    KazooTree,
    existing_paths,
    wanted_paths,
)

ACTION_PREFIX = "namenode"
# λFS's client gives up after as many ports
PORTS_TRIED = 999
RETRY_INTERVAL = 2.0

T = TypeVar("T")


@dataclass(frozen=True)
class Wanted:
    """What is probed: the driver's files and address, the deployments that the cluster has, and times in seconds."""

    conf_dir: Path
    address: str
    deployments: int
    ca_file: str | None
    sql_ca: str
    timeout: float
    invocation_timeout: float
    parallel: int


@dataclass(frozen=True)
class Seen:
    """The faults, the port on which NameNodes were waited for (0 where none is), and how many connected."""

    faults: list[Fault]
    tcp_port: int
    connections: int


class NoFreePort(Exception):
    """None of the ports that the client would try is free."""


class Listener:
    """Takes the connections of NameNodes on `port`, and keeps them until it is closed.

    Args:
        first: the port that is tried first; then those after it, as the client does.
        tried: how many ports are tried.

    Raises:
        NoFreePort: none of them is free.
    """

    def __init__(self, first: int, tried: int = PORTS_TRIED) -> None:
        self._listener = _bind(range(first, min(first + tried, 65536)))
        self.port: int = self._listener.getsockname()[1]
        self._changed = threading.Condition()
        self._connections: list[socket.socket] = []
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def wait(self, number: int, timeout: float) -> int:
        """How many have connected, as soon as it is `number` or `timeout` seconds are over."""
        with self._changed:
            self._changed.wait_for(lambda: len(self._connections) >= number, timeout)
            return len(self._connections)

    def close(self) -> None:
        """Close the port and all connections."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listener.close()
        for connection in self._connections:
            connection.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _peer = self._listener.accept()
            except OSError:
                return
            with self._changed:
                self._connections.append(connection)
                self._changed.notify_all()


def _bind(ports: Sequence[int]) -> socket.socket:
    for port in ports:
        with suppress(OSError):
            return socket.create_server(("", port), backlog=128)
    raise NoFreePort


def probe_port(server: str, timeout: float) -> str:
    """Why `host:port` takes no connection; empty if it does."""
    host, _colon, port = server.rpartition(":")
    if not host or not port.isdecimal():
        return f"the address {server!r}"
    try:
        with socket.create_connection((host, int(port)), timeout):
            return ""
    except OSError as error:
        return reason_of(error)


def probe_zookeeper_server(server: str, timeout: float) -> str:
    """Why a server gives no session; empty if it does."""
    problem = probe_port(server, timeout)
    if problem:
        return problem
    try:
        with session(server, timeout):
            return ""
    except ConnectionFailed:
        return f"an open port but no session within {timeout:g} s"


def reason_of(error: OSError) -> str:
    """An error of the network in few words."""
    return "no answer in time" if isinstance(error, TimeoutError) else (error.strerror or str(error)).lower()


def probe_zookeeper(config: ClientConfig, deployments: int, timeout: float) -> list[Fault]:
    """Every server, and the tree of the deployments through the first that answers."""
    with ThreadPoolExecutor(max_workers=len(config.zookeeper)) as pool:
        problems = list(pool.map(lambda server: probe_zookeeper_server(server, timeout), config.zookeeper))
    seen = dict(zip(config.zookeeper, problems, strict=True))
    faults = [fault for server, problem in seen.items() for fault in zookeeper_fault(server, problem)]
    serving = [server for server, problem in seen.items() if not problem]
    if not serving:
        return faults
    try:
        with session(",".join(serving), timeout) as client:
            roots = [f"/{ACTION_PREFIX}{number}" for number in range(deployments)]
            existing = existing_paths(KazooTree(client), roots)
    except ConnectionFailed as error:
        return [*faults, *zookeeper_fault(",".join(serving), str(error))]
    return faults + tree_fault(wanted_paths(ACTION_PREFIX, deployments), existing)


def probe_management(config: DatabaseConfig, timeout: float) -> list[Fault]:
    """Every management server of the connect string."""
    try:
        addresses = parse_connectstring(config.connectstring)
    except ValueError as error:
        return [Fault("driver → NDB management server", str(error), "its address", CONFIGURE)]
    return [fault for view in look_at_all(addresses, timeout) for fault in management_fault(view)]


def probe_sql(config: DatabaseConfig, ca: str, timeout: float) -> list[Fault]:
    """The SQL node, with the account and the database that the file names."""
    server = SqlServer(config.login(ca, max(1, int(timeout))))
    try:
        server.use(config.database)
        return namespace_fault(config, read_namespace(server, config.database))
    except SqlError as error:
        return login_fault(config, error.number, "; ".join(" ".join(text.split()) for text in error.messages))
    finally:
        server.close()


def invoke(client: Client, path: str, caller: Caller, patience: float, deadline: float) -> str:
    """Invoke one NameNode, again after failures that may pass; returns what is wrong, or nothing.

    Args:
        client: of OpenWhisk's API.
        path: of the action on the web path.
        caller: where the NameNode is to connect to.
        patience: seconds for which an API is borne that does not answer at all.
        deadline: until when it is tried again, by the monotonic clock.
    """
    began = time.monotonic()

    def attempt() -> tuple[str, bool]:
        request_id = str(uuid.uuid4())
        try:
            answer = client.request(
                "POST", path, {"blocking": True}, Pieces([body_of(request_id, caller)]), authorized=False
            )
        except Retryable as error:
            problem = _after_path(error, path)
            return problem, is_no_answer(problem) and time.monotonic() - began >= patience
        except WhiskError as error:
            return _after_path(error, path), True
        if answer.status != 200:
            return f"HTTP {answer.status} without a result", True
        return problem_of(answer.body, request_id), True

    problem, _final = poll(attempt, lambda seen: seen[1], deadline - time.monotonic(), RETRY_INTERVAL)
    return problem


def _after_path(error: WhiskError, path: str) -> str:
    """An error's text without the request that it begins with, so that those of several actions are alike."""
    return str(error).removeprefix(f"POST {path}: ")


def probe_actions(config: ClientConfig, wanted: Wanted, caller: Caller) -> dict[str, str]:
    """What is wrong with each deployment's action, by its name; all are invoked, some at a time.

    Raises:
        WrongConfig: the endpoint is no URL, or the certificates cannot be used.
    """
    parts = urlsplit(config.endpoint)
    try:
        host, tls = parse_host(f"{parts.scheme}://{parts.netloc}")
        context = trust(wanted.ca_file if tls else None, validate_certs=True)
    except ValueError as error:
        raise WrongConfig(f"serverless.endpoint is {config.endpoint!r}: {error}") from error
    client = Client(Access(host, tls, "", context, wanted.invocation_timeout))
    deadline = time.monotonic() + wanted.invocation_timeout

    def one(number: int) -> str:
        return invoke(client, f"{parts.path}{number}", caller, wanted.timeout, deadline)

    with ThreadPoolExecutor(max_workers=wanted.parallel) as pool:
        problems = list(pool.map(one, range(wanted.deployments)))
    return {f"{ACTION_PREFIX}{number}": problem for number, problem in enumerate(problems)}


@contextmanager
def listening(config: ClientConfig) -> Iterator[Listener | None]:
    """The client's port, unless the configuration says that it has none."""
    listener = Listener(config.tcp_port) if config.tcp_enabled else None
    try:
        yield listener
    finally:
        if listener is not None:
            listener.close()


def probe_namenodes(config: ClientConfig, wanted: Wanted) -> Seen:
    """OpenWhisk's web path to every NameNode, and every NameNode's way back to the driver."""
    try:
        with listening(config) as listener:
            port = listener.port if listener else 0
            problems = probe_actions(config, wanted, Caller(wanted.address, port))
            way_back = f"{wanted.address}:{port}"
            # A NameNode that cannot connect back may say so in its answer
            lost = {name for name, problem in problems.items() if listener and way_back in problem}
            answered = sum(not problem or name in lost for name, problem in problems.items())
            connected = listener.wait(answered - len(lost), wanted.timeout) if listener else answered
    except NoFreePort:
        return Seen([ports_fault(wanted.address, config.tcp_port, config.tcp_port + PORTS_TRIED - 1)], 0, 0)
    except WrongConfig as error:
        return Seen([Fault("driver → OpenWhisk", str(error), "the URL of an action less its number", CONFIGURE)], 0, 0)
    faults = action_faults({name: problem for name, problem in problems.items() if name not in lost})
    faults += callback_fault(wanted.address, port, connected, answered, wanted.timeout)
    return Seen(faults, port, connected if listener else 0)


def read_or_fault(read: Callable[[Path], T], conf_dir: Path) -> tuple[T | None, list[Fault]]:
    """What a configuration directory says, or the fault that it does not."""
    try:
        return read(conf_dir), []
    except WrongConfig as error:
        return None, [Fault("driver → its configuration", str(error), "a complete configuration", CONFIGURE)]


def probe(wanted: Wanted) -> Seen:
    """Try every link of λFS; a broken one does not keep the others from being tried."""
    client, faults = read_or_fault(read_client_config, wanted.conf_dir)
    if client is not None:
        faults += config_fault(client, wanted.deployments)
        faults += probe_zookeeper(client, wanted.deployments, wanted.timeout)
    faults += probe_database(wanted.conf_dir, wanted.sql_ca, wanted.timeout)
    seen = probe_namenodes(client, wanted) if client is not None else Seen([], 0, 0)
    return Seen(faults + seen.faults, seen.tcp_port, seen.connections)


def probe_database(conf_dir: Path, sql_ca: str, timeout: float) -> list[Fault]:
    """NDB's management servers and the SQL node, as the storage driver's file names them."""
    database, faults = read_or_fault(read_database_config, conf_dir)
    if database is not None:
        faults += probe_management(database, timeout)
        faults += probe_sql(database, sql_ca, timeout)
    return faults


def probe_hopsfs(conf_dir: Path, namenodes: Sequence[str], sql_ca: str, timeout: float) -> list[Fault]:
    """Try every link of HopsFS.

    Args:
        conf_dir: the driver's configuration directory.
        namenodes: `host:port` of each NameNode.
        sql_ca: file with the authority of the SQL node's certificate; empty for none.
        timeout: seconds to wait for each server.
    """
    faults = probe_database(conf_dir, sql_ca, timeout)
    return faults + [fault for one in namenodes for fault in namenode_fault(one, probe_port(one, timeout))]
