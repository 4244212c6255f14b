"""The file system's tree in NDB: formatting it, looking at it, changing it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import pymysql
from pymysql.cursors import Cursor

from lab.hadoop import inodes
from lab.hadoop.database import Database
from lab.hadoop.errors import EXISTS, IO, NO_PARENT, NOT_EMPTY, NOT_FOUND, HadoopError
from lab.hadoop.inodes import Inode

SUPER_USER = "root"
SUPER_GROUP = "supergroup"
# Tables without which no NameNode starts
TABLES = ("hdfs_inodes", "hdfs_variables", "hdfs_users", "hdfs_groups", "hdfs_le_descriptors")
# Rows of hdfs_variables
_INODE_ID, _STORAGE_INFO = 1, 4
_COLUMNS = ", ".join(inodes.COLUMNS)
_LOCK = " FOR UPDATE"
_BY_KEY = "partition_id = %s AND parent_id = %s AND name = %s"
_FORMATTED = r"^(hdfs_.*|(invalidations|write_acks)_deployment[0-9]+|serverless_namenodes)$"


def now_ms() -> int:
    """The time in milliseconds since 1970."""
    return time.time_ns() // 1_000_000


class Namespace:
    """The tree of one database; for many threads."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def format(self, cluster_id: str) -> int:
        """Remove everything that was there and write a new root; returns how many inodes were removed."""
        tables = self._database.run(_tables_to_format)
        removed = 0
        # Table by table, as a transaction has a limited number of operations
        for table in tables:
            count = self._database.run(lambda cursor, name=table: cursor.execute(f"DELETE FROM `{name}`"))  # type: ignore[misc] # noqa: S608
            removed += int(count) if table == "hdfs_inodes" else 0
        self._database.run(lambda cursor: _write_root(cursor, cluster_id))
        return removed

    def is_formatted(self) -> bool:
        """Whether there is a root."""
        return self._database.run(lambda cursor: bool(_find(cursor, inodes.ROOT_PARTITION, inodes.ROOT_PARENT_ID, "")))

    def status(self, path: str) -> dict[str, Any] | None:
        """What is known of a path, or None where there is nothing."""
        names = inodes.components(path)

        def work(cursor: Cursor) -> dict[str, Any] | None:
            found = self._walk(cursor, names)
            return inodes.status(found[-1], path) if len(found) == len(names) + 1 else None

        return self._database.run(work)

    def listing(self, path: str) -> list[dict[str, Any]]:
        """The entries of a directory by name, or the file itself.

        Raises:
            HadoopError: there is nothing.
        """
        names = inodes.components(path)

        def work(cursor: Cursor) -> list[dict[str, Any]]:
            found = self._walk(cursor, names)
            if len(found) <= len(names):
                raise HadoopError(NOT_FOUND, f"File {path} does not exist.")
            if not found[-1].is_dir:
                return [inodes.status(found[-1], path)]
            base = "/".join(["", *names])
            return [inodes.status(entry, f"{base}/{entry.name}") for entry in _children(cursor, found[-1].id)]

        return self._database.run(work)

    def mkdirs(self, path: str) -> bool:
        """Make a directory and those above it; true where it exists already.

        Raises:
            HadoopError: a file is in the way.
        """
        names = inodes.components(path)

        def work(cursor: Cursor) -> bool:
            self._directories(cursor, names)
            return True

        return self._database.run(work)

    def create(self, path: str, client: str, overwrite: bool) -> dict[str, Any]:
        """Make an empty file that a client writes, and the directories above it.

        Raises:
            HadoopError: the path exists.
        """
        names = inodes.components(path)
        if not names:
            raise HadoopError(EXISTS, "/ already exists as a directory")

        def work(cursor: Cursor) -> dict[str, Any]:
            parent = self._directories(cursor, names[:-1])
            depth = len(names)
            there = _find(cursor, inodes.partition(parent.id, names[-1], depth), parent.id, names[-1])
            if there is not None and (there.is_dir or not overwrite):
                kind = "directory" if there.is_dir else "file"
                raise HadoopError(EXISTS, f"{path} already exists as a {kind}")
            if there is not None:
                self._remove(cursor, parent, there)
            return inodes.status(self._add(cursor, parent, names[-1], depth, client), path)

        return self._database.run(work)

    def complete(self, path: str, client: str) -> bool:
        """End the writing of a file.

        Raises:
            HadoopError: there is no file that this client writes.
        """
        names = inodes.components(path)

        def work(cursor: Cursor) -> bool:
            found = self._walk(cursor, names)
            inode = found[-1]
            if len(found) <= len(names) or inode.is_dir:
                raise HadoopError(NOT_FOUND, f"File does not exist: {path}")
            if inode.under_construction and inode.client_name != client:
                raise HadoopError(IO, f"{path} is being written by {inode.client_name}, not by {client}")
            cursor.execute(
                "UPDATE hdfs_inodes SET under_construction = 0, client_name = NULL, modification_time = %s"  # noqa: S608
                f" WHERE {_BY_KEY}",
                [now_ms(), *inode.key],
            )
            return True

        return self._database.run(work)

    def delete(self, path: str, recursive: bool) -> bool:
        """Remove a path; false where there is nothing.

        Raises:
            HadoopError: it is a directory that is not empty, and not `recursive`; or the root.
        """
        names = inodes.components(path)
        if not names:
            raise HadoopError(IO, "the root cannot be deleted")

        def work(cursor: Cursor) -> bool:
            found = self._walk(cursor, names)
            if len(found) <= len(names):
                return False
            parent = _locked(cursor, found[-2])
            target = _locked(cursor, found[-1])
            if target.is_dir and not recursive and _children(cursor, target.id):
                raise HadoopError(NOT_EMPTY, f"`{path} is non empty': Directory is not empty")
            for inode in reversed(_below(cursor, target)):
                cursor.execute(f"DELETE FROM hdfs_inodes WHERE {_BY_KEY}", inode.key)  # noqa: S608
            self._remove(cursor, parent, target)
            return True

        return self._database.run(work)

    def _walk(self, cursor: Cursor, names: Sequence[str]) -> list[Inode]:
        """The root and what follows on the way along these names, as far as it exists."""
        root = _find(cursor, inodes.ROOT_PARTITION, inodes.ROOT_PARENT_ID, "")
        if root is None:
            raise HadoopError(IO, f"{self._database.login}: NameNode is not formatted, hdfs_inodes has no root inode")
        found = [root]
        for depth, name in enumerate(names, 1):
            if not found[-1].is_dir:
                above = "/".join(["", *names[: depth - 1]])
                raise HadoopError(NO_PARENT, f"{above} (is not a directory)")
            entry = _find(cursor, inodes.partition(found[-1].id, name, depth), found[-1].id, name)
            if entry is None:
                break
            found.append(entry)
        return found

    def _directories(self, cursor: Cursor, names: Sequence[str]) -> Inode:
        """The directory of these names, made where it is missing; its row stays locked until the transaction's end."""
        found = self._walk(cursor, names)
        last = _locked(cursor, found[-1])
        for depth in range(len(found), len(names) + 1):
            # Another client may have made it since
            there = _find(cursor, inodes.partition(last.id, names[depth - 1], depth), last.id, names[depth - 1], _LOCK)
            last = there or self._add(cursor, last, names[depth - 1], depth, None)
            if not last.is_dir:
                break
        if not last.is_dir:
            raise HadoopError(EXISTS, f"/{'/'.join(names)} already exists as a file")
        return last

    def _add(self, cursor: Cursor, parent: Inode, name: str, depth: int, client: str | None) -> Inode:
        """Write a new entry of a directory whose row is locked."""
        made = inodes.child(parent, name, depth, _take_id(cursor), now_ms(), client)
        _insert(cursor, made)
        _count(cursor, parent, 1)
        return made

    def _remove(self, cursor: Cursor, parent: Inode, target: Inode) -> None:
        cursor.execute(f"DELETE FROM hdfs_inodes WHERE {_BY_KEY}", target.key)  # noqa: S608
        _count(cursor, parent, -1)


def _tables_to_format(cursor: Cursor) -> list[str]:
    cursor.execute(
        "SELECT table_name FROM information_schema.tables"
        " WHERE table_schema = DATABASE() AND REGEXP_LIKE(table_name, %s) ORDER BY table_name",
        [_FORMATTED],
    )
    found = [str(row[0]) for row in cursor.fetchall()]
    missing = [name for name in TABLES if name not in found]
    if missing:
        raise HadoopError("io.hops.exception.StorageException", f"table {missing[0]} does not exist in the database")
    # The root goes first: without it the file system counts as not formatted
    return sorted(found, key=lambda name: name != "hdfs_inodes")


def _write_root(cursor: Cursor, cluster_id: str) -> None:
    cursor.execute("INSERT INTO hdfs_users (name) VALUES (%s)", [SUPER_USER])
    user = cursor.lastrowid
    cursor.execute("INSERT INTO hdfs_groups (name) VALUES (%s)", [SUPER_GROUP])
    group = cursor.lastrowid
    cursor.execute("INSERT INTO hdfs_users_groups (user_id, group_id) VALUES (%s, %s)", [user, group])
    for number, value in ((_INODE_ID, _long(inodes.FIRST_FREE_ID)), (_STORAGE_INFO, cluster_id.encode())):
        cursor.execute("INSERT INTO hdfs_variables (id, value) VALUES (%s, %s)", [number, value])
    _insert(cursor, inodes.root(user, group, now_ms()))


def _find(cursor: Cursor, partition: int, parent: int, name: str, lock: str = "") -> Inode | None:
    cursor.execute(f"SELECT {_COLUMNS} FROM hdfs_inodes WHERE {_BY_KEY}{lock}", [partition, parent, name])  # noqa: S608
    row = cursor.fetchone()
    return inodes.of_row(row) if row else None


def _locked(cursor: Cursor, inode: Inode) -> Inode:
    """The inode as it is now, its row locked until the transaction's end."""
    found = _find(cursor, *inode.key, lock=_LOCK)
    if found is None:
        raise HadoopError(NOT_FOUND, f"{inode.name or '/'} was deleted by another client")
    return found


def _children(cursor: Cursor, parent: int, lock: str = "") -> list[Inode]:
    cursor.execute(f"SELECT {_COLUMNS} FROM hdfs_inodes WHERE parent_id = %s ORDER BY name{lock}", [parent])  # noqa: S608
    return [inodes.of_row(row) for row in cursor.fetchall()]


def _below(cursor: Cursor, target: Inode) -> list[Inode]:
    """Everything below a directory, parents before their children; all of it stays locked."""
    found = _children(cursor, target.id, _LOCK) if target.is_dir else []
    for inode in found:
        if inode.is_dir:
            found += _children(cursor, inode.id, _LOCK)
    return found


def _insert(cursor: Cursor, inode: Inode) -> None:
    places = ", ".join(["%s"] * len(inodes.COLUMNS))
    try:
        cursor.execute(
            f"INSERT INTO hdfs_inodes ({_COLUMNS}, quota_enabled) VALUES ({places}, 0)",  # noqa: S608
            inode.values(),
        )
    except pymysql.err.IntegrityError as error:
        raise HadoopError(EXISTS, f"{inode.name or '/'} already exists") from error


def _count(cursor: Cursor, parent: Inode, change: int) -> None:
    cursor.execute(
        f"UPDATE hdfs_inodes SET children_num = children_num + %s, modification_time = %s WHERE {_BY_KEY}",  # noqa: S608
        [change, now_ms(), *parent.key],
    )


def _take_id(cursor: Cursor) -> int:
    """A number that no inode has; others wait for theirs until the transaction's end."""
    cursor.execute("SELECT value FROM hdfs_variables WHERE id = %s FOR UPDATE", [_INODE_ID])
    row = cursor.fetchone()
    if row is None:
        raise HadoopError(IO, f"hdfs_variables has no row {_INODE_ID}, expected the inode counter: format anew")
    found = int.from_bytes(bytes(row[0]), "big")
    cursor.execute("UPDATE hdfs_variables SET value = %s WHERE id = %s", [_long(found + 1), _INODE_ID])
    return found


def _long(number: int) -> bytes:
    return number.to_bytes(8, "big")
