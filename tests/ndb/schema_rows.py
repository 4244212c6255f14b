"""A row in every table of a database, and what is left of it after an upgrade."""

from __future__ import annotations

from typing import Any

from tests.ndb.schema_databases import OWN, Connection, query

# Any table can refer to any other: a type has one value everywhere
VALUES: dict[str, Any] = {
    "tinyint": 7,
    "smallint": 7,
    "int": 7,
    "bigint": 7,
    "float": 1.5,
    "bit": 1,
    "binary": b"seven",
    "varbinary": b"seven",
    "blob": b"seven",
    "longblob": b"seven",
    "char": "seven",
    "varchar": "seven",
}
# New names of columns and tables
RENAMED = {
    ("hdfs_metadata_log", "timestamp"): "logical_time",
    ("hdfs_metadata_log", "inode_partition_id"): "pk1",
    ("hdfs_metadata_log", "inode_parent_id"): "pk2",
    ("hdfs_metadata_log", "inode_name"): "pk3",
    ("hdfs_directory_with_quota_feature", "dsquota"): "ssquota",
    ("hdfs_directory_with_quota_feature", "diskspace"): "storage_space",
    ("hdfs_quota_update", "diskspace_delta"): "storage_space_delta",
    ("hdfs_inodes", "num_xattrs"): "num_user_xattrs",
}
RENAMED_TABLES = {"hdfs_inode_attributes": "hdfs_directory_with_quota_feature"}
# Columns that go, or whose meaning changes so that the old value goes
GONE = {
    ("hdfs_inodes", "client_node"),
    ("hdfs_pending_blocks", "num_replicas_in_progress"),
    ("hdfs_hash_buckets", "hash"),
}
Rows = dict[str, dict[str, Any]]


def _tables(connection: Connection, database: str) -> dict[str, list[tuple[str, str]]]:
    columns = query(
        connection,
        "SELECT TABLE_NAME, COLUMN_NAME, DATA_TYPE FROM information_schema.COLUMNS"  # noqa: S608
        f" WHERE TABLE_SCHEMA = '{database}' ORDER BY TABLE_NAME, ORDINAL_POSITION",
    )
    found: dict[str, list[tuple[str, str]]] = {}
    for table, column, kind in columns:
        if table not in OWN:
            found.setdefault(table, []).append((column, kind))
    return found


def fill(connection: Connection, database: str) -> Rows:
    """Put a row into every table; returns the tables' rows as they are told afterwards."""
    tables = _tables(connection, database)
    query(connection, "SET foreign_key_checks = 0")
    for table, columns in tables.items():
        names = ", ".join(f"`{name}`" for name, _kind in columns)
        marks = ", ".join(["%s"] * len(columns))
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO `{database}`.`{table}` ({names}) VALUES ({marks})",  # noqa: S608
                [VALUES[kind] for _name, kind in columns],
            )
    query(connection, "SET foreign_key_checks = 1")
    return read(connection, database)


def read(connection: Connection, database: str) -> Rows:
    """The row of every table that has exactly one, by column."""
    found: Rows = {}
    for table, columns in _tables(connection, database).items():
        rows = query(connection, f"SELECT * FROM `{database}`.`{table}`")  # noqa: S608
        if len(rows) == 1:
            found[table] = dict(zip((name for name, _kind in columns), rows[0], strict=True))
    return found


def kept(before: Rows, after: Rows, lost: set[str]) -> list[str]:
    """What is missing or changed of the old rows, in words; rows of `lost` tables do not count."""
    problems = []
    for table, row in before.items():
        name = RENAMED_TABLES.get(table, table)
        if table in lost:
            continue
        if name not in after:
            problems.append(f"{name}: the row is gone")
            continue
        for column, value in row.items():
            key = RENAMED.get((name, column), column)
            if (name, column) not in GONE and after[name][key] != value:
                problems.append(f"{name}.{key}: {after[name][key]!r}, expected {value!r}")
    return problems
