"""Databases for the tests of the schema, made without the code under test."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

import pymysql
import yaml

from tests.repository import ROOT

DATA = Path(__file__).parent / "data/schema.yml"
SCRIPTS = ROOT / "sql_scripts"
DISK_OBJECTS = (
    "CREATE LOGFILE GROUP lg_1 ADD UNDOFILE 'undo_log_0.log' INITIAL_SIZE 128M ENGINE ndbcluster",
    "CREATE TABLESPACE ts_1 ADD DATAFILE 'ts_1_data_file_0.dat' USE LOGFILE GROUP lg_1 INITIAL_SIZE 128M"
    " ENGINE ndbcluster",
)
OWN = {"flyway_schema_history", "lambdafs_schema_lock"}
# What the server tells of a table's structure, without times, statistics and the database's name
VIEWS = {
    "TABLES": "TABLE_NAME, ENGINE, ROW_FORMAT, TABLE_COLLATION, CREATE_OPTIONS, TABLE_COMMENT",
    "COLUMNS": "TABLE_NAME, ORDINAL_POSITION, COLUMN_NAME, COLUMN_DEFAULT, IS_NULLABLE, DATA_TYPE, COLUMN_TYPE,"
    " CHARACTER_MAXIMUM_LENGTH, NUMERIC_PRECISION, NUMERIC_SCALE, CHARACTER_SET_NAME, COLLATION_NAME, COLUMN_KEY,"
    " EXTRA, COLUMN_COMMENT, GENERATION_EXPRESSION",
    "STATISTICS": "TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX, COLUMN_NAME, NON_UNIQUE, COLLATION, SUB_PART, NULLABLE,"
    " INDEX_TYPE, COMMENT, INDEX_COMMENT, IS_VISIBLE, EXPRESSION",
    "TABLE_CONSTRAINTS": "TABLE_NAME, CONSTRAINT_NAME, CONSTRAINT_TYPE",
    "KEY_COLUMN_USAGE": "TABLE_NAME, CONSTRAINT_NAME, ORDINAL_POSITION, COLUMN_NAME, POSITION_IN_UNIQUE_CONSTRAINT,"
    " REFERENCED_TABLE_NAME, REFERENCED_COLUMN_NAME",
    "PARTITIONS": "TABLE_NAME, PARTITION_NAME, PARTITION_METHOD, PARTITION_EXPRESSION, PARTITION_ORDINAL_POSITION",
}
Connection: TypeAlias = "pymysql.Connection[Any]"


def query(connection: Connection, sql: str) -> list[tuple[Any, ...]]:
    """The rows of a statement."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def make_database(connection: Connection, database: str) -> None:
    """An empty database, used by the connection from now on."""
    query(connection, f"CREATE DATABASE {database}")
    connection.select_db(database)
    made = query(connection, "SELECT COUNT(*) FROM information_schema.FILES WHERE TABLESPACE_NAME = 'ts_1'")
    for sql in DISK_OBJECTS if not made[0][0] else ():
        query(connection, sql)


def _names(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _create_table(name: str, table: dict[str, Any]) -> str:
    collation, *options = table["options"]
    lines = [re.sub(r"^\S+", lambda found: f"`{found[0]}`", column) for column in table["columns"]]
    lines += [f"PRIMARY KEY ({_names(table['primary'])})"]
    lines += [f"UNIQUE KEY `{key}` ({_names(columns)})" for key, columns in table.get("unique", {}).items()]
    lines += [f"KEY `{key}` ({_names(columns)})" for key, columns in table.get("indexes", {}).items()]
    lines += [
        f"CONSTRAINT `{key}` FOREIGN KEY (`{column}`) REFERENCES `{other}` (`{reference}`) ON DELETE {on_delete}"
        for key, (column, other, reference, on_delete) in table.get("foreign", {}).items()
    ]
    text = f"CREATE TABLE `{name}` ({', '.join(lines)}) ENGINE=ndbcluster"
    text += f" DEFAULT CHARSET={collation.split('_')[0]} COLLATE={collation}"
    text += "".join(f" COMMENT='{option}'" for option in options if option != "disk")
    text += " TABLESPACE ts_1 STORAGE DISK" if "disk" in options else ""
    return text + (f" PARTITION BY KEY ({_names(table['partition'])})" if "partition" in table else "")


def final_by_hand(connection: Connection, database: str, deployments: int) -> None:
    """The final schema, out of `data/schema.yml`."""
    make_database(connection, database)
    tables = yaml.safe_load(DATA.read_text(encoding="utf-8"))
    query(connection, "SET foreign_key_checks = 0")
    for name, table in tables.items():
        names = [name] if not name.endswith("N") else [f"{name[:-1]}{number}" for number in range(deployments)]
        for one in names:
            query(connection, _create_table(one, table))
    query(connection, "SET foreign_key_checks = 1")


def structure(connection: Connection, database: str) -> dict[str, set[tuple[Any, ...]]]:
    """What information_schema and ndbinfo tell of a database's tables, those of the module itself excepted."""
    found = {
        view: {
            row
            for row in query(
                connection,
                f"SELECT {columns} FROM information_schema.{view} WHERE TABLE_SCHEMA = '{database}'",  # noqa: S608
            )
            if row[0] not in OWN
        }
        for view, columns in VIEWS.items()
    }
    found["REFERENTIAL_CONSTRAINTS"] = set(
        query(
            connection,
            "SELECT TABLE_NAME, CONSTRAINT_NAME, REFERENCED_TABLE_NAME, MATCH_OPTION, UPDATE_RULE, DELETE_RULE"  # noqa: S608
            f" FROM information_schema.REFERENTIAL_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = '{database}'",
        )
    )
    found["storage"] = {
        row
        for row in query(
            connection,
            "SELECT table_name, storage, read_backup, fully_replicated, partition_balance, logging"  # noqa: S608
            f" FROM ndbinfo.dictionary_tables WHERE database_name = '{database}'",
        )
        if row[0] not in OWN and not row[0].startswith("NDB$")
    }
    return found


def statements_of(version: str) -> list[str]:
    """The statements of the step to a version; its scripts have neither quotes nor comments with a semicolon."""
    (path,) = SCRIPTS.glob(f"V{version}__*.sql")
    text = re.sub(r"(?m)^--.*$", "", path.read_text(encoding="utf-8"))
    return [sql.strip() for sql in text.split(";") if sql.strip()]


def single_changes(sql: str) -> Iterator[str]:
    """An ALTER TABLE as HopsFS's own scripts have it, one change a statement; a primary key is changed at once."""
    found = re.match(r"(ALTER TABLE \S+)\s+(.*)", sql, re.DOTALL)
    if found is None or "PRIMARY KEY" in sql:
        yield sql
        return
    for action in re.split(r",\s*(?![^()]*\))", found[2]):
        yield f"{found[1]} {action}"


def upgrade_by_hand(connection: Connection, version: str) -> int:
    """Send the step to a version as HopsFS's own scripts would; returns the number of statements."""
    count = 0
    for sql in statements_of(version):
        if sql.startswith(("CREATE LOGFILE", "CREATE TABLESPACE")):
            continue
        for change in single_changes(sql):
            query(connection, change)
            count += 1
    return count
