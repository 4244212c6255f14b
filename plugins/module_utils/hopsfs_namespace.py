# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a file system's namespace in NDB holds, and whether it was formatted.

Formatting empties the tables and then stores the id of the file system in `hdfs_variables`; the root inode is made by
the first NameNode that starts. So either of the two proves that the database was formatted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_catalogue import LOCK_TABLE
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_sql_connection import SqlServer

# INodeDirectory.createRootDir: id 1, without a name, below 0
ROOT_ID, ROOT_PARENT, ROOT_PARTITION = 1, 0, 0
# Variable.Finder.StorageInfo; its value holds the id of the file system, which begins with CID-
STORAGE_INFO = 4
STORAGE_ID = re.compile(rb"CID-[0-9A-Za-z-]+")
# Row of the lock table that says that a format was begun; row 1 is the lock itself
FORMAT_ROW = 2
TABLES = ("hdfs_inodes", "hdfs_variables", LOCK_TABLE)


@dataclass(frozen=True)
class Namespace:
    """The state of one database.

    `missing` names the tables that it lacks; the other fields are empty then. `inodes` counts all inodes, the root
    included; `entries` those in the root directory. `storage_id` is the id of the file system, which each format makes
    anew. `unfinished` says who began a format that was not seen to end.
    """

    database: str
    missing: tuple[str, ...] = ()
    root: bool = False
    inodes: int = 0
    entries: int = 0
    storage_id: str = ""
    unfinished: str = ""

    @property
    def formatted(self) -> bool:
        """Whether a format has ended, or a NameNode has made the root inode."""
        return self.root or bool(self.storage_id)

    @property
    def beyond_root(self) -> int:
        """Inodes other than the root: what a format would lose."""
        return self.inodes - int(self.root)


def missing_tables(found: Iterable[str]) -> tuple[str, ...]:
    """The tables that are needed and are not there, in their order."""
    present = set(found)
    return tuple(name for name in TABLES if name not in present)


def state_query(database: str) -> str:
    """One row: inodes, those in the root, root inodes, what the storage is, who began a format.

    Args:
        database: a checked name.
    """
    inodes, variables, lock = (f"`{database}`.`{name}`" for name in TABLES)
    return (
        f"SELECT (SELECT COUNT(*) FROM {inodes}),"  # noqa: S608 # a checked name
        f" (SELECT COUNT(*) FROM {inodes} WHERE parent_id = {ROOT_ID}),"
        f" (SELECT COUNT(*) FROM {inodes} WHERE partition_id = {ROOT_PARTITION} AND parent_id = {ROOT_PARENT}"
        " AND name = ''),"
        f" (SELECT value FROM {variables} WHERE id = {STORAGE_INFO}),"
        f" (SELECT owner FROM {lock} WHERE id = {FORMAT_ROW})"
    )


def namespace_of(database: str, row: Sequence[Any]) -> Namespace:
    """The state that the row of `state_query` tells."""
    inodes, entries, root, storage, unfinished = row
    found = STORAGE_ID.search(storage or b"")
    return Namespace(
        database, (), bool(root), int(inodes), int(entries), found[0].decode() if found else "", str(unfinished or "")
    )


def read_namespace(server: SqlServer, database: str) -> Namespace:
    """Ask an SQL node; two queries.

    Args:
        server: a connection to it.
        database: a checked name.

    Raises:
        SqlError: it refused, or there is no connection.
    """
    rows = server.query("SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = %s", [database])
    missing = missing_tables(str(row[0]) for row in rows)
    if missing:
        return Namespace(database, missing)
    return namespace_of(database, server.query(state_query(database))[0])


def as_result(namespace: Namespace) -> Mapping[str, Any]:
    """The state as modules return it."""
    return {
        "exists": not namespace.missing,
        "missing": list(namespace.missing),
        "formatted": namespace.formatted,
        "root": namespace.root,
        "inodes": namespace.inodes,
        "entries": namespace.entries,
        "unfinished": namespace.unfinished,
    }
