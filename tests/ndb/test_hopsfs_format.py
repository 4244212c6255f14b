"""Formatting on a real NDB cluster, by a program in place of Hadoop's that does to the database what that does."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.lambdafs.cluster.plugins.module_utils import hopsfs_format as work
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_apply import Wanted, migrate
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_sql_connection import Login
from ansible_collections.lambdafs.cluster.plugins.module_utils.polling import poll
from ansible_collections.lambdafs.cluster.plugins.modules import hopsfs_format, hopsfs_namespace_info

from tests.ndb import format_run
from tests.ndb.cluster import HOST, NdbCluster
from tests.ndb.modules import run_module
from tests.ndb.schema_databases import Connection, query
from tests.ndb.schema_run import collection_scripts

DATABASE = "formatted"
USER, PASSWORD = "formatter", "correct-horse-battery"
MARK = f"SELECT owner FROM {DATABASE}.lambdafs_schema_lock WHERE id = 2"  # noqa: S608
# Empties tables, waits as long as there is a file `hold`, and stores an id, as Hadoop does; `said` is what it prints
HDFS = """#!{python}
import os, sys, threading, uuid
from pathlib import Path
import pymysql

folder = Path({folder!r})
with (folder / "runs").open("a") as runs:
    runs.write(" ".join(sys.argv[1:]) + "\\n")
with pymysql.connect(unix_socket={socket!r}, user="root", database={database!r}, autocommit=True) as connection:
    cursor = connection.cursor()
    cursor.execute("TRUNCATE TABLE hdfs_inodes")
    cursor.execute("DELETE FROM hdfs_variables")
    (folder / "begun").touch()
    while (folder / "hold").exists():
        threading.Event().wait(0.05)
    print((folder / "said").read_text() if (folder / "said").exists() else "INFO formatted for {password}")
    cursor.execute("INSERT INTO hdfs_variables VALUES (4, %s)", [b"\\x16\\x28CID-" + str(uuid.uuid4()).encode()])
"""


@pytest.fixture(scope="module")
def sql(ndb: NdbCluster) -> Iterator[Connection]:
    with ndb.connect() as connection:
        migrate(Login(socket=str(ndb.socket)), collection_scripts(), Wanted(DATABASE, deployments=1), dry=False)
        query(connection, f"CREATE USER '{USER}'@'%' IDENTIFIED WITH caching_sha2_password BY '{PASSWORD}' REQUIRE SSL")
        query(connection, f"GRANT SELECT, INSERT, UPDATE, DELETE, DROP ON {DATABASE}.* TO '{USER}'@'%'")
        yield connection


class Driver:
    """A driver's files; the database is as after the schema was made."""

    def __init__(self, ndb: NdbCluster, folder: Path, name: str) -> None:
        self.folder = folder
        self.home = folder / name
        self.conf = self.home / "etc/hadoop"
        self.conf.mkdir(parents=True)
        (self.home / "bin").mkdir()
        text = HDFS.format(
            python=sys.executable, folder=str(folder), socket=str(ndb.socket), database=DATABASE, password=PASSWORD
        )
        (self.home / "bin/hdfs").write_text(text, encoding="utf-8")
        (self.home / "bin/hdfs").chmod(0o755)
        (self.conf / "hdfs-site.xml").write_text("<configuration/>", encoding="utf-8")
        self.write_login(ndb)

    def write_login(self, ndb: NdbCluster, password: str = PASSWORD, database: str = DATABASE) -> None:
        """Write the storage driver's file."""
        mysqld = "io.hops.metadata.ndb.mysqlserver"
        (self.conf / "ndb-config.properties").write_text(
            f"com.mysql.clusterj.connectstring={ndb.connectstring}\ncom.mysql.clusterj.database={database}\n"
            f"{mysqld}.host={HOST}\n{mysqld}.port={ndb.sql_port}\n"
            f"{mysqld}.username={USER}\n{mysqld}.password={password}\n",
            encoding="utf-8",
        )

    def arguments(self, **more: Any) -> dict[str, Any]:
        """Arguments of the module."""
        return {
            "hadoop_home": str(self.home),
            "conf_dir": str(self.conf),
            "database": DATABASE,
            "log_dir": str(self.folder),
            "lock_file": str(self.home / "lock"),
            "timeout": 120,
            **more,
        }

    def format(self, **more: Any) -> dict[str, Any]:
        """The module's result."""
        return run_module(hopsfs_format, **self.arguments(**more))

    @property
    def runs(self) -> list[str]:
        """The arguments of each run of the program."""
        path = self.folder / "runs"
        return path.read_text(encoding="utf-8").splitlines() if path.exists() else []

    def wait_begun(self) -> None:
        """Wait until the program has emptied the tables."""
        assert poll((self.folder / "begun").exists, bool, 60)


@pytest.fixture
def driver(ndb: NdbCluster, sql: Connection, tmp_path: Path) -> Driver:
    for table in ("hdfs_inodes", "hdfs_variables"):
        query(sql, f"TRUNCATE TABLE {DATABASE}.{table}")
    query(sql, f"DELETE FROM {DATABASE}.lambdafs_schema_lock WHERE id = 2")  # noqa: S608
    return Driver(ndb, tmp_path, "one")


def add_inodes(sql: Connection, *names: str) -> None:
    """A root inode and entries in the root directory."""
    rows = [(0, 0, "", 1)] + [(number, 1, name, number) for number, name in enumerate(names, start=2)]
    for partition, parent, name, inode in rows:
        query(
            sql,
            f"INSERT INTO {DATABASE}.hdfs_inodes (partition_id, parent_id, name, id, quota_enabled, is_dir,"  # noqa: S608
            f" under_construction) VALUES ({partition}, {parent}, '{name}', {inode}, 0, 1, 0)",
        )


def info(ndb: NdbCluster) -> dict[str, Any]:
    return run_module(hopsfs_namespace_info, login_socket=str(ndb.socket), database=DATABASE)


def test_a_file_system_is_formatted_once(ndb: NdbCluster, sql: Connection, driver: Driver) -> None:
    planned = driver.format(_ansible_check_mode=True)
    assert (planned["changed"], driver.runs, info(ndb)["formatted"]) == (True, [], False)
    assert planned["diff"]["after"] == f"database {DATABASE}: formatted, 0 inodes\n"

    first = driver.format()
    assert (first["changed"], first["formatted"]) == (True, False)
    assert first["output"] == ["INFO formatted for ********"]
    assert Path(first["log"]).read_text(encoding="utf-8") == "INFO formatted for ********\n"
    assert info(ndb)["formatted"] is True
    assert query(sql, MARK) == []

    again = driver.format()
    assert (again["changed"], again["formatted"], again["log"]) == (False, True, "")
    assert driver.format(_ansible_check_mode=True)["changed"] is False
    assert driver.runs == ["namenode -format -nonInteractive"]


def test_another_driver_does_not_format_again(ndb: NdbCluster, sql: Connection, driver: Driver, tmp_path: Path) -> None:
    add_inodes(sql, "a")
    other = Driver(ndb, tmp_path, "two")
    assert other.format(shared_with="λFS")["changed"] is False
    assert info(ndb)["inodes"] == 2
    assert driver.runs == []


def test_of_two_runs_on_two_drivers_one_formats(ndb: NdbCluster, driver: Driver, tmp_path: Path) -> None:
    (tmp_path / "hold").touch()
    first = format_run.start(**driver.arguments())
    driver.wait_begun()
    second = format_run.start(**Driver(ndb, tmp_path, "two").arguments(shared_with="λFS"))
    assert poll(lambda: len(list(tmp_path.glob("*/lock"))), lambda locks: locks == 2, 60) == 2
    (tmp_path / "hold").unlink()
    assert [format_run.result(run)["changed"] for run in (first, second)] == [True, False]
    assert len(driver.runs) == 1


def test_a_run_that_was_killed_is_done_again_after_its_program_has_ended(
    ndb: NdbCluster, sql: Connection, driver: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "LOCK_EXPIRY", 2.0)
    (tmp_path / "hold").touch()
    killed = format_run.start(**driver.arguments())
    driver.wait_begun()
    killed.kill()
    killed.communicate()
    found = info(ndb)
    assert not found["formatted"]
    assert "process" in found["unfinished"]

    refused = driver.format(lock_timeout=0.5)
    assert "is held by another format for 0.5 s" in refused["msg"]
    (tmp_path / "hold").unlink()
    assert driver.format()["changed"] is True
    assert (len(driver.runs), query(sql, MARK)) == (2, [])


def test_errors_in_the_output_fail_although_the_exit_code_is_0(
    ndb: NdbCluster, sql: Connection, driver: Driver, tmp_path: Path
) -> None:
    said = "2022-01-01 ERROR ndb.ClusterjConnector: Table is full"
    (tmp_path / "said").write_text(said, encoding="utf-8")
    failed = driver.format()
    assert failed["failed"]
    assert (
        f"its output holds 1 error lines ({said}); expected a formatted database and no error: read " in failed["msg"]
    )
    assert info(ndb)["unfinished"]

    (tmp_path / "said").unlink()
    add_inodes(sql, "a", "b")
    assert "holds 3 inodes and a format that " in driver.format()["msg"]
    query(sql, f"TRUNCATE TABLE {DATABASE}.hdfs_inodes")
    assert driver.format()["changed"] is True


def test_what_is_formatted_is_formatted_again_when_confirmed_but_never_for_two_systems(
    ndb: NdbCluster, sql: Connection, driver: Driver
) -> None:
    driver.format()
    add_inodes(sql, "a")
    refused = driver.format(reformat=True, shared_with="HopsFS")
    assert f"database {DATABASE} is used by HopsFS, too, and holds 2 inodes" in refused["msg"]
    assert info(ndb)["entries"] == 1

    confirmed = driver.format(reformat=True)
    assert (confirmed["changed"], confirmed["inodes"]) == (True, 2)
    assert confirmed["diff"]["before"] == f"database {DATABASE}: formatted, 2 inodes\n"
    assert info(ndb)["inodes"] == 0
    assert len(driver.runs) == 2


def test_a_file_of_another_database_or_with_a_wrong_password_stops_it(ndb: NdbCluster, driver: Driver) -> None:
    driver.write_login(ndb, database="other")
    assert "names database other, expected formatted" in driver.format()["msg"]
    driver.write_login(ndb, password=PASSWORD[1:])
    assert "Access denied for user 'formatter'" in driver.format()["msg"]
    assert driver.runs == []


def test_a_database_without_schema_is_told(ndb: NdbCluster, sql: Connection, driver: Driver) -> None:
    query(sql, "CREATE DATABASE bare")
    query(sql, f"GRANT SELECT ON bare.* TO '{USER}'@'%'")
    driver.write_login(ndb, database="bare")
    refused = driver.format(database="bare")
    assert refused["msg"].startswith("database bare lacks hdfs_inodes, hdfs_variables, lambdafs_schema_lock, expected")
    found = run_module(hopsfs_namespace_info, login_socket=str(ndb.socket), database="bare")
    assert (found["exists"], found["formatted"]) == (False, False)
