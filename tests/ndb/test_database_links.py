"""What the probes say of links to a real NDB cluster, broken one at a time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_apply import Wanted, migrate
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_sql_connection import Login
from ansible_collections.lambdafs.cluster.plugins.modules import hopsfs_probe

from tests.ndb.cluster import HOST, SQL_NODE, NdbCluster, free_port
from tests.ndb.modules import run_module
from tests.ndb.schema_databases import Connection, query
from tests.ndb.schema_run import collection_scripts

DATABASE = "probed"
USER, PASSWORD = "links", "correct-horse-battery"


@pytest.fixture(scope="module")
def sql(ndb: NdbCluster) -> Iterator[Connection]:
    with ndb.connect() as connection:
        migrate(Login(socket=str(ndb.socket)), collection_scripts(), Wanted(DATABASE, deployments=1), dry=False)
        query(connection, f"CREATE USER '{USER}'@'%' IDENTIFIED WITH caching_sha2_password BY '{PASSWORD}' REQUIRE SSL")
        query(connection, f"GRANT SELECT, INSERT, UPDATE, DELETE, DROP ON {DATABASE}.* TO '{USER}'@'%'")
        query(connection, f"INSERT INTO {DATABASE}.hdfs_variables VALUES (4, 'CID-1')")  # noqa: S608
        yield connection


def faults(ndb: NdbCluster, folder: Path, **changes: str) -> list[str]:
    """The faults that a driver with these files finds; `changes` are properties by the last part of their name."""
    properties = {
        "com.mysql.clusterj.connectstring": ndb.connectstring,
        "com.mysql.clusterj.database": DATABASE,
        "io.hops.metadata.ndb.mysqlserver.host": HOST,
        "io.hops.metadata.ndb.mysqlserver.port": str(ndb.sql_port),
        "io.hops.metadata.ndb.mysqlserver.username": USER,
        "io.hops.metadata.ndb.mysqlserver.password": PASSWORD,
    }
    lines = [f"{name}={changes.get(name.rpartition('.')[2], value)}" for name, value in properties.items()]
    (folder / "hdfs-site.xml").write_text("<configuration/>", encoding="utf-8")
    (folder / "ndb-config.properties").write_text("\n".join(lines), encoding="utf-8")
    found: list[str] = run_module(hopsfs_probe, conf_dir=str(folder), timeout=5)["faults"]
    return found


def test_a_whole_database_is_well(ndb: NdbCluster, sql: Connection, tmp_path: Path) -> None:
    assert faults(ndb, tmp_path) == []


@pytest.mark.parametrize(
    ("changes", "found", "expected"),
    [
        ({"password": "wrong"}, "Access denied for user 'links'", "a login as links with the password of "),
        ({"username": "nobody"}, "Access denied for user 'nobody'", "a login as nobody"),
        ({"database": "absent"}, "Access denied for user 'links'@'%' to database 'absent'", "database absent, which"),
    ],
)
def test_an_account_or_database_that_is_not_the_files_is_named(
    ndb: NdbCluster, sql: Connection, tmp_path: Path, changes: dict[str, str], found: str, expected: str
) -> None:
    (line,) = faults(ndb, tmp_path, **changes)
    assert line.startswith(f"link 'driver → mysqld {HOST}:{ndb.sql_port}': found {found}")
    assert f", expected {expected}" in line
    assert "wrong" not in line


def test_a_table_that_is_gone_is_named(ndb: NdbCluster, sql: Connection, tmp_path: Path) -> None:
    query(sql, f"RENAME TABLE {DATABASE}.hdfs_inodes TO {DATABASE}.gone")
    (line,) = faults(ndb, tmp_path)
    query(sql, f"RENAME TABLE {DATABASE}.gone TO {DATABASE}.hdfs_inodes")
    assert f"found no table {DATABASE}.hdfs_inodes, expected the metadata schema" in line


def test_a_database_that_was_never_formatted_is_named(ndb: NdbCluster, sql: Connection, tmp_path: Path) -> None:
    query(sql, f"UPDATE {DATABASE}.hdfs_variables SET value = ''")  # noqa: S608
    (line,) = faults(ndb, tmp_path)
    query(sql, f"UPDATE {DATABASE}.hdfs_variables SET value = 'CID-1'")  # noqa: S608
    assert f"found database {DATABASE} not formatted" in line


def test_a_management_server_elsewhere_is_named(ndb: NdbCluster, sql: Connection, tmp_path: Path) -> None:
    other = f"{HOST}:{free_port()}"
    (line,) = faults(ndb, tmp_path, connectstring=other)
    assert line.startswith(f"link 'driver → NDB management server {other}': found ")


def test_an_sql_node_that_is_down_is_named(ndb: NdbCluster, sql: Connection, tmp_path: Path) -> None:
    ndb.terminate(SQL_NODE)
    (line,) = faults(ndb, tmp_path)
    ndb.launch(SQL_NODE)
    ndb.wait_sql()
    assert line.startswith(f"link 'driver → mysqld {HOST}:{ndb.sql_port}': found Can't connect to MySQL server")
