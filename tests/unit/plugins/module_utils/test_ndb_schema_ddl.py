# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

import pytest
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_ddl import UnknownStatement, parse_statement
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_shape import (
    PRIMARY,
    Column,
    ForeignKey,
    Index,
    Shapes,
    Table,
)

CREATE = """
CREATE TABLE IF NOT EXISTS `t` (
  `a` int(11) NOT NULL AUTO_INCREMENT,
  b VARCHAR(10) COLLATE latin1_bin DEFAULT 'it''s',
  c BIT(8) NOT NULL DEFAULT 0, d BINARY(2) DEFAULT '0', e VARBINARY(5) DEFAULT "", f FLOAT DEFAULT -1,
  CONSTRAINT x FOREIGN KEY (b) REFERENCES u (v) ON DELETE CASCADE ON UPDATE NO ACTION,
  PRIMARY KEY (a, b), UNIQUE KEY (c), KEY `k` (c ASC, a)
) /*!50100 TABLESPACE `ts` STORAGE DISK */ ENGINE = NDB DEFAULT CHARSET=latin1 COMMENT='NDB_TABLE=READ_BACKUP=1'
/*!50100 PARTITION BY KEY (a) */
"""


def after(*statements: str) -> Shapes:
    shapes: Shapes = {}
    for sql in statements:
        shapes = parse_statement(sql).apply(shapes)
    return shapes


def altered(actions: str) -> Table:
    (table,) = after(CREATE, f"ALTER TABLE t {actions}").values()
    return table


def test_a_table_is_what_the_server_would_make_of_it() -> None:
    assert after(CREATE)["t"] == Table(
        columns=(
            Column("a", "int", nullable=False, auto_increment=True),
            Column("b", "varchar(10)", nullable=False, default="it's", collation="latin1_bin"),
            Column("c", "bit(8)", nullable=False, default="b'0'"),
            Column("d", "binary(2)", default="0x30"),
            Column("e", "varbinary(5)", default=""),
            Column("f", "float", default="-1"),
        ),
        indexes={PRIMARY: Index(("a", "b"), unique=True), "c": Index(("c",), unique=True), "k": Index(("c", "a"))},
        foreign_keys={"x": ForeignKey(("b",), "u", ("v",), "CASCADE", "NO ACTION")},
        partition=("a",),
        collation="latin1_swedish_ci",
        comment="NDB_TABLE=READ_BACKUP=1",
        disk=True,
    )


def test_columns_are_added_at_the_end() -> None:
    table = altered("ADD COLUMN g BIGINT, ADD (h INT NOT NULL, i INT)")
    assert [column.name for column in table.columns] == list("abcdefghi")


def test_a_changed_column_keeps_its_place_and_its_keys() -> None:
    table = altered("CHANGE COLUMN a z BIGINT, MODIFY b VARCHAR(20)")
    assert table.columns[0] == Column("z", "bigint", nullable=False)
    assert table.columns[1] == Column("b", "varchar(20)", nullable=False, collation="latin1_swedish_ci")
    assert table.indexes["k"].columns == ("c", "z")
    assert table.partition == ("z",)


def test_a_dropped_column_leaves_its_indexes() -> None:
    table = altered("DROP COLUMN c")
    assert table.indexes == {PRIMARY: Index(("a", "b"), unique=True), "k": Index(("a",))}


def test_keys_and_options() -> None:
    table = altered(
        "DROP PRIMARY KEY, ADD PRIMARY KEY (b), DROP INDEX k, ADD UNIQUE INDEX l (d), DROP FOREIGN KEY x,"
        " COMMENT = 'new' PARTITION BY KEY (b)"
    )
    assert table.indexes.keys() == {PRIMARY, "c", "l"}
    assert table.columns[0].nullable is False
    assert (table.foreign_keys, table.comment, table.partition) == ({}, "new", ("b",))


def test_a_renamed_table() -> None:
    assert after(CREATE, "ALTER TABLE t RENAME TO u").keys() == {"u"}


@pytest.mark.parametrize(
    ("sql", "verb", "names"),
    [
        ("DROP TABLE IF EXISTS a, `b`", "drop", ("a", "b")),
        ("TRUNCATE TABLE a", "truncate", ("a",)),
        ("INSERT IGNORE INTO `a` (b) VALUES (1)", "data", ("a",)),
        ("UPDATE a SET b = 1", "data", ("a",)),
        ("DELETE FROM a", "data", ("a",)),
        ("CREATE LOGFILE GROUP lg ADD UNDOFILE 'x' ENGINE ndbcluster", "logfile_group", ("lg",)),
        ("CREATE TABLESPACE ts ADD DATAFILE 'x' USE LOGFILE GROUP lg ENGINE ndbcluster", "tablespace", ("ts",)),
    ],
)
def test_other_statements(sql: str, verb: str, names: tuple[str, ...]) -> None:
    statement = parse_statement(sql)
    assert (statement.verb, statement.names) == (verb, names)
    assert statement.loses_rows is (verb in ("drop", "truncate"))
    assert statement.apply({"c": Table(())}) == {"c": Table(())}


@pytest.mark.parametrize(
    "sql",
    [
        "GRANT ALL ON *.* TO x",
        "CREATE PROCEDURE p () SELECT 1",
        "CREATE TABLE t (a INT) ROW_FORMAT=DYNAMIC",
        "CREATE TABLE t (a INT GENERATED ALWAYS AS (1))",
        "ALTER TABLE nothing ADD COLUMN a INT",
    ],
)
def test_what_is_not_understood_is_refused(sql: str) -> None:
    with pytest.raises(UnknownStatement):
        after(sql)
