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

EKS_SPEC: dict[str, dict[str, Any]] = {"eks_cluster_name": {"type": "str", "default": ""}}
"""Option of a module that works on what Kubernetes made, too."""

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
    mark: tag that Kubernetes gives to what it makes, by which it is found instead of the owner's tags; {} stands for
        the name of the EKS cluster.
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
    mark: tuple[str, str] | None = None

    @property
    def plural(self) -> str:
        """What a reader calls several of them."""
        head, _of, tail = self.label.partition(" of ")
        plural = f"{head[:-1]}ies" if head.endswith("ry") else f"{head}s"
        return f"{plural} of {tail}" if tail else plural


# What Kubernetes' load balancers and EKS itself put on what they make for a cluster
CLUSTER_MARK = ("kubernetes.io/cluster/{}", "owned")

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
    # Listed subnet by subnet
    Kind(
        "subnet_reservations",
        "subnet CIDR reservation",
        "ec2",
        "get_subnet_cidr_reservations",
        ("SubnetIpv4CidrReservations",),
        "SubnetCidrReservationId",
        name_key="Cidr",
    ),
    # Read by aws_deployment_services, since their services have no filters
    Kind("eks_clusters", "EKS cluster", "eks", "list_clusters", (), "arn", name_key="name", state_path=("status",)),
    Kind(
        "eks_nodegroups",
        "node group",
        "eks",
        "list_nodegroups",
        (),
        "nodegroupArn",
        name_key="nodegroupName",
        state_path=("status",),
    ),
    Kind("eks_addons", "add-on", "eks", "list_addons", (), "addonArn", name_key="addonName", state_path=("status",)),
    Kind(
        "eks_access_entries",
        "access entry",
        "eks",
        "list_access_entries",
        (),
        "accessEntryArn",
        name_key="principalArn",
    ),
    Kind("oidc_providers", "OIDC provider", "iam", "list_open_id_connect_providers", (), "Arn", name_key="Url"),
    Kind("iam_roles", "IAM role", "iam", "list_roles", ("Roles",), "Arn", name_key="RoleName"),
    Kind(
        "instance_profiles",
        "instance profile",
        "iam",
        "list_instance_profiles",
        ("InstanceProfiles",),
        "Arn",
        name_key="InstanceProfileName",
    ),
    Kind(
        "server_certificates",
        "server certificate",
        "iam",
        "list_server_certificates",
        ("ServerCertificateMetadataList",),
        "Arn",
        name_key="ServerCertificateName",
    ),
    Kind(
        "load_balancers",
        "load balancer",
        "elb",
        "describe_load_balancers",
        ("LoadBalancerDescriptions",),
        "LoadBalancerName",
        mark=CLUSTER_MARK,
    ),
    Kind(
        "kubernetes_security_groups",
        "security group of Kubernetes",
        "ec2",
        "describe_security_groups",
        ("SecurityGroups",),
        "GroupId",
        name_key="GroupName",
        mark=CLUSTER_MARK,
    ),
    Kind(
        "kubernetes_volumes",
        "volume of Kubernetes",
        "ec2",
        "describe_volumes",
        ("Volumes",),
        "VolumeId",
        state_path=("State",),
        gone=frozenset({"deleted"}),
        mark=CLUSTER_MARK,
    ),
    Kind(
        "kubernetes_network_interfaces",
        "network interface of Kubernetes",
        "ec2",
        "describe_network_interfaces",
        ("NetworkInterfaces",),
        "NetworkInterfaceId",
        state_path=("Status",),
        mark=("cluster.k8s.amazonaws.com/name", "{}"),
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
    return bool(owner) and all(resource["tags"].get(key) == value for key, value in owner.items())


def to_resources(kind: Kind, items: Iterable[Mapping[str, Any]], owner: Mapping[str, str]) -> list[Resource]:
    """Return the owner's resources of a kind that still exist, ordered by name and id."""
    resources = [to_resource(kind, item) for item in items]
    alive = [
        resource for resource in resources if belongs_to(resource, owner) and resource.get("state") not in kind.gone
    ]
    return sorted(alive, key=lambda resource: (resource["name"], resource["id"]))


class Owner(dict[str, str]):
    """The tags that every resource of a cluster carries, and what else says that one is the cluster's.

    region: where the cluster is; IAM's resources, which have no region, carry it in their path.
    eks_cluster: name of the cluster's EKS cluster, which marks what Kubernetes makes; empty for none.
    """

    def __init__(self, cluster_name: str, project: str, region: str = "", eks_cluster: str = "") -> None:
        super().__init__(Cluster=cluster_name, Project=project)
        self.region = region
        self.eks_cluster = eks_cluster

    @property
    def path(self) -> str:
        """Path of all that the cluster has in IAM."""
        return f"/{self['Project']}/{self['Cluster']}/{self.region}/"

    def tags_of(self, kind: Kind) -> dict[str, str]:
        """Return the tags by which the cluster's resources of a kind are known; none are known without any."""
        if kind.mark is None:
            return dict(self)
        return (
            {kind.mark[0].format(self.eks_cluster): kind.mark[1].format(self.eks_cluster)} if self.eks_cluster else {}
        )
