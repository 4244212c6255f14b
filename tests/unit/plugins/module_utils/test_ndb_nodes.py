from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_nodes import (
    connectstring,
    describe_nodes,
    problems,
)

HOSTS = {"mgmd": ["m-0"], "datanode": ["d-1", "d-0"], "sql": ["m-0"]}
HOSTVARS = {
    "m-0": {"lambdafs_index": "0", "private_ip_address": "10.0.0.1"},
    "d-0": {"lambdafs_index": "0", "private_ip_address": "10.0.0.2"},
    "d-1": {"lambdafs_index": "1", "ansible_host": "10.0.0.3"},
}


def cluster(**changes: Any) -> list[dict[str, Any]]:
    return describe_nodes({**HOSTS, **changes}, HOSTVARS)


def node(kind: str, number: int, host: str | None = None, index: int | None = None) -> dict[str, Any]:
    first = {"mgmd": 1, "datanode": 3, "sql": 145}[kind]
    return {
        "name": f"{kind}-{number}",
        "id": first + (number if index is None else index),
        "kind": kind,
        "host": f"10.{first}.0.{number}" if host is None else host,
    }


def of(managers: int, data_nodes: int, sql_nodes: int) -> list[dict[str, Any]]:
    numbers = {"mgmd": managers, "datanode": data_nodes, "sql": sql_nodes}
    return [node(kind, number) for kind, count in numbers.items() for number in range(count)]


def test_ids_come_from_the_indexes_and_not_from_the_order() -> None:
    assert [(found["name"], found["id"], found["kind"], found["host"]) for found in cluster()] == [
        ("m-0", 1, "mgmd", "10.0.0.1"),
        ("d-0", 3, "datanode", "10.0.0.2"),
        ("d-1", 4, "datanode", "10.0.0.3"),
        ("m-0", 145, "sql", "10.0.0.1"),
    ]


def test_management_servers_are_named_in_the_connectstring() -> None:
    assert connectstring(of(2, 2, 1), 1186) == "10.1.0.0:1186,10.1.0.1:1186"


@pytest.mark.parametrize("nodes", [of(1, 2, 1), of(2, 142, 0), of(1, 4, 3)])
def test_a_cluster_has_no_problem(nodes: list[dict[str, Any]]) -> None:
    assert problems(nodes, 2) == []


@pytest.mark.parametrize(
    ("nodes", "replicas", "said"),
    [
        (of(0, 2, 1), 2, ["0 management servers found, expected 1 or 2"]),
        (of(1, 3, 1), 2, ["3 data nodes found, expected a multiple of 2 replicas"]),
        (of(1, 0, 1), 2, ["0 data nodes found, expected a multiple of 2 replicas"]),
        (of(1, 4, 1), 5, ["5 replicas asked for, expected 1 to 4"]),
        (of(1, 144, 1), 2, ["144 data nodes found, expected at most 142", "datanode-142 has index 142", "143 has"]),
        (of(1, 142, 112), 2, ["255 nodes found, expected at most 254", "sql-110 has index 110", "sql-111 has"]),
        ([*of(1, 2, 0), node("sql", 0, host="")], 2, ["sql-0 has no private_ip_address"]),
        ([*of(1, 2, 0), {**node("sql", 0), "id": None}], 2, ["sql-0 has no lambdafs_index"]),
        ([*of(1, 1, 0), node("datanode", 9, index=0)], 2, ["datanode-0 and datanode-9 have the same data node id 3"]),
        ([*of(1, 1, 0), node("datanode", 9, host="10.3.0.0")], 2, ["have the same address 10.3.0.0"]),
        ([node("mgmd", 0, host="10.3.0.1"), *of(0, 2, 0)], 2, ["mgmd-0 is on a data node's host 10.3.0.1"]),
    ],
)
def test_problems_are_told_in_one_sentence_each(nodes: list[dict[str, Any]], replicas: int, said: list[str]) -> None:
    found = problems(nodes, replicas)
    assert len(found) == len(said)
    assert all(part in sentence for part, sentence in zip(said, found, strict=True))


def test_a_shared_arbitrator_can_be_allowed() -> None:
    assert problems([node("mgmd", 0, host="10.3.0.1"), *of(0, 2, 0)], 2, shared_arbitrator=True) == []
