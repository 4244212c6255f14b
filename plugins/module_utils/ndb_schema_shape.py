# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The shape of tables: what two databases must have in common to be the same schema."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

INTEGER_WIDTH = re.compile(r"^(tinyint|smallint|mediumint|int|bigint)\(\d+\)")
PRIMARY = "PRIMARY"


@dataclass(frozen=True)
class Column:
    """A column; `default` is as information_schema tells it, `collation` None where the type has none."""

    name: str
    type: str
    nullable: bool = True
    default: str | None = None
    auto_increment: bool = False
    collation: str | None = None


@dataclass(frozen=True)
class Index:
    """An index or key over columns, in their order."""

    columns: tuple[str, ...]
    unique: bool = False


@dataclass(frozen=True)
class ForeignKey:
    """A reference to another table's columns."""

    columns: tuple[str, ...]
    table: str
    references: tuple[str, ...]
    on_delete: str = "NO ACTION"
    on_update: str = "NO ACTION"


@dataclass(frozen=True)
class Table:
    """A table; `partition` holds the columns of PARTITION BY KEY, `indexes` the primary key as PRIMARY.

    `disk` tells whether its columns without index lie on disk.
    """

    columns: tuple[Column, ...]
    indexes: Mapping[str, Index] = field(default_factory=dict)
    foreign_keys: Mapping[str, ForeignKey] = field(default_factory=dict)
    partition: tuple[str, ...] = ()
    engine: str = "ndbcluster"
    collation: str = "utf8mb4_0900_ai_ci"
    comment: str = ""
    disk: bool = False

    def column(self, name: str) -> Column | None:
        """The column of this name, whose case does not matter."""
        return next((column for column in self.columns if column.name.lower() == name.lower()), None)


# Tables by name
Shapes = Mapping[str, Table]


def normal_type(text: str) -> str:
    """A column type without what the server shows or leaves out by version: display widths, case, blanks."""
    plain = re.sub(r"\s+", "", text.lower()) if "(" in text else text.lower().strip()
    return {"integer": "int", "bool": "tinyint", "boolean": "tinyint"}.get(
        plain := INTEGER_WIDTH.sub(r"\1", plain), plain
    )


def normal_comment(text: str) -> str:
    """A table comment with the parts of NDB_TABLE in one order; their order has no meaning."""
    head, equals, options = text.partition("NDB_TABLE=")
    if not equals:
        return text
    parts, _blank, tail = options.partition(" ")
    return head + equals + ",".join(sorted(parts.split(","))) + (f" {tail}" if tail else "")
