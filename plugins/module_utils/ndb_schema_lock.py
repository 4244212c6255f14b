# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The lock of a schema: a row in NDB, so that it holds through every SQL node of the cluster.

GET_LOCK would be one server's own. The holder raises a counter every few seconds; whoever waits takes the lock over
when the counter has stood still for the given time by the waiter's own clock, so clocks need not agree.
"""

from __future__ import annotations

import os
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_catalogue import LOCK_TABLE
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_sql_connection import SqlError, SqlServer, patiently

# A table that every NDB cluster with an SQL node has, and the key of a row that is never committed
GATE = (
    "INSERT INTO mysql.ndb_apply_status (server_id, epoch, log_name, start_pos, end_pos)"
    " VALUES (4294967295, 0, 'lambdafs', 0, 0)"
)
BEATS = 5
POLL = 0.2


class LockLost(Exception):
    """The lock cannot be had, or another run took it."""


@dataclass(frozen=True)
class Holder:
    """Who holds the lock; the counter tells whether it is alive."""

    owner: str
    beat: int


class Watch:
    """Tells for how long a holder has shown no sign of life."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seen: Holder | None = None
        self._since = clock()

    def silent_for(self, holder: Holder) -> float:
        """Seconds since this holder was first seen with this counter."""
        if holder != self._seen:
            self._seen = holder
            self._since = self._clock()
        return self._clock() - self._since


def own_name() -> str:
    """A name for this run that no other run has, and that tells people where to look."""
    return f"{socket.gethostname()} process {os.getpid()} run {uuid.uuid4().hex[:12]}"


@contextmanager
def gate(server: SqlServer, timeout: float) -> Iterator[None]:
    """Let one run through at a time, before there is a lock: the database that holds it is made behind the gate.

    Two SQL nodes that make the same table at once can wait for each other until NDB gives up. Here a row is inserted
    and never committed, which keeps others from inserting it; it goes with the connection, too.

    Args:
        server: a connection that nobody else uses meanwhile.
        timeout: seconds to wait for others.

    Raises:
        SqlError: the SQL node refused, or others took longer.
    """

    def enter() -> None:
        server.execute("START TRANSACTION")
        server.execute(GATE)

    patiently(enter, timeout)
    try:
        yield
    finally:
        server.close()


class SchemaLock:
    """The lock of one database, for one run."""

    def __init__(self, server: SqlServer, beats: SqlServer, database: str, expiry: float) -> None:
        """Args:
        server: the connection of the run.
        beats: another connection, for the signs of life.
        database: whose schema is locked; a checked name.
        expiry: seconds of silence after which another run may take the lock over.
        """
        self._server = server
        self._beats = beats
        self._table = f"`{database}`.`{LOCK_TABLE}`"
        self._expiry = expiry
        self._owner = own_name()
        self._released = threading.Event()
        self._lost = threading.Event()
        self._confirmed = 0.0

    @contextmanager
    def held(self, timeout: float) -> Iterator[None]:
        """Hold the lock.

        Args:
            timeout: seconds to wait for it.

        Raises:
            LockLost: another run held it all that time.
            SqlError: the SQL node refused.
        """
        self._acquire(timeout)
        thread = threading.Thread(target=self._beat, daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._released.set()
            thread.join()
            self._beats.close()
            self._release()

    def _release(self) -> None:
        """Give the lock back; where that fails, it expires."""
        with suppress(SqlError):
            change = f"UPDATE {self._table} SET owner = '', beat = beat + 1 WHERE id = 1 AND owner = %s"  # noqa: S608
            self._execute(change, self._owner)

    def check(self) -> None:
        """Make sure that the lock is still this run's, by a sign of life unless the last one is quite new.

        Raises:
            LockLost: another run took it.
            SqlError: the SQL node refused.
        """
        fresh = time.monotonic() - self._confirmed < self._expiry / BEATS / 2
        if self._lost.is_set() or not (fresh or self._raise_counter(self._server)):
            raise LockLost("another run took the lock of the schema, because this one stood still: run again")

    def _raise_counter(self, server: SqlServer) -> bool:
        started = time.monotonic()
        held = server.execute(
            f"UPDATE {self._table} SET beat = beat + 1 WHERE id = 1 AND owner = %s",  # noqa: S608
            [self._owner],
        )
        if held:
            self._confirmed = started
        return bool(held)

    def _beat(self) -> None:
        while not self._released.wait(self._expiry / BEATS):
            try:
                if not self._raise_counter(self._beats):
                    self._lost.set()
                    return
            except SqlError as error:
                if not error.temporary:
                    self._lost.set()
                    return

    def _acquire(self, timeout: float) -> None:
        watch = Watch()
        deadline = time.monotonic() + timeout
        while True:
            holder = self._holder()
            if holder.owner == self._owner or (not holder.owner and self._take(holder)):
                return
            if holder.owner and watch.silent_for(holder) >= self._expiry and self._take(holder):
                self._wait_for_statement()
                return
            if time.monotonic() >= deadline:
                raise LockLost(
                    f"the schema is being changed by {holder.owner}, expected nobody within {timeout:g} s:"
                    " wait for that run, then run again"
                )
            self._released.wait(POLL)

    def _holder(self) -> Holder:
        query = f"SELECT owner, beat FROM {self._table} WHERE id = 1"  # noqa: S608
        rows = patiently(lambda: self._server.query(query), self._expiry)
        return Holder(str(rows[0][0]), int(rows[0][1])) if rows else Holder("", 0)

    def _take(self, holder: Holder) -> bool:
        """Take the lock from the given holder, unless it has changed since."""
        change = f"UPDATE {self._table} SET owner = %s, beat = beat + 1 WHERE id = 1 AND owner = %s AND beat = %s"  # noqa: S608
        return bool(self._execute(change, self._owner, holder.owner, holder.beat))

    def _execute(self, sql: str, *values: str | int) -> int:
        return patiently(lambda: self._server.execute(sql, values), self._expiry)

    def _wait_for_statement(self) -> None:
        """Wait until a statement that a dead run left behind has ended: NDB changes one table at a time."""
        self._execute(f"ALTER TABLE {self._table} FORCE, ALGORITHM=COPY")
