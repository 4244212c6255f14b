#!/usr/bin/env python3
"""Inserts row after row through the local SQL node, and notes the number of each that was acknowledged.

A row whose insertion failed is tried again until it is acknowledged, or found in the table. Arguments: the server's
socket and the file of the acknowledged numbers. Failures go to standard error.
"""

import sys
from contextlib import closing
from pathlib import Path
from threading import Event
from typing import TextIO

import pymysql
from pymysql.constants.ER import DUP_ENTRY

# Seconds; a row every few milliseconds leaves the machine to what is tested
_BETWEEN_ROWS = 0.005
_BETWEEN_ATTEMPTS = 0.2


class Writer:
    """Knows the number of the row that is next."""

    def __init__(self, socket: str, acknowledged: TextIO) -> None:
        self._socket = socket
        self._acknowledged = acknowledged
        self._next = 1

    def write(self) -> None:
        """Insert rows until a statement fails, which raises `pymysql.MySQLError`."""
        login = {"unix_socket": self._socket, "user": "root", "database": "vanilla_hopsfs", "autocommit": True}
        with closing(pymysql.connect(**login)) as server, server.cursor() as cursor:
            while True:
                try:
                    cursor.execute("INSERT INTO written VALUES (%s)", (self._next,))
                except pymysql.IntegrityError as error:
                    if error.args[0] != DUP_ENTRY:
                        raise
                self._acknowledged.write(f"{self._next}\n")
                self._acknowledged.flush()
                self._next += 1
                Event().wait(_BETWEEN_ROWS)


def main() -> None:
    """Write until the end."""
    with Path(sys.argv[2]).open("w", encoding="ascii") as acknowledged:
        writer = Writer(sys.argv[1], acknowledged)
        while True:
            try:
                writer.write()
            except pymysql.MySQLError as error:
                print(error, file=sys.stderr, flush=True)
            Event().wait(_BETWEEN_ATTEMPTS)


if __name__ == "__main__":
    main()
