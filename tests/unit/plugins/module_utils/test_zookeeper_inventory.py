# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.lambdafs.cluster.plugins.filter.zookeeper_servers import zookeeper_servers
from ansible_collections.lambdafs.cluster.plugins.module_utils.zookeeper_inventory import problems

HOSTVARS: dict[str, dict[str, Any]] = {
    "zk-a": {"lambdafs_index": "2", "private_ip_address": "10.0.0.1", "ansible_host": "198.51.100.1"},
    "zk-b": {"lambdafs_index": "0", "private_ip_address": "10.0.0.2"},
    "zk-c": {"lambdafs_index": 1, "ansible_host": "10.0.0.3"},
    "zk-d": {"lambdafs_index": "2", "private_ip_address": "10.0.0.3"},
    "zk-e": {},
}


def test_ids_come_from_the_index_and_not_from_the_place() -> None:
    servers = zookeeper_servers(["zk-a", "zk-b", "zk-c"], HOSTVARS, first_id=1)
    assert [(server["name"], server["id"], server["host"]) for server in servers] == [
        ("zk-b", 1, "10.0.0.2"),
        ("zk-c", 2, "10.0.0.3"),
        ("zk-a", 3, "10.0.0.1"),
    ]
    assert servers[0]["line"] == "server.1=10.0.0.2:2888:3888:participant;2181"
    assert problems(servers) == []


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["zk-a", "zk-b"], ["2 ZooKeeper servers found, expected 1, 3, 5 or 7: change zookeeper_hosts"]),
        (
            ["zk-a", "zk-b", "zk-e"],
            [
                "zk-e has no lambdafs_index, expected a number: set its tag Index",
                "zk-e has no private_ip_address and no ansible_host, expected an address",
            ],
        ),
        (["zk-a", "zk-b", "zk-d"], ["more than one server has id 2, expected different indexes"]),
        (
            ["zk-b", "zk-c", "zk-d"],
            ["more than one server has address 10.0.0.3, expected different ones"],
        ),
    ],
)
def test_hosts_that_are_no_ensemble_are_told_why(names: list[str], expected: list[str]) -> None:
    assert problems(zookeeper_servers(names, HOSTVARS)) == expected
