"""Makes instances and Node objects follow the node groups of one cluster, and settles the groups' states."""

from __future__ import annotations

import threading

from lab.kubernetes import nodes
from lab.kubernetes.api import Api, Thing, path_of
from lab.kubernetes.build import VERSION
from lab.kubernetes.nodes import Node
from lab.kubernetes.timing import CHANGE_SECONDS
from lab.moto_fixes import eks_access, eks_store, node_instances
from lab.moto_fixes.eks_store import now

_NODES = "api/v1/nodes"
_PODS = "api/v1/pods"


class NodeGroups:
    """Follows the node groups of a cluster.

    Args:
        lock: guards moto's data.
    """

    def __init__(self, cluster: eks_store.Cluster, api: Api, lock: threading.RLock) -> None:
        self._cluster = cluster
        self._api = api
        self._lock = lock

    def round(self) -> None:
        """Look once, and do what is to do."""
        with self._lock:
            node_instances.settle()
            wanted = {node.name: node for group in self._groups() for node in self._size(group)}
        current = {node["metadata"]["name"]: node for node in self._api.list_all(path_of(_NODES))}
        for name, thing in current.items():
            if name not in wanted and nodes.GROUP_LABEL in (thing["metadata"].get("labels") or {}):
                self._remove(name)
        for name, node in wanted.items():
            if name not in current:
                self._join(node)
            elif patch := nodes.change(node, current[name]):
                self._api.patch(path_of(_NODES, name=name), patch)
        with self._lock:
            for group in self._groups():
                self._settle(group)

    def _groups(self) -> list[eks_store.NodeGroup]:
        return list(self._cluster.node_groups.values())

    def _size(self, group: eks_store.NodeGroup) -> list[Node]:
        """Bring the number of a group's instances to what it should be; returns the nodes that should be."""
        is_deleting = group.shown["status"] == "DELETING"
        desired = 0 if is_deleting else group.shown["scalingConfig"]["desiredSize"]
        running = node_instances.of_group(self._cluster, group)
        for instance in running[desired:]:
            node_instances.end(instance)
        node_instances.launch(self._cluster, group, desired - len(running))
        return [_node(instance, self._cluster, group) for instance in node_instances.of_group(self._cluster, group)]

    def _join(self, node: Node) -> None:
        """Make a Node object that is ready: without the taint that the API server gives to every new one."""
        path, joined = path_of(_NODES, name=node.name), nodes.as_object(node, f"v{VERSION}")
        self._api.create(path_of(_NODES), joined)
        self._api.patch(f"{path}/status", {"status": nodes.status(node, f"v{VERSION}")})
        self._api.patch(path, {"spec": {"taints": joined["spec"]["taints"]}})

    def _remove(self, name: str) -> None:
        """Remove a Node object and what ran on the node."""
        for pod in self._api.list_all(f"{path_of(_PODS)}?fieldSelector=spec.nodeName%3D{name}"):
            metadata: Thing = pod["metadata"]
            self._api.delete(path_of(_PODS, metadata["namespace"], metadata["name"]), grace_seconds=0)
        self._api.delete(path_of(_NODES, name=name))

    def _settle(self, group: eks_store.NodeGroup) -> None:
        """The group's nodes are as they should be: so is its state, once its time has come."""
        if (now() - group.since).total_seconds() < CHANGE_SECONDS:
            return
        if group.shown["status"] == "DELETING":
            if not node_instances.of_group(self._cluster, group):
                del self._cluster.node_groups[group.name]
                eks_access.dismiss_nodes(self._cluster, group.shown["nodeRole"])
        elif group.shown["status"] in ("CREATING", "UPDATING"):
            running = len(node_instances.of_group(self._cluster, group))
            if running == group.shown["scalingConfig"]["desiredSize"]:
                group.shown["status"] = "ACTIVE"
                eks_store.finish_updates(group)


def _node(instance: object, cluster: eks_store.Cluster, group: eks_store.NodeGroup) -> Node:
    shown = group.shown
    address = str(instance.private_ip)  # type: ignore[attr-defined]
    suffix = "ec2.internal" if cluster.region == "us-east-1" else f"{cluster.region}.compute.internal"
    return Node(
        name=f"ip-{address.replace('.', '-')}.{suffix}",
        instance_id=str(instance.id),  # type: ignore[attr-defined]
        group=group.name,
        address=address,
        zone=str(instance._placement.zone),  # type: ignore[attr-defined]
        region=cluster.region,
        instance_type=str(instance.instance_type),  # type: ignore[attr-defined]
        capacity_type=shown["capacityType"],
        ami_type=shown["amiType"],
        labels=tuple(sorted(shown["labels"].items())),
        taints=nodes.taints_of(shown),
    )
