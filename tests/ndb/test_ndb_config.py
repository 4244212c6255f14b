"""The configuration and the management protocol against a real management server with two data nodes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_cluster_view import ask_configurations
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_management import Management, ManagementError
from ansible_collections.lambdafs.cluster.plugins.modules import ndb_cluster_info, ndb_config

from tests.ndb.cluster import MANAGER, NdbCluster, host_of
from tests.ndb.modules import run_module


@pytest.fixture
def management(ndb: NdbCluster) -> Iterator[Management]:
    with Management(ndb.addresses[0], 30) as connection:
        yield connection


def configure(ndb: NdbCluster, **changes: Any) -> dict[str, Any]:
    return run_module(ndb_config, **{**ndb.config_arguments(), **changes})


@pytest.fixture
def taken_over(ndb: NdbCluster) -> Iterator[None]:
    """The module's own file runs; afterwards it does again."""
    configure(ndb, reload=True)
    yield
    assert "failed" not in configure(ndb, reload=True)


def test_nodes_and_their_states_are_told(ndb: NdbCluster) -> None:
    found = run_module(ndb_cluster_info, connectstring=ndb.connectstring, wait_for="started", generations=True)
    states = {node["id"]: node["state"] for node in found["nodes"] if node["connected"]}
    assert states == {1: "connected", 3: "started", 4: "started", 145: "connected"}
    assert found["node_groups"] == {"0": [3, 4]}
    assert found["managers"][0]["id"] == MANAGER
    assert {node["config_generation"] for node in found["nodes"] if node["kind"] == "datanode"} != {None}


def test_a_condition_that_is_not_met_in_time_is_told(ndb: NdbCluster) -> None:
    found = run_module(
        ndb_cluster_info, connectstring=ndb.connectstring, wait_for="connected", node_ids=[146], timeout=0.2
    )
    assert found["msg"] == "after 0.2 s: node 146 is no_contact, expected it connected"


def test_refusals_come_in_the_words_of_the_server(ndb: NdbCluster, management: Management) -> None:
    with pytest.raises(ManagementError, match="node already in nodegroup"):
        management.create_node_group(ndb.data_node_ids)
    with pytest.raises(ManagementError, match="Could not load configuration from"):
        management.reload_config(str(ndb.folder / "no-such-file"))
    with pytest.raises(ManagementError, match="Nodeid 9 does not exist"):
        management.configuration(9)


@pytest.mark.usefixtures("taken_over")
def test_what_runs_already_is_no_change(ndb: NdbCluster) -> None:
    found = configure(ndb, reload=True)
    assert (found["changed"], found["changes"], found["restart"]) == (False, [], "none")
    assert found["newcomers"] == []


@pytest.mark.usefixtures("taken_over")
def test_a_changed_parameter_is_taken_over_and_names_the_nodes_to_restart(
    ndb: NdbCluster, management: Management
) -> None:
    generation = management.generation()
    arguments = {"parameters": {**ndb.parameters, "LongMessageBuffer": "3M"}, "reload": True}
    planned = configure(ndb, **arguments, _ansible_check_mode=True, _ansible_diff=True)
    assert planned["changed"]
    assert "LongMessageBuffer: 2097152 -> 3145728" in planned["diff"][-1]["prepared"]
    assert management.generation() == generation
    found = configure(ndb, **arguments)
    assert (found["restart"], found["reloaded"]) == ("node", True)
    assert [(change["name"], change["node_ids"]) for change in found["changes"]] == [("LongMessageBuffer", [3, 4])]
    assert management.generation() == generation + 1
    view = ndb.look().view
    assert view is not None
    assert ask_configurations(view, 30).outdated == [3, 4]
    assert configure(ndb, **arguments)["changed"] is False


@pytest.mark.usefixtures("taken_over")
@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"replicas": 1}, "1 replicas asked for and the cluster was made with 2, expected 2"),
        ({"replicas": 3}, "2 data nodes found, expected a multiple of 3 replicas"),
        ({"parameters": {"NoOfFragmentLogParts": 8}}, "ndb_mgmd_confirm_restart=initial"),
        ({"datanode_port": 2202}, "ndb_mgmd_confirm_restart=system"),
        (
            {"parameters": {"MaxNoOfConcurrentOperations": 100}},
            "refuses the configuration .*: at line .* must be greater than",
        ),
        ({"parameters": {"NoSuchParameter": 1}}, "refuses the configuration .*NoSuchParameter"),
        ({"parameters": {"DataMemory": "8GB"}}, "DataMemory is '8GB', expected 1M to 16384G"),
    ],
)
def test_what_the_cluster_cannot_take_is_refused_before_any_change(
    ndb: NdbCluster, changes: dict[str, Any], said: str
) -> None:
    before = ndb.config.read_text(encoding="utf-8")
    extra = {"parameters": {**ndb.parameters, **changes["parameters"]}} if "parameters" in changes else changes
    found = configure(ndb, **extra, reload=True)
    assert found["failed"]
    assert re.search(said, found["msg"]), found["msg"]
    assert ndb.config.read_text(encoding="utf-8") == before


@pytest.mark.usefixtures("taken_over")
def test_nodes_that_leave_or_move_are_refused(ndb: NdbCluster) -> None:
    nodes = ndb.nodes()
    moved = [{**node, "host": "127.0.9.99"} if node["id"] == 4 else node for node in nodes]
    assert "HostName: 127.0.9.4 -> 127.0.9.99 needs a restart of the whole system" in configure(ndb, nodes=moved)["msg"]
    renumbered = [{**node, "id": 5} if node["id"] == 4 else node for node in nodes]
    assert "data node 4 at 127.0.9.4 is to become 5, expected the same id" in configure(ndb, nodes=renumbered)["msg"]
    fewer = [node for node in nodes if node["kind"] != "datanode"]
    fewer += [{"name": f"n{i}", "id": i, "kind": "datanode", "host": host_of(i)} for i in (5, 6)]
    assert "expected data node 3, 4 as well" in configure(ndb, nodes=fewer)["msg"]


def test_a_first_configuration_is_checked_with_and_without_the_program(ndb: NdbCluster, tmp_path: Path) -> None:
    fresh = {"path": str(tmp_path / "config.ini"), "config_dir": str(tmp_path), "port": 1}
    planned = configure(ndb, **fresh, program="", _ansible_check_mode=True)
    assert (planned["changed"], planned["restart"]) == (True, "none")
    assert not (tmp_path / "config.ini").exists()
    assert configure(ndb, **fresh)["changed"] is True
    assert configure(ndb, **fresh)["changed"] is False
