# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_catalogue import (
    Catalogue,
    catalogue_query,
    parse_catalogue,
)
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_flyway import HistoryRow, Version
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_shape import (
    PRIMARY,
    Column,
    ForeignKey,
    Index,
    Table,
)

# As PyMySQL returns them; numbers and texts come as bytes where the server says so
ROWS = [
    ("database", "d", "", None, None, None, None, None, None),
    ("table", "t", "", "ndbcluster", "latin1_bin", "NDB_TABLE=READ_BACKUP=1", None, None, None),
    ("table", "flyway_schema_history", "", "ndbcluster", "utf8mb4_0900_ai_ci", "", None, None, None),
    ("table", "lambdafs_schema_lock", "", "ndbcluster", "latin1_bin", "", None, None, None),
    ("column", "t", "b", "2", b"varchar(10)", "YES", None, "", "latin1_bin"),
    ("column", "t", "a", "1", "int(11)", "NO", "0", "auto_increment", None),
    ("index", "t", "PRIMARY", "1", "a", "0", None, None, None),
    ("index", "t", "k", "2", "a", "1", None, None, None),
    ("index", "t", "k", "1", "b", "1", None, None, None),
    ("foreign_key", "t", "f", "1", "a", "u", "v", "CASCADE", "NO ACTION"),
    ("partition", "t", "", "KEY", "`a`,`b`", "4", None, None, None),
    ("partition", "lambdafs_schema_lock", "", "AUTO", None, "2", None, None, None),
    ("file", "UNDO LOG", "lg_1", "lg_1", None, None, None, None, None),
    ("file", "DATAFILE", "ts_1", "lg_1", None, None, None, None, None),
    ("disk", "t", "", None, None, None, None, None, None),
    ("history", "V2__b.sql", "b", "2", "2", "SQL", "-5", "1", None),
    ("history", "<< Flyway Baseline >>", "<< Flyway Baseline >>", "1", "1", "BASELINE", None, "1", None),
    ("lock", "somebody", "", "7", None, None, None, None, None),
]


def test_a_database_out_of_its_rows() -> None:
    assert parse_catalogue(ROWS) == Catalogue(
        exists=True,
        tables={
            "t": Table(
                (
                    Column("a", "int", nullable=False, default="0", auto_increment=True),
                    Column("b", "varchar(10)", collation="latin1_bin"),
                ),
                {PRIMARY: Index(("a",), unique=True), "k": Index(("b", "a"))},
                {"f": ForeignKey(("a",), "u", ("v",), "CASCADE", "NO ACTION")},
                ("a", "b"),
                collation="latin1_bin",
                comment="NDB_TABLE=READ_BACKUP=1",
                disk=True,
            )
        },
        history=(
            HistoryRow(1, Version("1"), "<< Flyway Baseline >>", "BASELINE", "<< Flyway Baseline >>", None, True),
            HistoryRow(2, Version("2"), "b", "SQL", "V2__b.sql", -5, True),
        ),
        has_own_tables=True,
        logfile_groups=frozenset({"lg_1"}),
        tablespaces=frozenset({"lg_1", "ts_1"}),
        fragments={"t": 4, "lambdafs_schema_lock": 2},
        lock_owner="somebody",
    )


def test_no_database() -> None:
    assert parse_catalogue([]) == Catalogue()


def test_history_and_lock_are_asked_for_where_they_exist() -> None:
    assert "`d`.lambdafs_schema_lock" in catalogue_query("d", own_tables=True)
    assert "`d`.flyway_schema_history" in catalogue_query("d", own_tables=True)
    assert "lambdafs_schema_lock" not in catalogue_query("d", own_tables=False)
