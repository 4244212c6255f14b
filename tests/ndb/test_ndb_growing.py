"""A cluster of two data nodes becomes one of four while it is in use, in the steps of a run of the playbooks."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pymysql
import pytest
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_cluster_view import ask_configurations
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_management import Management
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_errors import LOST
from ansible_collections.lambdafs.cluster.plugins.modules import ndb_config, ndb_node_groups

from tests.ndb.cluster import SQL_NODE, NdbCluster
from tests.ndb.modules import run_module
from tests.repository import ROOT

TABLES = 6
STATEMENTS = [
    "CREATE DATABASE growing",
    *(
        f"CREATE TABLE growing.t{number} (id INT PRIMARY KEY, name VARCHAR(40), UNIQUE KEY by_name (name))"
        " ENGINE=NDB PARTITION BY KEY (id)"
        for number in range(TABLES)
    ),
    "CREATE TABLE growing.fixed (id INT PRIMARY KEY) ENGINE=NDB PARTITION BY KEY (id) PARTITIONS 2",
]


class Writer(threading.Thread):
    """Inserts rows one by one and counts those whose commit was acknowledged."""

    def __init__(self, ndb: NdbCluster) -> None:
        super().__init__(daemon=True)
        self._ndb = ndb
        self._over = threading.Event()
        self.acknowledged: list[int] = []
        self._connection: Any = None

    def run(self) -> None:
        number = 0
        while not self._over.is_set():
            number += 1
            try:
                if self._connection is None:
                    self._connection = self._ndb.connect()
                with self._connection.cursor() as cursor:
                    cursor.execute("INSERT INTO growing.t0 VALUES (%s, %s)", (number, f"name {number}"))
                self.acknowledged.append(number)
            except pymysql.Error as error:
                if error.args[0] in LOST:
                    self._connection = None
                self._over.wait(0.2)

    def stop(self) -> None:
        self._over.set()
        self.join()


@pytest.fixture
def ndb(ndb_programs: Path, tmp_path: Path) -> Iterator[NdbCluster]:
    with NdbCluster(ndb_programs, tmp_path) as cluster:
        cluster.start()
        with cluster.connect() as connection, connection.cursor() as cursor:
            for statement in STATEMENTS:
                cursor.execute(statement)
        yield cluster


def configure(ndb: NdbCluster) -> dict[str, Any]:
    result = run_module(ndb_config, **ndb.config_arguments(), reload=True)
    assert "failed" not in result, result
    return result


def outdated(ndb: NdbCluster) -> list[int]:
    view = ndb.look().view
    assert view is not None
    return list(ask_configurations(view, 30).outdated)


def restart(ndb: NdbCluster, node_id: int) -> None:
    with Management(ndb.addresses[0], 120) as management:
        management.stop_nodes([node_id])
    ndb.wait_ended(node_id)
    ndb.launch(node_id)
    ndb.wait_started([3, 4])


def grow_arguments(ndb: NdbCluster) -> dict[str, Any]:
    return {"connectstring": ndb.connectstring, "login_socket": str(ndb.socket)}


def start_growing(ndb: NdbCluster) -> subprocess.Popen[bytes]:
    """The module in a process of its own, which can be killed."""
    code = (
        "from tests.ndb.modules import run_module\n"
        "from ansible_collections.lambdafs.cluster.plugins.modules import ndb_node_groups\n"
        f"run_module(ndb_node_groups, **{grow_arguments(ndb)!r})\n"
    )
    path = {"PYTHONPATH": f"{ROOT}:{ROOT / 'collections'}"}
    return subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=path)


def rows(ndb: NdbCluster, query: str) -> list[Any]:
    with ndb.connect() as connection, connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


def fragments(ndb: NdbCluster) -> dict[str, int]:
    query = "SELECT table_name, partitions FROM ndbinfo.dictionary_tables WHERE database_name = 'growing'"
    return {str(name): int(number) for name, number in rows(ndb, query)}


def test_two_data_nodes_become_four_without_losing_a_row(ndb: NdbCluster) -> None:
    configure(ndb)
    for node_id in outdated(ndb):
        restart(ndb, node_id)
    writer = Writer(ndb)
    writer.start()

    ndb.data_node_ids += [5, 6]
    found = configure(ndb)
    assert found["newcomers"] == [5, 6]
    assert found["restart"] == "node"
    assert outdated(ndb) == [3, 4]
    for node_id in outdated(ndb):
        restart(ndb, node_id)
    assert outdated(ndb) == []
    early = run_module(ndb_node_groups, **grow_arguments(ndb))
    assert "data node 5 is no_contact, expected started" in early["msg"]

    ndb.terminate(SQL_NODE)
    ndb.launch(SQL_NODE)
    ndb.wait_sql()
    ndb.launch(5)
    ndb.launch(6)
    ndb.wait_started()
    planned = run_module(ndb_node_groups, **grow_arguments(ndb), _ansible_check_mode=True)
    assert planned["created_groups"] == {"new 1": [5, 6]}, planned
    assert planned["moved_tables"] == [f"growing.t{number}" for number in range(TABLES)]

    growing = start_growing(ndb)
    ndb_moved = threading.Event()
    while growing.poll() is None and 4 not in fragments(ndb).values():
        ndb_moved.wait(0.2)
    growing.send_signal(signal.SIGKILL)
    growing.wait()
    moved = run_module(ndb_node_groups, **grow_arguments(ndb))
    assert "failed" not in moved, moved
    assert moved["created_groups"] == {}
    assert 0 < len(moved["moved_tables"]) < TABLES
    assert moved["fixed_tables"] == ["growing.fixed"]
    assert {fragments(ndb)[f"t{number}"] for number in range(TABLES)} == {4}
    again = run_module(ndb_node_groups, **grow_arguments(ndb))
    assert (again["changed"], again["moved_tables"]) == (False, [])

    assert configure(ndb)["newcomers"] == []
    assert "NodeGroup" not in ndb.config.read_text(encoding="utf-8")
    assert outdated(ndb) == []
    assert configure(ndb)["changed"] is False

    writer.stop()
    assert len(writer.acknowledged) > 100
    kept = {number for (number,) in rows(ndb, "SELECT id FROM growing.t0")}
    assert set(writer.acknowledged) <= kept
