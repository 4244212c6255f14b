"""The modules that ask a management server, where there is none, and the configuration where nothing is installed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.lambdafs.cluster.plugins.modules import ndb_cluster_info, ndb_config, ndb_node_groups

from tests.ndb.modules import run_module

NOBODY = {"connectstring": "127.0.0.1:1"}
SOCKET = {"login_socket": "/nonexistent/mysqld.sock"}


def config(root: Path, **more: Any) -> dict[str, Any]:
    """Arguments of ndb_config for a first run."""
    nodes = [("m", 1, "mgmd"), ("d", 3, "datanode"), ("e", 4, "datanode"), ("m", 145, "sql")]
    return {
        "path": str(root / "config.ini"),
        "nodes": [{"name": n, "id": i, "kind": kind, "host": f"10.0.0.{ord(n)}"} for n, i, kind in nodes],
        "data_dir": "/m",
        "config_dir": str(root / "cache"),
        "datanode_data_dir": "/d",
        "port": 1,
        "host": "127.0.0.1",
        "memory_mb": 8192,
        "cpus": 2,
        **more,
    }


def test_info_reports_that_nobody_answers() -> None:
    found = run_module(ndb_cluster_info, **NOBODY)
    assert "failed" not in found
    assert (found["nodes"], found["met"], found["config_generation"]) == ([], False, None)


def test_info_fails_when_nobody_answers_in_time() -> None:
    found = run_module(ndb_cluster_info, **NOBODY, wait_for="answering", timeout=0)
    assert found["failed"]
    assert "no management server answers (127.0.0.1:1:" in found["msg"]


def test_info_in_check_mode_does_not_fail() -> None:
    assert "failed" not in run_module(ndb_cluster_info, **NOBODY, wait_for="started", _ansible_check_mode=True)


def test_info_tells_a_wrong_connectstring() -> None:
    assert run_module(ndb_cluster_info, connectstring="host:port")["msg"].startswith("connectstring: 'host:port' found")


def test_node_groups_need_a_management_server_but_not_in_check_mode() -> None:
    assert "no management server answers" in run_module(ndb_node_groups, **NOBODY, **SOCKET)["msg"]
    planned = run_module(ndb_node_groups, **NOBODY, **SOCKET, _ansible_check_mode=True)
    assert planned["changed"] is False
    assert "no management server answers" in planned["reason"]


def test_a_first_configuration_is_planned_in_check_mode_with_its_diff(tmp_path: Path) -> None:
    planned = run_module(ndb_config, **config(tmp_path), _ansible_check_mode=True, _ansible_diff=True)
    assert planned["changed"]
    assert "NodeId=145" in planned["diff"][0]["after"]
    assert planned["parameters"]["DataMemory"] in planned["diff"][0]["after"]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"replicas": 3}, "2 data nodes found, expected a multiple of 3 replicas"),
        ({"memory_mb": 1024, "parameters": {"DataMemory": "2G"}}, "take a larger VM"),
        ({"deployments": 9000}, "expected at most 20320"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(tmp_path: Path, changes: dict[str, Any], said: str) -> None:
    found = run_module(ndb_config, **config(tmp_path, **changes))
    assert found["failed"]
    assert said in found["msg"]
    assert "\n" not in found["msg"]
    assert list(tmp_path.iterdir()) == []
