# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The nodes of an NDB cluster as the inventory describes them, and what keeps them from being one.

Ids follow from the hosts' indexes alone, so that a node keeps its id for life. Limits are NDB's own: ids up to 255,
data nodes up to id 144 (MAX_NODES_ID and MAX_DATA_NODE_ID in storage/ndb/include/kernel/ndb_limits.h), at most two
management servers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

MGMD = "mgmd"
DATANODE = "datanode"
SQL = "sql"
FIRST_ID = {MGMD: 1, DATANODE: 3, SQL: 145}
# The last SQL id leaves one slot for the file systems
LAST_ID = {MGMD: 2, DATANODE: 144, SQL: 254}
MAX_ID = 255
MAX_DATA_NODES = LAST_ID[DATANODE] - FIRST_ID[DATANODE] + 1
REPLICAS = (1, 2, 3, 4)
TITLES = {MGMD: "management server", DATANODE: "data node", SQL: "SQL node"}


def describe_node(name: str, variables: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """One node by its host's variables. `id` is None and `host` empty where the inventory has none.

    Args:
        name: the host's name in the inventory.
        variables: its variables: lambdafs_index, private_ip_address, ansible_host.
        kind: mgmd, datanode or sql.
    """
    index = str(variables.get("lambdafs_index", ""))
    return {
        "name": name,
        "id": FIRST_ID[kind] + int(index) if index.isdigit() else None,
        "kind": kind,
        "host": str(variables.get("private_ip_address") or variables.get("ansible_host") or ""),
    }


def describe_nodes(
    hosts: Mapping[str, Sequence[str]], hostvars: Mapping[str, Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Every node of the cluster, by id; nodes without one stand last.

    Args:
        hosts: inventory names by kind: mgmd, datanode, sql.
        hostvars: variables of every host.
    """
    nodes = [describe_node(name, hostvars[name], kind) for kind in FIRST_ID for name in hosts.get(kind, [])]
    return sorted(nodes, key=lambda node: (node["id"] is None, node["id"] or 0))


def of_kind(nodes: Iterable[Mapping[str, Any]], kind: str) -> list[Mapping[str, Any]]:
    """The nodes of one kind, in their order."""
    return [node for node in nodes if node["kind"] == kind]


def connectstring(nodes: Iterable[Mapping[str, Any]], port: int) -> str:
    """The management servers as `host:port,host:port`."""
    return ",".join(f"{node['host']}:{port}" for node in of_kind(nodes, MGMD))


def repeated(nodes: Sequence[Mapping[str, Any]], key: str) -> dict[Any, list[str]]:
    """Values of `key` that several nodes share, with the names of these nodes."""
    times = Counter(node[key] for node in nodes if node[key] not in (None, ""))
    return {
        value: [node["name"] for node in nodes if node[key] == value] for value, count in times.items() if count > 1
    }


def count_problems(nodes: Sequence[Mapping[str, Any]], replicas: int) -> list[str]:
    """Numbers of nodes that NDB does not take."""
    managers, data_nodes, sql_nodes = (len(of_kind(nodes, kind)) for kind in FIRST_ID)
    found: list[str] = []
    if managers not in (1, 2):
        found.append(f"{managers} management servers found, expected 1 or 2: change ndb_common_mgmd_hosts")
    if replicas not in REPLICAS:
        found.append(f"{replicas} replicas asked for, expected 1 to 4: change ndb_common_replicas")
    elif not data_nodes or data_nodes % replicas:
        found.append(
            f"{data_nodes} data nodes found, expected a multiple of {replicas} replicas:"
            " change the number of data nodes or ndb_common_replicas"
        )
    if data_nodes > MAX_DATA_NODES:
        found.append(f"{data_nodes} data nodes found, expected at most {MAX_DATA_NODES}: take some out")
    if managers + data_nodes + sql_nodes >= MAX_ID:
        found.append(
            f"{managers + data_nodes + sql_nodes} nodes found, expected at most {MAX_ID - 1},"
            " so that the file systems have a slot: take some out"
        )
    return found


def node_problems(node: Mapping[str, Any]) -> list[str]:
    """What one node lacks."""
    kind, name, node_id = node["kind"], node["name"], node["id"]
    found: list[str] = []
    if node_id is None:
        found.append(f"{name} has no lambdafs_index, expected a number: set its tag Index")
    elif node_id > LAST_ID[kind]:
        found.append(
            f"{name} has index {node_id - FIRST_ID[kind]}, expected at most {LAST_ID[kind] - FIRST_ID[kind]}"
            f" for a {TITLES[kind]}: set its tag Index"
        )
    if not node["host"]:
        found.append(f"{name} has no private_ip_address and no ansible_host, expected an address")
    return found


def problems(nodes: Sequence[Mapping[str, Any]], replicas: int, shared_arbitrator: bool = False) -> list[str]:
    """What keeps the nodes from being a cluster, one sentence each.

    Args:
        nodes: what `describe_nodes` returned.
        replicas: copies of each row, NDB's NoOfReplicas.
        shared_arbitrator: whether a management server may run on a data node's host. When such a host is lost, its
            data node and the arbitrator are lost together, and the other half of the cluster shuts down.
    """
    found = count_problems(nodes, int(replicas))
    for node in nodes:
        found += node_problems(node)
    for kind, title in TITLES.items():
        same_kind = of_kind(nodes, kind)
        found += [
            f"{' and '.join(names)} have the same {title} id {value}, expected different indexes"
            for value, names in repeated(same_kind, "id").items()
        ]
        found += [
            f"{' and '.join(names)} have the same address {value}, expected one {title} a host"
            for value, names in repeated(same_kind, "host").items()
        ]
    data_hosts = {node["host"] for node in of_kind(nodes, DATANODE) if node["host"]}
    if not shared_arbitrator:
        found += [
            f"management server {node['name']} is on a data node's host {node['host']}, expected a host of its own:"
            " losing it would lose the arbitrator, too; set ndb_common_shared_arbitrator to allow it"
            for node in of_kind(nodes, MGMD)
            if node["host"] in data_hosts
        ]
    return found
