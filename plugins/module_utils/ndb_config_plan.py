# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which changes of NDB's configuration are allowed, and which data nodes are newcomers."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_config_file import Change, ConfiguredNode, of
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_nodes import DATANODE, MGMD, TITLES, of_kind
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_parameters import (
    INITIAL,
    NODE,
    RESTARTS,
    SYSTEM,
    number_of,
)

Configuration = Mapping[int, ConfiguredNode]
_WARNINGS = {
    SYSTEM: "a restart of the whole system",
    INITIAL: "an initial restart, which erases each data node's files in turn",
}


def newcomers(nodes: Sequence[Mapping[str, Any]], before: Configuration, grouped: Collection[int]) -> set[int]:
    """Ids of the data nodes that are to start without a node group: those that an existing cluster does not have yet.

    Args:
        nodes: the nodes as they should be.
        before: the configuration of the existing cluster; empty before a first start.
        grouped: ids of data nodes that are known to have a node group.
    """
    if not of(before, DATANODE):
        return set()
    ids = {int(node["id"]) for node in of_kind(nodes, DATANODE)}
    return {node_id for node_id in ids - set(grouped) if node_id not in before or before[node_id].is_newcomer}


def replica_refusals(before: Configuration, replicas: int) -> list[str]:
    """The number of replicas must stay what it was at the first start."""
    had = {number_of(node.values.get("noofreplicas", "2")) for node in of(before, DATANODE)}
    return [
        f"{replicas} replicas asked for and the cluster was made with {count}, expected {count}:"
        " the number cannot change after the first start, set ndb_common_replicas back"
        for count in had
        if count != replicas
    ]


def moved_refusals(before: Configuration, after: Configuration) -> list[str]:
    """An address must keep its node id."""
    found: list[str] = []
    for kind in (MGMD, DATANODE):
        ids = {node.host: node.id for node in of(before, kind) if node.host}
        found += [
            f"{TITLES[kind]} {ids[node.host]} at {node.host} is to become {node.id}, expected the same id:"
            " give the VM its tag Index back"
            for node in of(after, kind)
            if ids.get(node.host, node.id) != node.id and ids[node.host] not in _at(after, kind, node.host)
        ]
    return found


def _at(configuration: Configuration, kind: str, host: str) -> set[int]:
    return {node.id for node in of(configuration, kind) if node.host == host}


def removal_refusals(before: Configuration, after: Configuration, in_contact: Collection[int]) -> list[str]:
    """A data node must stay, unless it never came as far as to start."""
    gone = [
        node.id
        for node in of(before, DATANODE)
        if (node.id not in after or after[node.id].kind != DATANODE) and (not node.is_newcomer or node.id in in_contact)
    ]
    if not gone:
        return []
    ids = ", ".join(str(node_id) for node_id in gone)
    return [
        f"{len(of(after, DATANODE))} data nodes asked for and the cluster has {len(of(before, DATANODE))},"
        f" expected data node {ids} as well: data nodes cannot be taken out of a running cluster"
    ]


def restart_refusals(changes: Sequence[Change], allowed: str) -> list[str]:
    """Changes that need a stronger restart than is allowed.

    Args:
        changes: how the configuration differs.
        allowed: node, system or initial.
    """
    return [
        f"{change.text} needs {_WARNINGS[change.restart]}, expected a change that restarts of one node at a time"
        f" apply: set it back, or confirm it with ndb_mgmd_confirm_restart={change.restart}"
        for change in changes
        if RESTARTS.index(change.restart) > RESTARTS.index(allowed or NODE)
    ]


def shape_refusals(
    before: Configuration, after: Configuration, replicas: int, in_contact: Collection[int]
) -> list[str]:
    """Why the cluster must not become one of this shape, whatever is confirmed; empty where it may.

    Args:
        before: the configuration of the existing cluster; empty before a first start, when all is allowed.
        after: the configuration that is wanted.
        replicas: the number of replicas that is wanted.
        in_contact: ids of data nodes that the management server is in contact with.
    """
    return [
        *replica_refusals(before, replicas),
        *moved_refusals(before, after),
        *removal_refusals(before, after, in_contact),
    ]
