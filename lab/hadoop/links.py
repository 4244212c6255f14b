"""What a λFS client needs besides its NameNodes, checked one by one before it begins."""

from __future__ import annotations

import socket

from lab.hadoop.configuration import Configuration
from lab.hadoop.database import Database
from lab.hadoop.ensemble import Ensemble
from lab.hadoop.errors import CONNECT, IO, ZOOKEEPER, HadoopError
from lab.hadoop.namespace import Namespace

MANAGEMENT_PORT = 1186
_SECONDS = 5.0


def check(configuration: Configuration) -> None:
    """Check ZooKeeper, NDB's management servers and an SQL node.

    Raises:
        HadoopError: the first one that is not as it has to be.
    """
    check_zookeeper(configuration)
    check_management(configuration.login.connectstring)
    check_sql(configuration)


def check_zookeeper(configuration: Configuration) -> None:
    """Look for the whole tree."""
    ensemble = Ensemble(configuration)
    try:
        missing = ensemble.missing(configuration.deployments)
    finally:
        ensemble.close()
    if missing:
        raise HadoopError(
            f"{ZOOKEEPER}$NoNodeException",
            f"KeeperErrorCode = NoNode for {', '.join(missing)}: expected permanent, guest, ACK and INV"
            f" below each of /namenode0 to /namenode{configuration.deployments - 1}",
        )


def addresses(connectstring: str) -> list[tuple[str, int]]:
    """Host and TCP port of each management server of a connect string."""
    found = []
    for part in connectstring.replace(";", ",").split(","):
        name, colon, port = part.strip().rpartition(":")
        if part.strip() and not part.strip().lower().startswith("nodeid="):
            found.append((name, int(port)) if colon and port.isdigit() else (part.strip(), MANAGEMENT_PORT))
    return found


def check_management(connectstring: str) -> None:
    """Ask the management servers for their version; one answer is enough."""
    failures = []
    for host, port in addresses(connectstring):
        try:
            with socket.create_connection((host, port), _SECONDS) as connection:
                connection.settimeout(_SECONDS)
                connection.sendall(b"get version\n\n")
                with connection.makefile("rb") as stream:
                    answer = stream.readline().strip()
        except OSError as error:
            failures.append(f"{host}:{port}: {error}")
            continue
        if answer == b"version":
            return
        failures.append(f"{host}:{port}: answer {answer!r}")
    raise HadoopError(
        CONNECT, f"no NDB management server answers at {connectstring}: {'; '.join(failures) or 'it names none'}"
    )


def check_sql(configuration: Configuration) -> None:
    """Log in and look for the root."""
    database = Database(configuration.login)
    try:
        if not Namespace(database).is_formatted():
            raise HadoopError(
                IO, f"{configuration.login}: hdfs_inodes has no root inode, expected a formatted file system"
            )
    finally:
        database.close()
