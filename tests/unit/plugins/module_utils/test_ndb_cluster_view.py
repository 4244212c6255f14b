from __future__ import annotations

import pytest
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_cluster_view import (
    Cluster,
    Configurations,
    as_summary,
    complaints,
    node_groups,
    wait_for,
)
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_management import Address, Node, View

MANAGER = Address("10.0.0.1")
NODES = (
    Node(1, "mgmd", "connected"),
    Node(3, "datanode", "started", node_group=0),
    Node(4, "datanode", "starting", start_phase=5, node_group=0),
    Node(5, "datanode", "no_contact"),
    Node(145, "api", "connected"),
    Node(146, "api", "no_contact"),
)
CLUSTER = Cluster((View(Address("10.0.0.2"), "refused"), View(MANAGER, "", 1, 2, NODES)))
SILENT = Cluster((View(MANAGER, "timed out"),))


@pytest.mark.parametrize(
    ("condition", "node_ids", "expected"),
    [
        ("answering", [], []),
        ("started", [3], []),
        ("started", [3, 4], ["data node 4 is starting in phase 5, expected started"]),
        ("started", [], ["data node 4 is starting", "data node 5 is no_contact"]),
        ("started", [7], ["node 7 is not in the running configuration"]),
        ("stopped", [5], []),
        ("stopped", [4, 5], ["node 4 is starting, expected no contact"]),
        ("connected", [145], []),
        ("connected", [145, 146], ["node 146 is no_contact, expected it connected"]),
    ],
)
def test_conditions(condition: str, node_ids: list[int], expected: list[str]) -> None:
    found = complaints(CLUSTER, condition, node_ids)
    assert len(found) == len(expected)
    assert all(part in sentence for part, sentence in zip(expected, found, strict=True))


def test_no_condition_is_met_when_nobody_answers() -> None:
    assert complaints(SILENT, "stopped", []) == [
        "no management server answers (10.0.0.1:1186: timed out), expected one"
    ]


def test_waiting_ends_with_the_condition() -> None:
    answers = iter([SILENT, CLUSTER])
    assert wait_for(lambda: next(answers), "answering", [], timeout=5) == (CLUSTER, [])


def test_groups_hold_the_nodes_in_contact() -> None:
    assert node_groups((*NODES, Node(6, "datanode", "started"))) == {"0": [3, 4], "none": [6]}


def test_the_summary_names_nodes_with_an_old_configuration() -> None:
    summary = as_summary(CLUSTER, Configurations({3: 1, 4: 1}, [3], [5]))
    assert summary["outdated_ids"] == [3]
    assert summary["newcomer_ids"] == [5]
    assert summary["config_generation"] == 2
    assert summary["live_ids"] == [3, 4]
    assert [manager["answers"] for manager in summary["managers"]] == [False, True]
