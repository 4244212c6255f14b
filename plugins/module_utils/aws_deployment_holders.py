# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What may keep AWS from removing a resource, and how it is named. Nothing here talks to AWS."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ansible_collections.lambdafs.cluster.plugins.module_utils.aws_deployment_kinds import Resource
from ansible_collections.lambdafs.cluster.plugins.module_utils.aws_deployment_plan import describe


@dataclass(frozen=True)
class Query:
    """Where to look for a holder: a kind, and the filter that takes the identifier of what is held."""

    kind: str
    filter: str


# A volume or an interface tells itself what it is attached to.
INTERFACE_QUERIES = (Query("network_interfaces", "network-interface-id"),)
GROUP_QUERIES = (Query("network_interfaces", "group-id"), Query("security_groups", "ip-permission.group-id"))
VOLUME_QUERIES = (Query("volumes", "volume-id"),)
QUERIES: Mapping[str, tuple[Query, ...]] = {
    "kubernetes_network_interfaces": INTERFACE_QUERIES,
    "kubernetes_security_groups": GROUP_QUERIES,
    "kubernetes_volumes": VOLUME_QUERIES,
    "network_interfaces": INTERFACE_QUERIES,
    "security_groups": GROUP_QUERIES,
    "subnets": (Query("network_interfaces", "subnet-id"),),
    "volumes": VOLUME_QUERIES,
    "vpcs": (
        Query("network_interfaces", "vpc-id"),
        Query("subnets", "vpc-id"),
        Query("security_groups", "vpc-id"),
        Query("route_tables", "vpc-id"),
        Query("internet_gateways", "attachment.vpc-id"),
    ),
}


@dataclass(frozen=True)
class Holder:
    """A resource, ours or foreign, that keeps another one from being removed."""

    kind: str
    resource: Resource

    @property
    def text(self) -> str:
        """The holder in one phrase, with the instance that it is attached to."""
        instance = attached_instance(self.resource)
        attached = f" attached to instance {instance}" if instance else ""
        purpose = f" '{self.resource['description']}'" if self.resource.get("description") else ""
        return f"{describe(self.kind, self.resource)}{purpose}{attached}"

    @property
    def lasting(self) -> bool:
        """Whether waiting is useless: AWS takes away by itself only what it attached itself."""
        if self.kind == "volumes":
            return False
        if self.kind == "network_interfaces":
            return bool(self.resource["state"] == "available" or attached_instance(self.resource))
        return True


def attached_instance(resource: Resource) -> str:
    """Return the identifier of the instance that a volume or an interface is attached to, or an empty text."""
    attachments = resource.get("attachments") or [resource.get("attachment") or {}]
    return next((item["instance_id"] for item in attachments if item.get("instance_id")), "")


def holds(holder: Holder, held: Resource) -> bool:
    """Say whether a resource that the query found is a holder: a VPC takes its own main table and group along."""
    resource = holder.resource
    if holder.kind == "route_tables":
        return not any(association.get("main") for association in resource.get("associations", []))
    if holder.kind == "security_groups":
        return bool(resource["id"] != held["id"] and resource["group_name"] != "default")
    return True
