# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""An NDB cluster as its management servers see it, and waiting until it meets a condition."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_management import (
    Address,
    Management,
    ManagementError,
    Node,
    PackedConfiguration,
    View,
    as_result,
    best,
    look_at_all,
    needs_restart,
)
from ansible_collections.lambdafs.cluster.plugins.module_utils.polling import poll

CONDITIONS = ("answering", "started", "stopped", "connected")
_INTERVAL = 1.0


@dataclass(frozen=True)
class Cluster:
    """What the management servers say together. The nodes are those of the server in contact with most of them."""

    views: tuple[View, ...] = field(default_factory=tuple)

    @property
    def view(self) -> View | None:
        """The view that counts; None when no management server answers."""
        return best(self.views)

    @property
    def nodes(self) -> tuple[Node, ...]:
        """All nodes of the configuration, by id."""
        return self.view.nodes if self.view else ()

    def data_node_ids(self) -> list[int]:
        """Ids of the data nodes of the configuration."""
        return [node.id for node in self.nodes if node.kind == "datanode"]


def ask_cluster(addresses: Sequence[Address], timeout: float) -> Cluster:
    """Ask all management servers; `timeout` is in seconds, for each answer."""
    return Cluster(tuple(look_at_all(addresses, timeout)))


def node_groups(nodes: Sequence[Node]) -> dict[str, list[int]]:
    """Ids of the data nodes in contact by their node group; those without one are below the key `none`."""
    groups: dict[str, list[int]] = {}
    for node in nodes:
        if node.kind == "datanode" and node.connected:
            groups.setdefault("none" if node.node_group is None else str(node.node_group), []).append(node.id)
    return groups


def complaints(cluster: Cluster, condition: str, node_ids: Collection[int]) -> list[str]:
    """What keeps the cluster from meeting the condition, one sentence each; empty when it is met.

    Args:
        cluster: what the management servers said.
        condition: `answering` (a management server answers), `started` (each of the data nodes is started),
            `stopped` (none of the nodes is in contact), `connected` (each of the nodes is in contact).
        node_ids: the nodes that the condition is about; all data nodes where it is empty.
    """
    if not cluster.view:
        said = "; ".join(f"{view.address}: {view.detail}" for view in cluster.views)
        return [f"no management server answers ({said}), expected one"]
    by_id = {node.id: node for node in cluster.nodes}
    found: list[str] = []
    for node_id in sorted(node_ids or cluster.data_node_ids()) if condition != "answering" else []:
        node = by_id.get(node_id)
        if node is None:
            found.append(f"node {node_id} is not in the running configuration, expected it there")
        elif condition == "started" and not node.started:
            phase = f" in phase {node.start_phase}" if node.state == "starting" else ""
            found.append(f"data node {node_id} is {node.state}{phase}, expected started")
        elif condition == "stopped" and node.connected:
            found.append(f"node {node_id} is {node.state}, expected no contact")
        elif condition == "connected" and not node.connected:
            found.append(f"node {node_id} is {node.state}, expected it connected")
    return found


def wait_for(
    ask: Callable[[], Cluster], condition: str, node_ids: Collection[int], timeout: float
) -> tuple[Cluster, list[str]]:
    """Ask until the condition is met or `timeout` seconds are over; 0 asks once.

    Returns:
        The last answer, and the complaints left over.
    """
    cluster = poll(ask, lambda found: not complaints(found, condition, node_ids), timeout, _INTERVAL)
    return cluster, complaints(cluster, condition, node_ids)


@dataclass(frozen=True)
class Configurations:
    """What runs: the management server's newcomers, and each started data node's own configuration.

    `generations` has the node's generation by its id; `outdated` are ids of nodes that have to be restarted to apply
    the management server's configuration; `newcomers` are those of data nodes that are to start without a node group.
    """

    generations: Mapping[int, int] = field(default_factory=dict)
    outdated: Sequence[int] = ()
    newcomers: Sequence[int] = ()


def ask_configurations(view: View, timeout: float) -> Configurations:
    """Ask for the configurations that run. A node that stops meanwhile is left out."""
    running: dict[int, PackedConfiguration] = {}
    with Management(view.address, timeout) as server:
        current = server.configuration()
        for node in view.nodes:
            if node.started:
                try:
                    running[node.id] = server.configuration(node.id)
                except ManagementError:
                    continue
    return Configurations(
        {node_id: configuration.generation for node_id, configuration in running.items()},
        [node_id for node_id, configuration in running.items() if needs_restart(configuration, current)],
        current.newcomers,
    )


def as_summary(cluster: Cluster, configurations: Configurations) -> dict[str, Any]:
    """What a module returns.

    Args:
        cluster: what the management servers said.
        configurations: what runs, where it was asked for.
    """
    generations = configurations.generations
    return {
        "nodes": [{**as_result(node), "config_generation": generations.get(node.id)} for node in cluster.nodes],
        "node_groups": node_groups(cluster.nodes),
        "managers": [
            {
                "host": view.address.host,
                "port": view.address.port,
                "answers": view.answers,
                "detail": view.detail,
                "id": view.node_id,
                "config_generation": view.generation,
            }
            for view in cluster.views
        ],
        "config_generation": cluster.view.generation if cluster.view else None,
        "outdated_ids": list(configurations.outdated),
        "newcomer_ids": list(configurations.newcomers),
        "live_ids": [node.id for node in cluster.nodes if node.kind == "datanode" and node.connected],
    }
