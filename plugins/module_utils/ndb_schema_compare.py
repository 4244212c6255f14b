# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Comparing shapes of tables by meaning, and saying where they differ."""

from __future__ import annotations

from collections.abc import Iterator

from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_shape import (
    PRIMARY,
    Column,
    ForeignKey,
    Index,
    Shapes,
    Table,
    normal_comment,
)


def _column_text(column: Column) -> str:
    parts = [column.type, "null" if column.nullable else "not null"]
    if column.default is not None:
        parts.append(f"default {column.default!r}")
    if column.auto_increment:
        parts.append("auto_increment")
    if column.collation:
        parts.append(column.collation)
    return " ".join(parts)


def _index_text(index: Index) -> str:
    return f"{'unique ' if index.unique else ''}({', '.join(index.columns)})"


def _key_text(key: ForeignKey) -> str:
    return (
        f"({', '.join(key.columns)}) to {key.table} ({', '.join(key.references)})"
        f" on delete {key.on_delete.lower()} on update {key.on_update.lower()}"
    )


def _column_differences(wanted: Table, found: Table) -> Iterator[str]:
    names = {column.name for column in wanted.columns}
    for column in wanted.columns:
        other = found.column(column.name)
        if other is None:
            yield f"column {column.name} is missing, expected {_column_text(column)}"
        elif (other.name, _column_text(other)) != (column.name, _column_text(column)):
            yield f"column {other.name} is {_column_text(other)}, expected {column.name} {_column_text(column)}"
    extra = [column.name for column in found.columns if column.name not in names and wanted.column(column.name) is None]
    for name in extra:
        yield f"column {name} is not part of the schema"
    shared = [column.name for column in found.columns if column.name in names]
    order = [name for name in (column.name for column in wanted.columns) if name in shared]
    if shared != order:
        yield f"columns are in the order {', '.join(shared)}, expected {', '.join(order)}"


def _index_differences(wanted: Table, found: Table) -> Iterator[str]:
    for name in sorted({*wanted.indexes, *found.indexes}):
        want, have = wanted.indexes.get(name), found.indexes.get(name)
        title = "primary key" if name == PRIMARY else f"index {name}"
        if want and not have:
            yield f"{title} is missing, expected {_index_text(want)}"
        elif have and not want:
            yield f"{title} {_index_text(have)} is not part of the schema"
        elif want and have and want != have:
            yield f"{title} is {_index_text(have)}, expected {_index_text(want)}"


def _key_differences(wanted: Table, found: Table) -> Iterator[str]:
    """Foreign keys by what they do: servers name them in different ways."""
    want = sorted(map(_key_text, wanted.foreign_keys.values()))
    have = sorted(map(_key_text, found.foreign_keys.values()))
    yield from (f"foreign key {key} is missing" for key in want if key not in have)
    yield from (f"foreign key {key} is not part of the schema" for key in have if key not in want)


def _option_differences(wanted: Table, found: Table) -> Iterator[str]:
    """Everything else. A table without text columns may have any character set: it has no effect."""
    pairs = [
        ("engine", found.engine, wanted.engine),
        ("comment", normal_comment(found.comment), normal_comment(wanted.comment)),
        ("partition key", ", ".join(found.partition), ", ".join(wanted.partition)),
        ("storage", "disk" if found.disk else "memory", "disk" if wanted.disk else "memory"),
    ]
    if any(column.collation for column in wanted.columns):
        pairs.append(("collation", found.collation, wanted.collation))
    for title, have, want in pairs:
        if have != want:
            yield f"{title} is {have or 'none'}, expected {want or 'none'}"


def table_differences(wanted: Table, found: Table) -> list[str]:
    """Where a table is not what it should be, a line for each place."""
    return [
        *_column_differences(wanted, found),
        *_index_differences(wanted, found),
        *_key_differences(wanted, found),
        *_option_differences(wanted, found),
    ]


def same(wanted: Table | None, found: Table | None) -> bool:
    """Whether two tables mean the same; an absent table is like an absent table."""
    if wanted is None or found is None:
        return wanted is found
    return wanted == found or not table_differences(wanted, found)


def shape_differences(wanted: Shapes, found: Shapes) -> dict[str, list[str]]:
    """The differing tables, with a line for each place where they differ."""
    drift: dict[str, list[str]] = {}
    for name in sorted({*wanted, *found}):
        want, have = wanted.get(name), found.get(name)
        if have is None:
            drift[name] = ["the table is missing"]
        elif want is None:
            drift[name] = ["the table is not part of this version"]
        elif lines := [] if want == have else table_differences(want, have):
            drift[name] = lines
    return drift


def drift_lines(drift: dict[str, list[str]]) -> list[str]:
    """The same as lines that name their table."""
    return [f"{name}: {line}" for name, lines in drift.items() for line in lines]
