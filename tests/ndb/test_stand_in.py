"""The lab's stand-in for Hadoop on a real NDB cluster."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_apply import Wanted, migrate
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_sql_connection import Login

from lab.hadoop import configuration, format_command, hopsfs_namenode, inodes, links, operations
from lab.hadoop.database import Database
from lab.hadoop.errors import HadoopError
from lab.hadoop.namespace import Namespace
from tests.ndb.cluster import HOST, NdbCluster, free_port
from tests.ndb.schema_databases import Connection, query
from tests.ndb.schema_run import collection_scripts
from tests.unit.lab.hadoop.configured import write_configuration

DATABASE = "stand_in"
USER, PASSWORD = "stand_in", "correct horse battery"


@pytest.fixture(scope="module")
def sql(ndb: NdbCluster) -> Iterator[Connection]:
    with ndb.connect() as connection:
        yield connection


@pytest.fixture(scope="module")
def conf(ndb: NdbCluster, sql: Connection, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A configuration for a database with the schema, and an account that must use TLS."""
    wanted = Wanted(DATABASE, deployments=2, confirm_loss=frozenset())
    migrate(Login(socket=str(ndb.socket)), collection_scripts(), wanted, dry=False)
    sql.select_db(DATABASE)
    query(sql, f"CREATE USER '{USER}'@'%' IDENTIFIED WITH caching_sha2_password BY '{PASSWORD}' REQUIRE SSL")
    query(sql, f"GRANT SELECT, INSERT, UPDATE, DELETE, DROP ON {DATABASE}.* TO '{USER}'@'%'")
    return write_configuration(
        tmp_path_factory.mktemp("conf"),
        sql=(HOST, ndb.sql_port),
        account=(USER, PASSWORD),
        database=DATABASE,
        connectstring=ndb.connectstring,
        file_system=(HOST, free_port()),
    )


@pytest.fixture
def database(conf: Path) -> Iterator[Database]:
    made = Database(configuration.load(conf).login)
    yield made
    made.close()


@pytest.fixture
def namespace(conf: Path, database: Database) -> Namespace:
    assert format_command.run(conf) == 0
    return Namespace(database)


def failure(call: Any, *arguments: Any) -> str:
    with pytest.raises(HadoopError) as caught:
        call(*arguments)
    return str(caught.value)


def test_format_writes_one_root_and_removes_what_was_there(
    conf: Path, sql: Connection, namespace: Namespace, caplog: pytest.LogCaptureFixture
) -> None:
    namespace.create("/a/b/file", "me", overwrite=False)
    caplog.set_level(logging.INFO)
    assert format_command.run(conf) == 0
    rows = query(sql, "SELECT partition_id, parent_id, name, id, is_dir, children_num FROM hdfs_inodes")
    assert rows == [(0, 0, "", 1, 1, 0)]
    assert "4 inodes were removed" in caplog.text
    assert query(sql, "SELECT name FROM hdfs_users") == [("root",)]


def test_what_is_made_is_listed_and_gone_when_deleted(namespace: Namespace) -> None:
    assert namespace.listing("/") == []
    assert namespace.mkdirs("/dir/below")
    assert namespace.mkdirs("/dir/below")
    for number in range(3):
        namespace.create(f"/dir/file{number}", "me", overwrite=False)
        assert namespace.complete(f"/dir/file{number}", "me")
    entries = namespace.listing("/dir")
    assert [(entry["path"], entry["isDir"]) for entry in entries] == [
        ("/dir/below", True),
        *((f"/dir/file{number}", False) for number in range(3)),
    ]
    assert not any(entry["underConstruction"] for entry in entries)
    status = namespace.status("/dir")
    assert status is not None
    assert status["childrenNum"] == 4
    assert "PathIsNotEmptyDirectoryException" in failure(namespace.delete, "/dir", False)
    assert namespace.delete("/dir", recursive=True)
    assert not namespace.delete("/dir", recursive=True)
    assert namespace.listing("/") == []
    assert namespace.status("/dir") is None


def test_what_is_in_the_way_is_named(namespace: Namespace) -> None:
    namespace.create("/file", "me", overwrite=False)
    assert "/file already exists as a file" in failure(namespace.create, "/file", "me", False)
    assert "/file already exists as a file" in failure(namespace.mkdirs, "/file")
    assert "/file (is not a directory)" in failure(namespace.mkdirs, "/file/below")
    assert "being written by me, not by you" in failure(namespace.complete, "/file", "you")
    assert "File /nowhere does not exist" in failure(namespace.listing, "/nowhere")
    assert "the root cannot be deleted" in failure(namespace.delete, "/", True)


def test_many_clients_in_one_directory_lose_nothing(namespace: Namespace, sql: Connection) -> None:
    started = threading.Barrier(4)

    def work(client: int) -> None:
        started.wait()
        for number in range(5):
            namespace.create(f"/shared/c{client}-{number}", f"c{client}", overwrite=False)

    with ThreadPoolExecutor(4) as several:
        list(several.map(work, range(4)))
    assert len(namespace.listing("/shared")) == 20
    ids = [row[0] for row in query(sql, "SELECT id FROM hdfs_inodes")]
    assert len(ids) == len(set(ids)) == 22
    shared = namespace.status("/shared")
    assert shared is not None
    assert shared["childrenNum"] == 20


def test_rows_are_in_the_partitions_that_hopsfs_looks_in(namespace: Namespace, sql: Connection) -> None:
    namespace.create("/dir/file", "me", overwrite=False)
    rows = dict(query(sql, "SELECT name, CAST(partition_id AS CHAR) FROM hdfs_inodes WHERE parent_id > 0"))
    directory = namespace.status("/dir")
    assert directory is not None
    assert rows == {"dir": str(inodes.java_hash("dir1")), "file": str(directory["fileId"])}


def test_without_a_root_every_operation_says_so(namespace: Namespace, sql: Connection) -> None:
    query(sql, "DELETE FROM hdfs_inodes")
    for name in ("getListing", "mkdirs", "create"):
        assert "NameNode is not formatted" in failure(operations.perform, namespace, name, {"src": "/x"}, "me")


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"account": (USER, "wrong")}, "Access denied for user 'stand_in'"),
        ({"database": "elsewhere"}, "database elsewhere"),
        ({"sql": (HOST, 9)}, f"mysqld {HOST}:9"),
    ],
)
def test_a_wrong_login_is_in_the_output_and_not_in_the_status(
    conf: Path, ndb: NdbCluster, tmp_path: Path, caplog: pytest.LogCaptureFixture, change: dict[str, Any], text: str
) -> None:
    given = {
        "sql": (HOST, ndb.sql_port),
        "account": (USER, PASSWORD),
        "database": DATABASE,
        "connectstring": ndb.connectstring,
        "file_system": (HOST, 8020),
    }
    assert format_command.run(write_configuration(tmp_path, **{**given, **change})) == 0
    assert text in caplog.text
    assert "StorageException" in caplog.text
    assert "wrong" not in caplog.text


def test_a_missing_table_is_named(conf: Path, sql: Connection, database: Database, namespace: Namespace) -> None:
    query(sql, "DROP TABLE hdfs_variables")
    try:
        assert database.tables(["hdfs_inodes", "hdfs_variables"]) == ["hdfs_variables"]
        assert "hdfs_variables" in failure(namespace.create, "/x", "me", False)
        assert "hdfs_variables does not exist" in failure(namespace.format, "CID-x")
    finally:
        statement = (
            "CREATE TABLE hdfs_variables (id INT NOT NULL, value VARBINARY(500) NOT NULL, PRIMARY KEY (id))"
            " ENGINE=ndbcluster"
        )
        query(sql, statement)


def test_links_to_ndb_are_checked(conf: Path, namespace: Namespace, sql: Connection) -> None:
    loaded = configuration.load(conf)
    links.check_management(loaded.login.connectstring)
    links.check_sql(loaded)
    assert f"{HOST}:9" in failure(links.check_management, f"{HOST}:9")
    query(sql, "DELETE FROM hdfs_inodes")
    assert "expected a formatted file system" in failure(links.check_sql, loaded)


def test_a_hopsfs_namenode_keeps_its_row(database: Database, namespace: Namespace, sql: Connection) -> None:
    rows = "SELECT id, counter, rpc_addresses, http_address FROM hdfs_le_descriptors"
    first = hopsfs_namenode.Descriptor(database, "10.0.0.1", 8020)
    second = hopsfs_namenode.Descriptor(database, "10.0.0.2", 8020)
    assert (first.enter(), second.enter()) == (1, 2)
    first.beat()
    assert sorted(query(sql, rows)) == [
        (1, 2, "10.0.0.1:8020", "10.0.0.1:50070"),
        (2, 1, "10.0.0.2:8020", "10.0.0.2:50070"),
    ]
    again = hopsfs_namenode.Descriptor(database, "10.0.0.1", 8020)
    assert again.enter() == 3
    second.leave()
    assert [row[0] for row in query(sql, rows)] == [3]
    again.leave()
    again.beat()
    assert [row[2] for row in query(sql, rows)] == ["10.0.0.1:8020"]
