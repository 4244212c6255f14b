"""What the lab's EKS knows: clusters with their node groups, add-ons, access entries and updates.

The API's operations read and write these objects; the lab's Kubernetes side follows them and settles their states.
All of it is guarded by the lab's one lock.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from moto.eks.exceptions import (
    InvalidParameterException,
    InvalidRequestException,
    ResourceInUseException,
    ResourceNotFoundException,
)


def now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


Shown = dict[str, Any]
"""A resource as its Describe operation answers, member names as in the service's model."""


@dataclass
class Update:
    """An update of a cluster, a node group or an add-on."""

    shown: Shown
    node_group: str = ""
    addon: str = ""


@dataclass
class NodeGroup:
    """A managed node group; `shown` holds what DescribeNodegroup answers."""

    shown: Shown
    since: datetime = field(default_factory=now)
    pending_updates: list[Update] = field(default_factory=list)

    @property
    def name(self) -> str:
        return str(self.shown["nodegroupName"])


@dataclass
class Addon:
    """An add-on.

    Attributes:
        keeps_objects: DeleteAddon was called with `preserve`: what it put into the cluster stays.
    """

    shown: Shown
    since: datetime = field(default_factory=now)
    pending_updates: list[Update] = field(default_factory=list)
    keeps_objects: bool = False

    @property
    def name(self) -> str:
        return str(self.shown["addonName"])


@dataclass
class AccessEntry:
    """An access entry with its associated policies (policy ARN → shown association)."""

    shown: Shown
    policies: dict[str, Shown] = field(default_factory=dict)


@dataclass
class Cluster:
    """A cluster.

    Attributes:
        creator: ARN of the IAM principal that made it.
        address: private address of its control plane, that of a network interface in one of its subnets.
        interface_ids: network interfaces of the control plane.
        admin: the cluster's creator is its administrator though no access entry says so (mode CONFIG_MAP).
    """

    account: str
    region: str
    shown: Shown
    creator: str
    address: str
    interface_ids: list[str]
    admin: bool = False
    node_groups: dict[str, NodeGroup] = field(default_factory=dict)
    addons: dict[str, Addon] = field(default_factory=dict)
    entries: dict[str, AccessEntry] = field(default_factory=dict)
    updates: dict[str, Update] = field(default_factory=dict)
    pending_updates: list[Update] = field(default_factory=list)

    @property
    def name(self) -> str:
        return str(self.shown["name"])

    @property
    def key(self) -> str:
        """A name that no other cluster of the lab has, fit for a directory."""
        return f"{self.account}.{self.region}.{self.name}"

    @property
    def status(self) -> str:
        return str(self.shown["status"])

    @status.setter
    def status(self, value: str) -> None:
        self.shown["status"] = value

    @property
    def group_id(self) -> str:
        return str(self.shown["resourcesVpcConfig"]["clusterSecurityGroupId"])


_clusters: dict[tuple[str, str, str], Cluster] = {}


def clusters(account: str = "", region: str = "") -> list[Cluster]:
    """All clusters, or those of one account and region."""
    return [
        cluster
        for cluster in list(_clusters.values())
        if account in ("", cluster.account) and region in ("", cluster.region)
    ]


def by_key(key: str) -> Cluster | None:
    """The cluster with that key, or None."""
    return next((cluster for cluster in clusters() if cluster.key == key), None)


def add(cluster: Cluster) -> None:
    """Remember a new cluster."""
    _clusters[cluster.account, cluster.region, cluster.name] = cluster


def forget(cluster: Cluster) -> None:
    """A deleted cluster is gone."""
    _clusters.pop((cluster.account, cluster.region, cluster.name), None)


def find(account: str, region: str, name: str) -> Cluster | None:
    """The cluster of that name, or None."""
    return _clusters.get((account, region, name))


def get_cluster(account: str, region: str, name: str) -> Cluster:
    """The cluster of that name; EKS's error where there is none."""
    cluster = find(account, region, name)
    if cluster is None:
        raise not_found(f"No cluster found for name: {name}.", clusterName=name)
    return cluster


def get_node_group(cluster: Cluster, name: str) -> NodeGroup:
    """The node group of that name; EKS's error where there is none."""
    if name not in cluster.node_groups:
        raise not_found(f"No node group found for name: {name}.", clusterName=cluster.name, nodegroupName=name)
    return cluster.node_groups[name]


def get_addon(cluster: Cluster, name: str) -> Addon:
    """The add-on of that name; EKS's error where there is none."""
    if name not in cluster.addons:
        raise not_found(f"No addon: {name} found in cluster: {cluster.name}", clusterName=cluster.name, addonName=name)
    return cluster.addons[name]


def require_active(cluster: Cluster) -> None:
    """EKS's error unless the cluster is ACTIVE (an update of it may be under way)."""
    if cluster.status not in ("ACTIVE", "UPDATING"):
        raise invalid_request(f"Cluster '{cluster.name}' is not in ACTIVE status", clusterName=cluster.name)


def new_update(
    cluster: Cluster, kind: str, params: dict[str, Any], owner: Cluster | NodeGroup | Addon | None = None
) -> Update:
    """Begin an update; it ends when the Kubernetes side has followed.

    Args:
        kind: type of update, such as `ConfigUpdate`.
        params: parameter type → new value.
        owner: what is updated; the cluster itself if None.
    """
    update = Update(
        {
            "id": str(uuid.uuid4()),
            "status": "InProgress",
            "type": kind,
            "params": [{"type": name, "value": str(value)} for name, value in params.items()],
            "createdAt": now(),
            "errors": [],
        },
        node_group=owner.name if isinstance(owner, NodeGroup) else "",
        addon=owner.name if isinstance(owner, Addon) else "",
    )
    cluster.updates[update.shown["id"]] = update
    (owner or cluster).pending_updates.append(update)
    return update


def finish_updates(owner: Cluster | NodeGroup | Addon, status: str = "Successful") -> None:
    """End the updates of a resource that are under way."""
    for update in owner.pending_updates:
        update.shown["status"] = status
    owner.pending_updates.clear()


def tagged(cluster: Cluster) -> Iterator[Shown]:
    """Everything of a cluster that has tags, the cluster first."""
    yield cluster.shown
    for group in cluster.node_groups.values():
        yield group.shown
    for addon in cluster.addons.values():
        yield addon.shown
    for entry in cluster.entries.values():
        yield entry.shown


def arn_of(shown: Shown) -> str:
    """The ARN of a resource of any kind."""
    return str(shown.get("arn") or shown.get("nodegroupArn") or shown.get("addonArn") or shown.get("accessEntryArn"))


def not_found(message: str, **names: str) -> ResourceNotFoundException:
    """EKS's answer 404."""
    return ResourceNotFoundException(message=message, **names)


def in_use(message: str, **names: str) -> ResourceInUseException:
    """EKS's answer 409."""
    return ResourceInUseException(message=message, **names)


def invalid_parameter(message: str, **names: str) -> InvalidParameterException:
    """EKS's answer 400 to a parameter that cannot be used."""
    return InvalidParameterException(message=message, **names)


def invalid_request(message: str, **names: str) -> InvalidRequestException:
    """EKS's answer 400 to a request that does not fit the state."""
    return InvalidRequestException(message=message, **names)
