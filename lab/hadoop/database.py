"""Transactions on NDB through an SQL node, over TLS."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TypeVar

import pymysql
from pymysql.cursors import Cursor

from lab.hadoop.configuration import NdbLogin
from lab.hadoop.errors import STORAGE, HadoopError

CONNECT_SECONDS = 5
ANSWER_SECONDS = 30
# Lock wait timeout, deadlock, and NDB's own temporary errors
_TEMPORARY = {1205, 1213, 1297}
_ATTEMPTS = 5
_FIRST_PAUSE = 0.05

T = TypeVar("T")


class Database:
    """Connections to one SQL node, opened when they are needed and used again; for many threads."""

    def __init__(self, login: NdbLogin) -> None:
        self.login = login
        self._idle: list[pymysql.Connection[Cursor]] = []
        self._lock = threading.Lock()

    def run(self, work: Callable[[Cursor], T]) -> T:
        """Run work in one transaction; after a temporary error it is run anew.

        Raises:
            HadoopError: the work's own, or the SQL node refused or cannot be reached.
        """
        pause = _FIRST_PAUSE
        for left in reversed(range(_ATTEMPTS)):
            try:
                return self._attempt(work)
            except pymysql.err.MySQLError as error:
                if not left or not error.args or error.args[0] not in _TEMPORARY:
                    raise self._failure(error) from error
            except OSError as error:
                raise self._failure(error) from error
            threading.Event().wait(pause)
            pause *= 2
        raise AssertionError("the last attempt returns or raises")

    def tables(self, names: Sequence[str]) -> list[str]:
        """Those of the tables that the database does not have."""

        def work(cursor: Cursor) -> set[str]:
            cursor.execute(
                "SELECT table_name FROM information_schema.tables WHERE table_schema = %s", [self.login.database]
            )
            return {str(row[0]) for row in cursor.fetchall()}

        found = self.run(work)
        return [name for name in names if name not in found]

    def close(self) -> None:
        """Close the connections that are not in use."""
        with self._lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            _close(connection)

    def _attempt(self, work: Callable[[Cursor], T]) -> T:
        connection = self._take()
        try:
            with connection.cursor() as cursor:
                result = work(cursor)
            connection.commit()
        except HadoopError:
            connection.rollback()
            self._give(connection)
            raise
        except BaseException:
            _close(connection)
            raise
        self._give(connection)
        return result

    def _take(self) -> pymysql.Connection[Cursor]:
        while True:
            with self._lock:
                connection = self._idle.pop() if self._idle else None
            if connection is None:
                return self._open()
            try:
                connection.ping(reconnect=False)
            except (pymysql.err.MySQLError, OSError):
                _close(connection)
            else:
                return connection

    def _give(self, connection: pymysql.Connection[Cursor]) -> None:
        with self._lock:
            self._idle.append(connection)

    def _open(self) -> pymysql.Connection[Cursor]:
        login = self.login
        # The server's certificate is of an authority that the image does not know
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return pymysql.connect(
            host=login.host,
            port=login.port,
            user=login.user,
            password=login.password,
            database=login.database,
            charset="utf8mb4",
            connect_timeout=CONNECT_SECONDS,
            read_timeout=ANSWER_SECONDS,
            write_timeout=ANSWER_SECONDS,
            ssl=context,
        )

    def _failure(self, error: Exception) -> HadoopError:
        numbered = len(error.args) > 1
        detail = f"error {error.args[0]}: {error.args[1]}" if numbered else str(error)
        return HadoopError(STORAGE, f"{self.login}: {detail}")


def _close(connection: pymysql.Connection[Cursor]) -> None:
    with suppress(pymysql.err.MySQLError, OSError):
        connection.close()
