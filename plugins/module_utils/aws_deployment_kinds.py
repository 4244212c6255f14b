# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The kinds of AWS resources that a cluster is made of, and how an answer of AWS becomes a list of ours.

Nothing here talks to AWS. A new kind is one more row of KINDS.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ansible.module_utils.common.dict_transformations import camel_dict_to_snake_dict
from ansible_collections.amazon.aws.plugins.module_utils.tagging import boto3_tag_list_to_ansible_dict

OWNER_SPEC: dict[str, dict[str, Any]] = {
    "cluster_name": {"type": "str", "required": True},
    "project": {"type": "str", "default": "LambdaFS"},
}
"""Options by which a module is told whose resources it works on."""

Resource = dict[str, Any]
Resources = dict[str, list[Resource]]


@dataclass(frozen=True)
class Kind:
    """One kind of resource.

    name: the key in the result, in plural.
    label: what a reader calls one of them.
    service: the boto3 client that lists it.
    operation: the client's method that lists it.
    path: keys that lead from an answer to its items; lists on the way are flattened.
    id_key: the item's key that holds its identifier.
    name_key: the item's key that names it when it has no tag Name.
    state_path: keys that lead from an item to its state; empty when the kind has none.
    gone: states in which the resource no longer exists.
    filter_parameter: what the operation calls its list of filters.
    """

    name: str
    label: str
    service: str
    operation: str
    path: tuple[str, ...]
    id_key: str
    name_key: str = ""
    state_path: tuple[str, ...] = ()
    gone: frozenset[str] = frozenset()
    filter_parameter: str = "Filters"

    @property
    def plural(self) -> str:
        """What a reader calls several of them."""
        return f"{self.label}s"


KINDS: tuple[Kind, ...] = (
    Kind("vpcs", "VPC", "ec2", "describe_vpcs", ("Vpcs",), "VpcId", state_path=("State",)),
    Kind("subnets", "subnet", "ec2", "describe_subnets", ("Subnets",), "SubnetId", state_path=("State",)),
    Kind(
        "internet_gateways",
        "internet gateway",
        "ec2",
        "describe_internet_gateways",
        ("InternetGateways",),
        "InternetGatewayId",
    ),
    Kind(
        "nat_gateways",
        "NAT gateway",
        "ec2",
        "describe_nat_gateways",
        ("NatGateways",),
        "NatGatewayId",
        state_path=("State",),
        gone=frozenset({"deleted"}),
        filter_parameter="Filter",
    ),
    Kind("elastic_ips", "Elastic IP", "ec2", "describe_addresses", ("Addresses",), "AllocationId", name_key="PublicIp"),
    Kind("route_tables", "route table", "ec2", "describe_route_tables", ("RouteTables",), "RouteTableId"),
    Kind(
        "security_groups",
        "security group",
        "ec2",
        "describe_security_groups",
        ("SecurityGroups",),
        "GroupId",
        name_key="GroupName",
    ),
    Kind(
        "instances",
        "instance",
        "ec2",
        "describe_instances",
        ("Reservations", "Instances"),
        "InstanceId",
        state_path=("State", "Name"),
        gone=frozenset({"terminated"}),
    ),
    Kind(
        "volumes",
        "volume",
        "ec2",
        "describe_volumes",
        ("Volumes",),
        "VolumeId",
        state_path=("State",),
        gone=frozenset({"deleted"}),
    ),
    Kind(
        "network_interfaces",
        "network interface",
        "ec2",
        "describe_network_interfaces",
        ("NetworkInterfaces",),
        "NetworkInterfaceId",
        state_path=("Status",),
    ),
    Kind("key_pairs", "key pair", "ec2", "describe_key_pairs", ("KeyPairs",), "KeyPairId", name_key="KeyName"),
    Kind(
        "launch_templates",
        "launch template",
        "ec2",
        "describe_launch_templates",
        ("LaunchTemplates",),
        "LaunchTemplateId",
        name_key="LaunchTemplateName",
    ),
    Kind(
        "auto_scaling_groups",
        "auto-scaling group",
        "autoscaling",
        "describe_auto_scaling_groups",
        ("AutoScalingGroups",),
        "AutoScalingGroupARN",
        name_key="AutoScalingGroupName",
        state_path=("Status",),
    ),
)

KINDS_BY_NAME: Mapping[str, Kind] = {kind.name: kind for kind in KINDS}
KIND_NAMES: tuple[str, ...] = tuple(KINDS_BY_NAME)


def items_of(answer: Mapping[str, Any], path: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return the items below path in one answer of AWS, lists on the way flattened."""
    found: list[Any] = [answer]
    for key in path:
        found = [item for holder in found for item in holder.get(key, [])]
    return found


def value_at(item: Mapping[str, Any], path: tuple[str, ...]) -> str:
    """Return the text at path in an item, or an empty one where a key on the way is missing."""
    value: Any = item
    for key in path:
        value = value.get(key) or {}
    return value if isinstance(value, str) else ""


def tags_of(item: Mapping[str, Any]) -> dict[str, str]:
    """Return an item's tags as a dict; key pairs, addresses and groups spell the list in different cases."""
    tags: dict[str, str] = boto3_tag_list_to_ansible_dict(item.get("Tags") or item.get("TagSet") or [])
    return tags


def to_resource(kind: Kind, item: Mapping[str, Any]) -> Resource:
    """Turn one item of AWS's answer into a snake_cased dict with id, name, tags and, where it has one, state."""
    tags = tags_of(item)
    untagged = {key: value for key, value in item.items() if key not in ("Tags", "TagSet")}
    resource: Resource = camel_dict_to_snake_dict(untagged)
    resource["id"] = item[kind.id_key]
    resource["name"] = tags.get("Name") or item.get(kind.name_key, "")
    resource["tags"] = tags
    if kind.state_path:
        resource["state"] = value_at(item, kind.state_path)
    return resource


def belongs_to(resource: Resource, owner: Mapping[str, str]) -> bool:
    """Say whether a resource carries every tag of its owner, whatever the server's filter let through."""
    return all(resource["tags"].get(key) == value for key, value in owner.items())


def to_resources(kind: Kind, items: Iterable[Mapping[str, Any]], owner: Mapping[str, str]) -> list[Resource]:
    """Return the owner's resources of a kind that still exist, ordered by name and id."""
    resources = [to_resource(kind, item) for item in items]
    alive = [
        resource for resource in resources if belongs_to(resource, owner) and resource.get("state") not in kind.gone
    ]
    return sorted(alive, key=lambda resource: (resource["name"], resource["id"]))


def owner_tags(cluster_name: str, project: str) -> dict[str, str]:
    """Return the tags that every resource of a cluster carries."""
    return {"Cluster": cluster_name, "Project": project}
