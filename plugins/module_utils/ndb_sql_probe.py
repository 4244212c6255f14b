# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A row's way through one SQL node: written, read, removed."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass

from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_sql_connection import Login, SqlServer, patiently

# A table of HopsFS that the file systems do not read
TABLE = "hdfs_path_memcached"


class ProbeFailed(Exception):
    """The SQL node lost the row, or the connection is not what it should be."""


@dataclass(frozen=True)
class ProbeResult:
    """What was seen: the connection's cipher (empty over a socket) and how long the row's way took."""

    cipher: str
    milliseconds: float


def probe(login: Login, database: str, patience: float) -> ProbeResult:
    """Write a row, read it and remove it.

    Args:
        login: the SQL node and the account.
        database: name of the database; a checked name.
        patience: seconds for which temporary errors are borne.

    Raises:
        ProbeFailed: the row that was read is another one, or a connection by host is not encrypted.
        SqlError: the SQL node refused, or there is no connection.
    """
    server = SqlServer(login)
    table = f"`{database}`.`{TABLE}`"
    path = f"lambdafs.cluster probe {uuid.uuid4()}"
    try:
        status = patiently(lambda: server.query("SHOW STATUS LIKE 'Ssl_cipher'"), patience)
        cipher = str(status[0][1]) if status else ""
        if not cipher and not login.socket:
            raise ProbeFailed(f"{login}: the connection is not encrypted, expected TLS: set require_secure_transport")
        started = time.monotonic()
        patiently(
            lambda: server.execute(
                f"REPLACE INTO {table} (path, inodeids) VALUES (%s, %s)",  # noqa: S608
                [path, path.encode()],
            ),
            patience,
        )
        rows = patiently(
            lambda: server.query(f"SELECT inodeids FROM {table} WHERE path = %s", [path]),  # noqa: S608
            patience,
        )
        patiently(lambda: server.execute(f"DELETE FROM {table} WHERE path = %s", [path]), patience)  # noqa: S608
        milliseconds = (time.monotonic() - started) * 1000
        if [row[0] for row in rows] != [path.encode()]:
            raise ProbeFailed(
                f"{login}: {len(rows)} rows were read after one was written to {table}, expected that one"
            )
    finally:
        server.close()
    return ProbeResult(cipher, round(milliseconds, 1))
