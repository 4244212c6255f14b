# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One connection to an SQL node by PyMySQL: over its local socket, or over TLS."""

from __future__ import annotations

import re
import ssl
import threading
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from ansible.module_utils.basic import missing_required_lib
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_errors import advice, is_lost, is_temporary

try:
    import pymysql

    PYMYSQL_ERROR = None
except ImportError:
    PYMYSQL_ERROR = traceback.format_exc()

if TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule

LOGIN_SPEC: dict[str, dict[str, Any]] = {
    "login_socket": {"type": "path"},
    "login_host": {"type": "str"},
    "login_port": {"type": "int", "default": 3306},
    "login_user": {"type": "str", "default": "root"},
    "login_password": {"type": "str", "default": "", "no_log": True},
    "login_ca": {"type": "path"},
    "login_timeout": {"type": "int", "default": 10},
}
LOGIN_CHOICE = [("login_socket", "login_host")]
DATABASE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_$]{0,63}")

# PyMySQL releases differ in the collation that they choose, which servers then refuse to mix with their own
COLLATION = "SET NAMES utf8mb4 COLLATE utf8mb4_0900_ai_ci"

FIRST_PAUSE = 0.25
LONGEST_PAUSE = 5.0

Rows = Sequence[Sequence[Any]]
T = TypeVar("T")


@dataclass(frozen=True)
class Login:
    """How an SQL node is reached; with a socket, host and TLS do not matter."""

    socket: str = ""
    host: str = ""
    port: int = 3306
    user: str = "root"
    password: str = ""
    ca: str = ""
    timeout: int = 10

    def __str__(self) -> str:
        return self.socket or f"{self.host}:{self.port}"


class SqlError(Exception):
    """An SQL node refused a statement, or could not be reached.

    Attributes:
        number: the server's error number; 2002 to 2013 without a connection.
        messages: its message and the server's warnings.
    """

    def __init__(self, number: int, messages: Sequence[str], where: str) -> None:
        self.number = number
        self.messages = tuple(messages)
        text = "; ".join(" ".join(message.split()) for message in messages)
        super().__init__(f"{where}: error {number}: {text}{advice(messages)}")

    @property
    def lost(self) -> bool:
        """Whether the connection is gone."""
        return is_lost(self.number)

    @property
    def temporary(self) -> bool:
        """Whether the same may succeed later."""
        return is_temporary(self.number, self.messages)


def login_of(parameters: Mapping[str, Any]) -> Login:
    """The login that a module's parameters describe."""
    return Login(
        parameters["login_socket"] or "",
        parameters["login_host"] or "",
        parameters["login_port"],
        parameters["login_user"],
        parameters["login_password"],
        parameters["login_ca"] or "",
        parameters["login_timeout"],
    )


def require_pymysql(module: AnsibleModule) -> None:
    """End the module where Python's PyMySQL is missing."""
    if PYMYSQL_ERROR:
        module.fail_json(msg=missing_required_lib("PyMySQL"), exception=PYMYSQL_ERROR)


def require_database_name(module: AnsibleModule, name: str) -> None:
    """End the module where a database's name is not a plain identifier."""
    if not DATABASE_NAME.fullmatch(name):
        module.fail_json(msg=f"database is {name!r}, expected letters, digits and _ of at most 64: give another name")


def tls_context(ca: str) -> ssl.SSLContext:
    """TLS for a connection; with a CA the server must prove that its certificate is of it, whatever its name."""
    context = ssl.create_default_context(cafile=ca or None)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_REQUIRED if ca else ssl.CERT_NONE
    return context


class SqlServer:
    """A connection that is opened when it is first needed, and anew after it was lost."""

    def __init__(self, login: Login) -> None:
        self._login = login
        self._connection: Any = None
        self._database = ""

    def query(self, sql: str, values: Sequence[Any] | None = None) -> Rows:
        """The rows that a statement returns.

        Raises:
            SqlError: it was refused, or there is no connection.
        """
        _count, rows = self._send(sql, values)
        return rows

    def execute(self, sql: str, values: Sequence[Any] | None = None) -> int:
        """How many rows a statement changed.

        Raises:
            SqlError: it was refused, or there is no connection.
        """
        count, _rows = self._send(sql, values)
        return count

    def use(self, database: str) -> None:
        """Make this the database of unqualified names.

        Raises:
            SqlError: there is none of that name, or no connection.
        """
        try:
            connection = self._open()
            if database != self._database:
                connection.select_db(database)
                self._database = database
        except (pymysql.err.MySQLError, OSError) as error:
            raise self._failure(error) from error

    def close(self) -> None:
        """Close the connection, if there is one."""
        connection, self._connection, self._database = self._connection, None, ""
        if connection is not None:
            with suppress(pymysql.err.MySQLError, OSError):
                connection.close()

    def _send(self, sql: str, values: Sequence[Any] | None) -> tuple[int, Rows]:
        try:
            with self._open().cursor() as cursor:
                count = cursor.execute(sql, values)
                rows = cursor.fetchall()
                while cursor.nextset():
                    pass
        except (pymysql.err.MySQLError, OSError) as error:
            raise self._failure(error) from error
        return int(count), rows

    def _open(self) -> Any:
        if self._connection is None:
            login = self._login
            way: dict[str, Any] = {"unix_socket": login.socket}
            if not login.socket:
                way = {"host": login.host, "port": login.port, "ssl": tls_context(login.ca)}
            self._connection = pymysql.connect(
                user=login.user,
                password=login.password,
                charset="utf8mb4",
                autocommit=True,
                init_command=COLLATION,
                connect_timeout=login.timeout,
                **way,
            )
        return self._connection

    def _failure(self, error: Exception) -> SqlError:
        numbered = bool(error.args) and isinstance(error.args[0], int)
        number = error.args[0] if numbered else 0
        messages = [str(error.args[1] if numbered and len(error.args) > 1 else error)]
        if is_lost(number):
            self.close()
        else:
            messages += [text for text in self._warnings() if text not in messages]
        return SqlError(number, messages, str(self._login))

    def _warnings(self) -> list[str]:
        """What the server adds to an error; without a connection nothing."""
        if self._connection is None:
            return []
        try:
            with self._connection.cursor() as cursor:
                cursor.execute("SHOW WARNINGS")
                return [str(message) for _level, _code, message in cursor.fetchall()]
        except (pymysql.err.MySQLError, OSError):
            self.close()
            return []


def patiently(call: Callable[[], T], patience: float) -> T:
    """The call's result; after temporary errors it is called again, for `patience` seconds, ever more rarely.

    Raises:
        SqlError: another error, or the last one.
    """
    deadline = time.monotonic() + patience
    pause = FIRST_PAUSE
    while True:
        try:
            return call()
        except SqlError as error:
            if not error.temporary or time.monotonic() + pause > deadline:
                raise
        threading.Event().wait(pause)
        pause = min(pause * 2, LONGEST_PAUSE)
