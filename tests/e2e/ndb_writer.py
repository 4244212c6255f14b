"""Write rows through an NDB SQL node without a break, over TLS, and count acknowledged rows that are missing.

`write` inserts /writer/RUN/0000000000, /writer/RUN/0000000001, … into hdfs_path_memcached, which the file systems do
not read, and appends the path of each acknowledged row to a file, flushed before the next one begins. A row whose
answer was lost is unknown, not acknowledged: its number is never used again. `check` reads the file and tells how
many of its rows the database does not have; `clean` removes them all.
"""

from __future__ import annotations

import argparse
import secrets
import signal
import ssl
import sys
from contextlib import suppress
from pathlib import Path
from threading import Event
from time import monotonic
from typing import TYPE_CHECKING, Any

import pymysql

if TYPE_CHECKING:
    from types import FrameType

TABLE = "hdfs_path_memcached"
ROOT = "/writer/"
CONNECT_TIMEOUT = 5
ANSWER_TIMEOUT = 20
PAUSE_AFTER_FAILURE = 0.2
PATIENCE = 60.0
"""Seconds in which `check` and `clean` try again: the database may be coming back."""


def connect(arguments: argparse.Namespace) -> Any:
    """A connection that commits each statement; raises pymysql.MySQLError or OSError when there is none."""
    context = ssl.create_default_context(cafile=arguments.ca)
    # The server's certificate is its own work and names no host
    context.check_hostname = False
    if arguments.ca is None:
        context.verify_mode = ssl.CERT_NONE
    return pymysql.connect(
        host=arguments.host,
        port=arguments.port,
        user=arguments.user,
        password=arguments.password_file.read_text(encoding="utf-8").strip(),
        database=arguments.database,
        ssl=context,
        autocommit=True,
        connect_timeout=CONNECT_TIMEOUT,
        read_timeout=ANSWER_TIMEOUT,
        write_timeout=ANSWER_TIMEOUT,
    )


def query(arguments: argparse.Namespace, statement: str, *values: object) -> list[tuple[Any, ...]]:
    """The rows of one statement on a connection of its own, tried again for a while."""
    deadline = monotonic() + PATIENCE
    while True:
        try:
            with connect(arguments) as connection, connection.cursor() as cursor:
                cursor.execute(statement, values)
                return list(cursor.fetchall())
        except (pymysql.MySQLError, OSError):
            if monotonic() > deadline:
                raise
            Event().wait(PAUSE_AFTER_FAILURE)


def write(arguments: argparse.Namespace, stop: Event) -> tuple[int, int]:
    """Write until told to stop; returns how many rows were acknowledged, and how many are unknown."""
    prefix = f"{ROOT}{secrets.token_hex(4)}/"
    known = unknown = 0
    connection = None
    with arguments.acknowledged.open("a", encoding="ascii") as log:
        while not stop.wait(arguments.interval):
            path = f"{prefix}{known + unknown:010d}"
            try:
                connection = connection or connect(arguments)
                with connection.cursor() as cursor:
                    cursor.execute(f"INSERT INTO {TABLE} (path, inodeids) VALUES (%s, %s)", (path, path))  # noqa: S608
            except (pymysql.MySQLError, OSError) as error:
                if isinstance(error, pymysql.err.ProgrammingError):
                    raise
                unknown += 1
                if connection is not None:
                    with suppress(pymysql.MySQLError, OSError):
                        connection.close()
                connection = None
                stop.wait(PAUSE_AFTER_FAILURE)
                continue
            known += 1
            log.write(f"{path}\n")
            log.flush()
    return known, unknown


def missing(arguments: argparse.Namespace) -> list[str]:
    """The acknowledged rows that the database does not have, or has with another content."""
    rows = query(arguments, f"SELECT path, inodeids FROM {TABLE} WHERE path LIKE %s", f"{ROOT}%")  # noqa: S608
    present = {path for path, content in rows if content == path.encode()}
    return [path for path in acknowledged(arguments) if path not in present]


def acknowledged(arguments: argparse.Namespace) -> list[str]:
    """The rows of the file."""
    return list(arguments.acknowledged.read_text(encoding="ascii").split())


def run(arguments: argparse.Namespace) -> int:
    """Carry the command out; returns the exit status."""
    if arguments.command == "check":
        lost = missing(arguments)
        print(f"{len(lost)} of {len(acknowledged(arguments))} acknowledged rows missing")
        return 1 if lost else 0
    if arguments.command == "clean":
        query(arguments, f"DELETE FROM {TABLE} WHERE path LIKE %s", f"{ROOT}%")  # noqa: S608
        return 0
    stop = Event()

    def finish(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, finish)
    signal.signal(signal.SIGINT, finish)
    known, unknown = write(arguments, stop)
    print(f"{known} rows acknowledged, {unknown} unknown")
    return 0


def main() -> int:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("command", choices=["write", "check", "clean"])
    parser.add_argument("--host", required=True, help="address of the SQL node")
    parser.add_argument("--port", type=int, default=3306, help="its port (3306)")
    parser.add_argument("--user", default="hops", help="account (hops)")
    parser.add_argument("--password-file", required=True, type=Path, help="file with the account's password")
    parser.add_argument("--database", default="vanilla_hopsfs", help="database (vanilla_hopsfs)")
    parser.add_argument("--ca", help="file with the certificate of the server's authority; without it any is taken")
    parser.add_argument("--acknowledged", required=True, type=Path, help="file with the acknowledged rows")
    parser.add_argument("--interval", type=float, default=0.01, help="seconds between two rows (0.01)")
    return run(parser.parse_args())


if __name__ == "__main__":
    sys.exit(main())
