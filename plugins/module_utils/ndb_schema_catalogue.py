# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a database holds, read from the server by one query."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_flyway import (
    HISTORY_TABLE,
    HistoryRow,
    Version,
)
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_shape import (
    Column,
    ForeignKey,
    Index,
    Shapes,
    Table,
    normal_type,
)

LOCK_TABLE = "lambdafs_schema_lock"
OWN_TABLES = frozenset({HISTORY_TABLE, LOCK_TABLE})

# One row for each object: its kind, the table, the object's name, and six values
_CATALOGUE = """
SELECT 'database' AS kind, SCHEMA_NAME AS name, '' AS item, NULL AS a, NULL AS b, NULL AS c, NULL AS d, NULL AS e,
    NULL AS f
  FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = {database}
UNION ALL
SELECT 'table', TABLE_NAME, '', ENGINE, TABLE_COLLATION, TABLE_COMMENT, NULL, NULL, NULL
  FROM information_schema.TABLES WHERE TABLE_SCHEMA = {database} AND TABLE_TYPE = 'BASE TABLE'
UNION ALL
SELECT 'column', TABLE_NAME, COLUMN_NAME, ORDINAL_POSITION, COLUMN_TYPE, IS_NULLABLE, COLUMN_DEFAULT, EXTRA,
    COLLATION_NAME
  FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = {database}
UNION ALL
SELECT 'index', TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX, COLUMN_NAME, NON_UNIQUE, NULL, NULL, NULL
  FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = {database}
UNION ALL
SELECT 'foreign_key', k.TABLE_NAME, k.CONSTRAINT_NAME, k.ORDINAL_POSITION, k.COLUMN_NAME, k.REFERENCED_TABLE_NAME,
    k.REFERENCED_COLUMN_NAME, r.DELETE_RULE, r.UPDATE_RULE
  FROM information_schema.KEY_COLUMN_USAGE AS k JOIN information_schema.REFERENTIAL_CONSTRAINTS AS r
    ON r.CONSTRAINT_SCHEMA = k.CONSTRAINT_SCHEMA AND r.TABLE_NAME = k.TABLE_NAME
    AND r.CONSTRAINT_NAME = k.CONSTRAINT_NAME
  WHERE k.TABLE_SCHEMA = {database} AND k.REFERENCED_TABLE_NAME IS NOT NULL
UNION ALL
SELECT 'partition', TABLE_NAME, '', PARTITION_METHOD, PARTITION_EXPRESSION, COUNT(*), NULL, NULL, NULL
  FROM information_schema.PARTITIONS WHERE TABLE_SCHEMA = {database}
  GROUP BY TABLE_NAME, PARTITION_METHOD, PARTITION_EXPRESSION
UNION ALL
SELECT 'file', FILE_TYPE, COALESCE(TABLESPACE_NAME, ''), LOGFILE_GROUP_NAME, NULL, NULL, NULL, NULL, NULL
  FROM information_schema.FILES WHERE ENGINE = 'ndbcluster'
UNION ALL
SELECT 'disk', SUBSTRING_INDEX(o.fq_name, '/', -1), '', NULL, NULL, NULL, NULL, NULL, NULL
  FROM ndbinfo.table_info AS t JOIN ndbinfo.dict_obj_info AS o ON o.id = t.table_id AND o.type = 2
  WHERE t.storage_type = 'DISK' AND SUBSTRING_INDEX(o.fq_name, '/', 1) = {database}
"""
_OWN = """
UNION ALL
SELECT 'history', script, description, installed_rank, version, type, checksum, success, NULL
  FROM {schema}.flyway_schema_history
UNION ALL
SELECT 'lock', owner, '', beat, NULL, NULL, NULL, NULL, NULL FROM {schema}.lambdafs_schema_lock WHERE id = 1
"""


@dataclass(frozen=True)
class Catalogue:
    """A database: whether it exists, its tables, the history of its versions, and the cluster's disk objects.

    Attributes:
        has_own_tables: whether history and lock exist.
        fragments: partitions of each table, as the server's dictionary tells them.
        lock_owner: who holds the lock of the schema; empty if nobody.
    """

    exists: bool = False
    tables: Shapes = field(default_factory=dict)
    history: tuple[HistoryRow, ...] = ()
    has_own_tables: bool = False
    logfile_groups: frozenset[str] = frozenset()
    tablespaces: frozenset[str] = frozenset()
    fragments: dict[str, int] = field(default_factory=dict)
    lock_owner: str = ""


def catalogue_query(database: str, own_tables: bool) -> str:
    """The query for a database's name; `own_tables` tells whether history and lock can be asked for.

    The name stands in the text, so the caller must have checked it.
    """
    text = _CATALOGUE + (_OWN if own_tables else "")
    return text.format(database=f"'{database}'", schema=f"`{database}`")


def parse_catalogue(rows: Iterable[Sequence[Any]]) -> Catalogue:
    """The database that the rows of the query describe."""
    kinds: dict[str, list[Sequence[Any]]] = defaultdict(list)
    for row in rows:
        kinds[_text(row[0])].append(row[1:])
    columns = _by_table(kinds["column"])
    indexes = _by_table(kinds["index"])
    keys = _by_table(kinds["foreign_key"])
    partitions = {_text(row[0]): row for row in kinds["partition"]}
    on_disk = {_text(row[0]) for row in kinds["disk"]}
    tables = {
        _text(name): _table(
            (engine, collation, comment),
            columns[_text(name)],
            indexes[_text(name)],
            keys[_text(name)],
            partitions.get(_text(name)),
            _text(name) in on_disk,
        )
        for name, _item, engine, collation, comment, *_rest in kinds["table"]
    }
    return Catalogue(
        exists=bool(kinds["database"]),
        tables={name: table for name, table in tables.items() if name not in OWN_TABLES},
        history=tuple(sorted(map(_history_row, kinds["history"]), key=lambda row: row.rank)),
        has_own_tables=set(tables) >= OWN_TABLES,
        logfile_groups=frozenset(_text(row[2]) for row in kinds["file"] if row[2] is not None),
        tablespaces=frozenset(_text(row[1]) for row in kinds["file"] if row[1]),
        fragments={name: int(row[4]) for name, row in partitions.items()},
        lock_owner=_text(kinds["lock"][0][0]) if kinds["lock"] else "",
    )


def _text(value: Any) -> str:
    """A value as text; the server tells some of them as bytes."""
    return value.decode() if isinstance(value, bytes) else str(value)


def _optional(value: Any) -> str | None:
    return None if value is None else _text(value)


def _by_table(rows: Iterable[Sequence[Any]]) -> defaultdict[str, list[Sequence[Any]]]:
    """Rows by table, in the order of their number."""
    found: defaultdict[str, list[Sequence[Any]]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: int(row[2])):
        found[_text(row[0])].append(row)
    return found


def _column(row: Sequence[Any]) -> Column:
    _table_name, name, _position, kind, nullable, default, extra, collation = row
    return Column(
        _text(name),
        normal_type(_text(kind)),
        _text(nullable) == "YES",
        _optional(default),
        "auto_increment" in _text(extra).lower(),
        _optional(collation),
    )


def _indexes(rows: Iterable[Sequence[Any]]) -> dict[str, Index]:
    found: dict[str, Index] = {}
    for _table_name, name, _position, column, non_unique, *_rest in rows:
        before = found.get(_text(name), Index(()))
        found[_text(name)] = Index((*before.columns, _text(column)), not int(non_unique))
    return found


def _foreign_keys(rows: Iterable[Sequence[Any]]) -> dict[str, ForeignKey]:
    found: dict[str, ForeignKey] = {}
    for _table_name, name, _position, column, table, reference, on_delete, on_update in rows:
        before = found.get(_text(name), ForeignKey((), "", ()))
        found[_text(name)] = ForeignKey(
            (*before.columns, _text(column)),
            _text(table),
            (*before.references, _text(reference)),
            _text(on_delete),
            _text(on_update),
        )
    return found


def _table(
    options: tuple[Any, Any, Any],
    columns: Iterable[Sequence[Any]],
    indexes: Iterable[Sequence[Any]],
    keys: Iterable[Sequence[Any]],
    partition: Sequence[Any] | None,
    disk: bool,
) -> Table:
    engine, collation, comment = options
    _name, _item, _method, expression, *_rest = partition or (None,) * 8
    return Table(
        tuple(map(_column, columns)),
        _indexes(indexes),
        _foreign_keys(keys),
        tuple(part.strip(" `") for part in _text(expression).split(",")) if expression else (),
        _text(engine).lower(),
        _text(collation),
        _text(comment),
        disk,
    )


def _history_row(row: Sequence[Any]) -> HistoryRow:
    script, description, rank, version, kind, number, success, *_rest = row
    return HistoryRow(
        int(rank),
        None if version is None else Version(_text(version)),
        _text(description),
        _text(kind),
        _text(script),
        None if number is None else int(number),
        bool(int(success)),
    )
