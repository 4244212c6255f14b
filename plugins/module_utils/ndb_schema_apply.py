# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Carrying a plan out on a server, however often it is interrupted."""

from __future__ import annotations

import threading
import time
from collections.abc import Collection
from dataclasses import dataclass, replace

from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_catalogue import (
    Catalogue,
    catalogue_query,
    parse_catalogue,
)
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_compare import drift_lines, same
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_flyway import HISTORY_TABLE, HistoryRow
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_lock import SchemaLock, gate
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_plan import (
    Action,
    Plan,
    lock_row,
    make_plan,
    preparations,
)
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_scripts import Scripts
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_sql_connection import (
    LONGEST_PAUSE,
    Login,
    SqlError,
    SqlServer,
    patiently,
)

NO_SUCH_DATABASE = 1049
NO_SUCH_TABLE = 1146


class Refused(Exception):
    """The database is not in the state that the change needs; nothing was changed."""


@dataclass(frozen=True)
class Wanted:
    """What a database should be, and how far a run may go.

    Attributes:
        database: its name, which must have been checked.
        deployments: how many deployments have tables of their own.
        prune: whether the tables of further deployments are to go.
        confirm_loss: tables whose rows may be lost.
        accept_drift: whether to go on where tables are not what they should be.
        patience: seconds for which a statement is tried again after temporary errors.
        lock_timeout: seconds to wait for another run.
        lock_expiry: seconds of silence after which another run counts as dead.
    """

    database: str
    deployments: int
    prune: bool = False
    confirm_loss: frozenset[str] = frozenset()
    accept_drift: bool = False
    patience: float = 300
    lock_timeout: float = 600
    lock_expiry: float = 30


@dataclass(frozen=True)
class Outcome:
    """What was found, and what was done or would be done."""

    plan: Plan
    statements: list[str]


def read_catalogue(server: SqlServer, database: str) -> Catalogue:
    """What the database holds: one query, where history and lock exist.

    Raises:
        SqlError: the SQL node refused, or there is no connection.
    """
    try:
        rows = server.query(catalogue_query(database, own_tables=True))
    except SqlError as error:
        if error.number not in (NO_SUCH_DATABASE, NO_SUCH_TABLE):
            raise
        rows = server.query(catalogue_query(database, own_tables=False))
    return parse_catalogue(rows)


def has_effect(action: Action, catalogue: Catalogue) -> bool:
    """Whether the catalogue shows that an action took effect; what it cannot show is taken for not done."""
    if action.record is not None:
        version = action.record.version
        return any(row.version == version and row.success for row in catalogue.history)
    if action.verb == "logfile_group":
        return bool(catalogue.logfile_groups)
    if action.verb == "tablespace":
        return bool(catalogue.tablespaces)
    return bool(action.tables) and all(same(table, catalogue.tables.get(name)) for name, table in action.tables.items())


def tables_with_rows(server: SqlServer, database: str, tables: Collection[str]) -> list[str]:
    """Those of the tables that hold a row.

    Raises:
        SqlError: the SQL node refused, or there is no connection.
    """
    if not tables:
        return []
    parts = [f"SELECT '{name}', EXISTS (SELECT 1 FROM `{database}`.`{name}`)" for name in tables]  # noqa: S608
    return [str(name) for name, filled in server.query(" UNION ALL ".join(parts)) if filled]


def _refuse(server: SqlServer, wanted: Wanted, plan: Plan) -> None:
    """Raises:
    Refused: the plan would lose rows that were not given up, or the database is not what its version makes.
    """
    if plan.drift and not wanted.accept_drift:
        raise Refused(
            f"tables are not what version {plan.version} makes: {'; '.join(drift_lines(dict(plan.drift)))}."
            " Mend them, or accept them by on_drift=warn; nothing was changed"
        )
    doubtful = [name for name in plan.losing if name not in wanted.confirm_loss]
    filled = tables_with_rows(server, wanted.database, doubtful)
    if filled:
        raise Refused(
            f"{', '.join(filled)} would lose rows, expected empty tables:"
            " save what matters and name them in confirm_loss; nothing was changed"
        )


class _Run:
    """The changing part of a run, under the lock."""

    def __init__(self, server: SqlServer, lock: SchemaLock, wanted: Wanted) -> None:
        self._server = server
        self._lock = lock
        self._wanted = wanted
        self._started = time.monotonic()

    def carry_out(self, plan: Plan) -> None:
        for action in plan.actions:
            self._do(action)

    def _do(self, action: Action) -> None:
        """Send one statement. After any error the catalogue tells whether it took effect nevertheless."""
        deadline = time.monotonic() + self._wanted.patience
        while True:
            try:
                self._send(action)
            except SqlError as error:
                left = deadline - time.monotonic()
                catalogue = patiently(
                    lambda: read_catalogue(self._server, self._wanted.database), max(left, LONGEST_PAUSE)
                )
                if has_effect(action, catalogue):
                    return
                if not error.temporary or left <= 0:
                    raise
                threading.Event().wait(min(1.0, max(left, 0)))
            else:
                return

    def _send(self, action: Action) -> None:
        self._lock.check()
        self._server.use(self._wanted.database)
        if action.record is None:
            self._server.execute(action.sql)
        else:
            self._write(action.record)

    def _write(self, row: HistoryRow) -> None:
        now = time.monotonic()
        self._server.execute(
            f"INSERT INTO {HISTORY_TABLE} (installed_rank, version, description, type, script, checksum, installed_by,"  # noqa: S608
            " execution_time, success) SELECT COALESCE(MAX(installed_rank), 0) + 1, %s, %s, %s, %s, %s,"
            f" SUBSTRING_INDEX(CURRENT_USER(), '@', 1), %s, 1 FROM {HISTORY_TABLE}",
            [str(row.version), row.description, row.kind, row.script, row.checksum, int((now - self._started) * 1000)],
        )
        self._started = now


def look(server: SqlServer, scripts: Scripts, wanted: Wanted) -> Plan:
    """The plan for the database as it is now.

    Raises:
        SqlError: the SQL node refused, or there is no connection.
        UnknownDatabase: see `make_plan`.
    """
    catalogue = patiently(lambda: read_catalogue(server, wanted.database), wanted.patience)
    return make_plan(scripts, catalogue, wanted.deployments, wanted.prune)


def _prepare(server: SqlServer, database: str) -> None:
    """Make database, history and lock, unless another run made them meanwhile."""
    if not read_catalogue(server, database).has_own_tables:
        for statement in preparations(database):
            server.execute(statement)


def migrate(login: Login, scripts: Scripts, wanted: Wanted, dry: bool) -> Outcome:
    """Make the database what the scripts say, unless dry; one query where it is so already.

    Raises:
        Refused: the change would lose rows, or tables are not what they should be.
        LockLost: another run works on the schema.
        SqlError: the SQL node refused, or there is no connection.
        UnknownDatabase: see `make_plan`.
    """
    server = SqlServer(login)
    try:
        plan = look(server, scripts, wanted)
        _refuse(server, wanted, plan)
        if dry or not plan.actions:
            return Outcome(plan, plan.statements(wanted.database))
        beats = SqlServer(login)
        if not plan.prepared:
            with gate(beats, wanted.lock_timeout):
                patiently(lambda: _prepare(server, wanted.database), wanted.patience)
        patiently(lambda: server.execute(lock_row(wanted.database)), wanted.patience)
        lock = SchemaLock(server, beats, wanted.database, wanted.lock_expiry)
        with lock.held(wanted.lock_timeout):
            current = look(server, scripts, wanted)
            _refuse(server, wanted, current)
            _Run(server, lock, wanted).carry_out(current)
        return Outcome(plan, replace(current, prepared=plan.prepared).statements(wanted.database))
    finally:
        server.close()
