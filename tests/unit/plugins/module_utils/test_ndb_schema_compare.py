# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_compare import (
    drift_lines,
    same,
    shape_differences,
    table_differences,
)
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_shape import (
    PRIMARY,
    Column,
    ForeignKey,
    Index,
    Table,
    normal_comment,
    normal_type,
)

A = Column("a", "bigint", nullable=False)
B = Column("b", "varchar(10)", collation="latin1_bin", default="x")
KEY = ForeignKey(("a",), "u", ("v",))
TABLE = Table((A, B), {PRIMARY: Index(("a",), unique=True), "k": Index(("b",))}, {"f": KEY}, ("a",), collation="c")


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ({"columns": (A,)}, "column b is missing, expected varchar(10) null default 'x' latin1_bin"),
        ({"columns": (replace(A, type="int"), B)}, "column a is int not null, expected a bigint not null"),
        ({"columns": (replace(A, name="A"), B)}, "column A is bigint not null, expected a bigint not null"),
        ({"columns": (replace(A, auto_increment=True), B)}, "column a is bigint not null auto_increment, expected"),
        ({"columns": (A, B, Column("c", "int"))}, "column c is not part of the schema"),
        ({"columns": (B, A)}, "columns are in the order b, a, expected a, b"),
        ({"indexes": {PRIMARY: Index(("a",), unique=True)}}, "index k is missing, expected (b)"),
        ({"indexes": {"k": Index(("b",))}}, "primary key is missing, expected unique (a)"),
        ({"indexes": {**TABLE.indexes, "k": Index(("b", "a"))}}, "index k is (b, a), expected (b)"),
        ({"indexes": {**TABLE.indexes, "l": Index(("a",))}}, "index l (a) is not part of the schema"),
        ({"foreign_keys": {}}, "foreign key (a) to u (v) on delete no action on update no action is missing"),
        ({"foreign_keys": {"f": replace(KEY, table="w")}}, "foreign key (a) to w (v) on delete no action"),
        ({"engine": "innodb"}, "engine is innodb, expected ndbcluster"),
        ({"partition": ()}, "partition key is none, expected a"),
        ({"comment": "x"}, "comment is x, expected none"),
        ({"disk": True}, "storage is disk, expected memory"),
        ({"collation": "d"}, "collation is d, expected c"),
    ],
)
def test_each_difference_is_named(change: dict[str, Any], line: str) -> None:
    found = replace(TABLE, **change)
    assert any(text.startswith(line) for text in table_differences(TABLE, found)), table_differences(TABLE, found)
    assert not same(TABLE, found)


@pytest.mark.parametrize(
    "change", [{}, {"foreign_keys": {"other_name": KEY}}, {"comment": ""}], ids=["nothing", "name of a key", "comment"]
)
def test_what_has_no_effect_is_no_difference(change: dict[str, Any]) -> None:
    assert same(TABLE, replace(TABLE, **change))


def test_the_character_set_of_a_table_without_text_has_no_effect() -> None:
    numbers = Table((A,), collation="latin1_swedish_ci")
    assert same(numbers, replace(numbers, collation="utf8mb4_0900_ai_ci"))


def test_absent_tables() -> None:
    assert same(None, None)
    assert not same(TABLE, None)
    assert not same(None, TABLE)
    drift = shape_differences({"t": TABLE, "u": TABLE}, {"u": replace(TABLE, engine="innodb"), "v": TABLE})
    assert drift_lines(drift) == [
        "t: the table is missing",
        "u: engine is innodb, expected ndbcluster",
        "v: the table is not part of this version",
    ]


def test_server_versions_tell_types_and_comments_in_different_ways() -> None:
    assert normal_type("BIGINT(20)") == normal_type("bigint") == "bigint"
    assert normal_type("varchar(10)") == "varchar(10)"
    assert normal_type("decimal(10, 2)") == "decimal(10,2)"
    assert normal_comment("a NDB_TABLE=B=1,A=0 x") == normal_comment("a NDB_TABLE=A=0,B=1 x")
    assert normal_comment("plain") == "plain"
