"""What outlives the server: entities and activations in SQLite, the code of actions in files named after its hash.

Every worker process opens the same database. Code is written before the entity that names it, and an entity is changed
only if it still has the revision that was read; so a server that is killed at any moment leaves whole entities.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lab.openwhisk.errors import concurrent_modification, not_found, other_collection
from lab.openwhisk.names import EntityName

ACTION = "actions"
PACKAGE = "packages"
_BUSY_SECONDS = 60.0
_SCHEMA = """
CREATE TABLE IF NOT EXISTS entities (
    namespace TEXT NOT NULL,
    package TEXT NOT NULL,
    name TEXT NOT NULL,
    collection TEXT NOT NULL,
    revision INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    code TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (namespace, package, name)
);
CREATE INDEX IF NOT EXISTS entities_by_age ON entities (namespace, collection, updated DESC);
CREATE TABLE IF NOT EXISTS activations (
    id TEXT PRIMARY KEY,
    namespace TEXT NOT NULL,
    name TEXT NOT NULL,
    start INTEGER NOT NULL,
    running INTEGER NOT NULL,
    document TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS activations_by_age ON activations (namespace, start DESC);
"""


@dataclass(frozen=True)
class Entity:
    """An entity as it is stored: `code` is the hash of its code's text, empty for a package."""

    document: dict[str, Any]
    revision: int
    code: str


def now_ms() -> int:
    """Milliseconds since 1970."""
    return time.time_ns() // 1_000_000


class Store:
    """The state directory."""

    def __init__(self, directory: Path) -> None:
        self._code = directory / "code"
        self._database = directory / "openwhisk.sqlite"
        self._local = threading.local()
        self._code.mkdir(parents=True, exist_ok=True, mode=0o700)

    def prepare(self) -> None:
        """Make the tables, end activations that a killed server left running, and remove code that no action has."""
        with closing(self._connect()) as database:
            database.execute("PRAGMA journal_mode = WAL")
            database.executescript(_SCHEMA)
            database.execute("UPDATE activations SET running = 0")
            used = {row[0] for row in database.execute("SELECT DISTINCT code FROM entities")}
        for path in self._code.iterdir():
            if path.name not in used:
                path.unlink()

    def _connect(self) -> sqlite3.Connection:
        database = sqlite3.connect(self._database, timeout=_BUSY_SECONDS, isolation_level=None)
        database.execute("PRAGMA synchronous = NORMAL")
        return database

    @property
    def _db(self) -> sqlite3.Connection:
        """The calling thread's connection."""
        if not hasattr(self._local, "database"):
            self._local.database = self._connect()
        database: sqlite3.Connection = self._local.database
        return database

    def code_path(self, code: str) -> Path:
        """The file with the text of an action's code."""
        return self._code / code

    def keep_code(self, text: memoryview) -> str:
        """Keep the text of an action's code; returns its hash."""
        code = hashlib.sha256(text).hexdigest()
        if not self.code_path(code).exists():
            descriptor, temporary = tempfile.mkstemp(dir=self._code)
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(text)
            Path(temporary).replace(self.code_path(code))
        return code

    def find(self, name: EntityName, collection: str) -> Entity | None:
        """The entity, or None.

        Raises:
            ApiError: 409, the name is that of an entity of another kind.
        """
        row = self._db.execute(
            "SELECT collection, document, revision, code FROM entities"
            " WHERE namespace = ? AND package = ? AND name = ?",
            (name.namespace, name.package, name.name),
        ).fetchone()
        if row is None:
            return None
        if row[0] != collection:
            raise other_collection()
        return Entity(json.loads(row[1]), row[2], row[3])

    def get(self, name: EntityName, collection: str) -> Entity:
        """The entity.

        Raises:
            ApiError: 404, there is none; 409, see `find`.
        """
        found = self.find(name, collection)
        if found is None:
            raise not_found()
        return found

    def put(
        self, name: EntityName, collection: str, document: dict[str, Any], code: str, read: Entity | None
    ) -> dict[str, Any]:
        """Write an entity in the place of what was read (None: nothing); returns it with its time.

        Raises:
            ApiError: 409, something else is there by now.
        """
        updated = now_ms()
        written = {**document, "updated": updated}
        values = (updated, code, json.dumps(written), name.namespace, name.package, name.name)
        if read is None:
            statement = (
                "INSERT INTO entities (updated, code, document, namespace, package, name, collection, revision)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, 1) ON CONFLICT DO NOTHING"
            )
            done = self._db.execute(statement, (*values, collection))
        else:
            statement = (
                "UPDATE entities SET updated = ?, code = ?, document = ?, revision = revision + 1"
                " WHERE namespace = ? AND package = ? AND name = ? AND revision = ?"
            )
            done = self._db.execute(statement, (*values, read.revision))
        if done.rowcount != 1:
            raise concurrent_modification()
        return written

    def delete(self, name: EntityName, read: Entity) -> None:
        """Remove an entity as it was read.

        Raises:
            ApiError: 409, it was changed since.
        """
        done = self._db.execute(
            "DELETE FROM entities WHERE namespace = ? AND package = ? AND name = ? AND revision = ?",
            (name.namespace, name.package, name.name, read.revision),
        )
        if done.rowcount != 1:
            raise concurrent_modification()

    def page(
        self, namespace: str, collection: str, package: str | None, limit: int, skip: int
    ) -> Sequence[dict[str, Any]]:
        """Entities, the one updated last first; of one package, or of all."""
        where, values = _in(namespace, collection, package)
        rows = self._db.execute(
            f"SELECT document FROM entities WHERE {where} ORDER BY updated DESC, rowid DESC LIMIT ? OFFSET ?",  # noqa: S608
            (*values, limit, skip),
        )
        return [json.loads(row[0]) for row in rows]

    def count(self, namespace: str, collection: str, package: str | None) -> int:
        """How many entities there are; of one package, or of all."""
        where, values = _in(namespace, collection, package)
        row = self._db.execute(f"SELECT COUNT(*) FROM entities WHERE {where}", values).fetchone()  # noqa: S608
        return int(row[0])

    def begin_activation(self, activation: dict[str, Any]) -> None:
        """Keep an activation that runs."""
        self._db.execute(
            "INSERT INTO activations (id, namespace, name, start, running, document) VALUES (?, ?, ?, ?, 1, ?)",
            (
                activation["activationId"],
                activation["namespace"],
                activation["name"],
                activation["start"],
                json.dumps(activation),
            ),
        )

    def end_activation(self, activation: dict[str, Any]) -> None:
        """Keep the result of an activation."""
        self._db.execute(
            "UPDATE activations SET running = 0, document = ? WHERE id = ?",
            (json.dumps(activation), activation["activationId"]),
        )

    def activation(self, namespace: str, identity: str) -> dict[str, Any]:
        """A finished activation.

        Raises:
            ApiError: 404, there is none.
        """
        row = self._db.execute(
            "SELECT document FROM activations WHERE namespace = ? AND id = ? AND running = 0", (namespace, identity)
        ).fetchone()
        if row is None:
            raise not_found()
        document: dict[str, Any] = json.loads(row[0])
        return document

    def activations(
        self, namespace: str, name: str | None, since: int, upto: int, limit: int, skip: int
    ) -> list[dict[str, Any]]:
        """Finished activations, the newest first; times in milliseconds since 1970."""
        rows = self._db.execute(
            "SELECT document FROM activations WHERE namespace = ? AND running = 0 AND start BETWEEN ? AND ?"
            " AND (? IS NULL OR name = ?) ORDER BY start DESC, rowid DESC LIMIT ? OFFSET ?",
            (namespace, since, upto, name, name, limit, skip),
        )
        return [json.loads(row[0]) for row in rows]

    def load(self, namespace: str) -> tuple[int, int]:
        """How many activations began within the last minute, and how many run."""
        row = self._db.execute(
            "SELECT COUNT(*) FILTER (WHERE start > ?), COUNT(*) FILTER (WHERE running) FROM activations"
            " WHERE namespace = ? AND (running OR start > ?)",
            (now_ms() - 60_000, namespace, now_ms() - 60_000),
        ).fetchone()
        return int(row[0]), int(row[1])


def _in(namespace: str, collection: str, package: str | None) -> tuple[str, tuple[str, ...]]:
    """The condition for the entities of a collection, and its values."""
    if package is None:
        return "namespace = ? AND collection = ?", (namespace, collection)
    return "namespace = ? AND collection = ? AND package = ?", (namespace, collection, package)
