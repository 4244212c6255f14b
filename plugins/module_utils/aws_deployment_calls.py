# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which calls of AWS's API remove resources of a kind. Nothing here makes one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible.module_utils.common.dict_transformations import snake_dict_to_camel_dict
from ansible_collections.lambdafs.cluster.plugins.module_utils.aws_deployment_kinds import Resource

ENDING_STATES = frozenset({"DELETING", "deleting", "shutting-down", "Delete in progress"})


@dataclass(frozen=True)
class Call:
    """One call of AWS's API.

    operation: the boto3 client's method.
    arguments: its keyword arguments.
    resources: the resources of which it is a part of the removal.
    """

    operation: str
    arguments: Mapping[str, Any]
    resources: tuple[Resource, ...]


Phase = list[Call]
OPERATIONS: Mapping[str, tuple[str, str, str]] = {
    "eks_clusters": ("delete_cluster", "name", "name"),
    "elastic_ips": ("release_address", "AllocationId", "id"),
    "iam_roles": ("delete_role", "RoleName", "role_name"),
    "instance_profiles": ("delete_instance_profile", "InstanceProfileName", "instance_profile_name"),
    "internet_gateways": ("delete_internet_gateway", "InternetGatewayId", "id"),
    "key_pairs": ("delete_key_pair", "KeyName", "key_name"),
    "kubernetes_network_interfaces": ("delete_network_interface", "NetworkInterfaceId", "id"),
    "kubernetes_security_groups": ("delete_security_group", "GroupId", "id"),
    "launch_templates": ("delete_launch_template", "LaunchTemplateId", "id"),
    "kubernetes_volumes": ("delete_volume", "VolumeId", "id"),
    "load_balancers": ("delete_load_balancer", "LoadBalancerName", "id"),
    "nat_gateways": ("delete_nat_gateway", "NatGatewayId", "id"),
    "network_interfaces": ("delete_network_interface", "NetworkInterfaceId", "id"),
    "oidc_providers": ("delete_open_id_connect_provider", "OpenIDConnectProviderArn", "id"),
    "route_tables": ("delete_route_table", "RouteTableId", "id"),
    "security_groups": ("delete_security_group", "GroupId", "id"),
    "server_certificates": ("delete_server_certificate", "ServerCertificateName", "name"),
    "subnet_reservations": ("delete_subnet_cidr_reservation", "SubnetCidrReservationId", "id"),
    "subnets": ("delete_subnet", "SubnetId", "id"),
    "volumes": ("delete_volume", "VolumeId", "id"),
    "vpcs": ("delete_vpc", "VpcId", "id"),
}
# Parts of an EKS cluster, whose calls name the cluster too
EKS_PARTS: Mapping[str, tuple[str, str, str]] = {
    "eks_access_entries": ("delete_access_entry", "principalArn", "principal_arn"),
    "eks_addons": ("delete_addon", "addonName", "addon_name"),
    "eks_nodegroups": ("delete_nodegroup", "nodegroupName", "nodegroup_name"),
}


def removal_phases(kind: str, resources: Sequence[Resource]) -> list[Phase]:
    """Return the calls that remove the resources of one kind: phase after phase, in a phase all at once.

    Resources that are on their way out already get no call.
    """
    staying = [resource for resource in resources if resource.get("state") not in ENDING_STATES]
    phases = [PREPARATIONS[kind](staying)] if kind in PREPARATIONS else []
    return [phase for phase in [*phases, removals(kind, staying)] if phase]


def removals(kind: str, resources: Sequence[Resource]) -> Phase:
    """Return the calls that remove the resources once nothing refers to them; instances all in one."""
    if kind == "instances":
        ids = [resource["id"] for resource in resources]
        return [Call("terminate_instances", {"InstanceIds": ids}, tuple(resources))] if ids else []
    if kind == "auto_scaling_groups":
        return [
            Call(
                "delete_auto_scaling_group",
                {"AutoScalingGroupName": resource["auto_scaling_group_name"], "ForceDelete": True},
                (resource,),
            )
            for resource in resources
        ]
    if kind in EKS_PARTS:
        operation, parameter, key = EKS_PARTS[kind]
        return [
            Call(operation, {"clusterName": resource["cluster_name"], parameter: resource[key]}, (resource,))
            for resource in resources
        ]
    operation, parameter, key = OPERATIONS[kind]
    return [Call(operation, {parameter: resource[key]}, (resource,)) for resource in resources]


def release_holds(addresses: Sequence[Resource]) -> Phase:
    """Return the calls that take Elastic IPs from what they are associated with."""
    return [
        Call("disassociate_address", {"AssociationId": address["association_id"]}, (address,))
        for address in addresses
        if address.get("association_id")
    ]


def detach_gateways(gateways: Sequence[Resource]) -> Phase:
    """Return the calls that detach internet gateways from their VPCs."""
    return [
        Call(
            "detach_internet_gateway",
            {"InternetGatewayId": gateway["id"], "VpcId": attachment["vpc_id"]},
            (gateway,),
        )
        for gateway in gateways
        for attachment in gateway.get("attachments", [])
    ]


def disassociate_tables(tables: Sequence[Resource]) -> Phase:
    """Return the calls that take route tables from their subnets."""
    return [
        Call("disassociate_route_table", {"AssociationId": association["route_table_association_id"]}, (table,))
        for table in tables
        for association in table.get("associations", [])
        if not association.get("main")
    ]


def revoke_references(groups: Sequence[Resource]) -> Phase:
    """Return the calls that take away the rules by which security groups refer to other groups."""
    directions = (
        ("revoke_security_group_ingress", "ip_permissions"),
        ("revoke_security_group_egress", "ip_permissions_egress"),
    )
    return [
        Call(operation, {"GroupId": group["id"], "IpPermissions": references}, (group,))
        for group in groups
        for operation, key in directions
        if (references := references_to_others(group, key))
    ]


def references_to_others(group: Resource, key: str) -> list[dict[str, Any]]:
    """Return the part of a group's rules that names other groups, as AWS spells it."""
    references = []
    for rule in group.get(key, []):
        others = [pair for pair in rule.get("user_id_group_pairs", []) if pair.get("group_id") != group["id"]]
        if others:
            scope = {name: rule[name] for name in ("ip_protocol", "from_port", "to_port") if name in rule}
            pairs = [
                {name: pair[name] for name in ("group_id", "user_id", "description") if name in pair} for pair in others
            ]
            spelled = snake_dict_to_camel_dict({**scope, "user_id_group_pairs": pairs}, capitalize_first=True)
            references.append(spelled)
    return references


def strip_roles(roles: Sequence[Resource]) -> Phase:
    """Return the calls that take policies and instance profiles from roles."""
    calls = []
    for role in roles:
        name = {"RoleName": role["role_name"]}
        calls += [
            Call("detach_role_policy", {**name, "PolicyArn": policy["policy_arn"]}, (role,))
            for policy in role["attached_policies"]
        ]
        calls += [
            Call("delete_role_policy", {**name, "PolicyName": policy}, (role,)) for policy in role["inline_policies"]
        ]
        calls += [
            Call("remove_role_from_instance_profile", {**name, "InstanceProfileName": profile}, (role,))
            for profile in role["instance_profiles"]
        ]
    return calls


def empty_profiles(profiles: Sequence[Resource]) -> Phase:
    """Return the calls that take the roles out of instance profiles."""
    return [
        Call(
            "remove_role_from_instance_profile",
            {"InstanceProfileName": profile["instance_profile_name"], "RoleName": role["role_name"]},
            (profile,),
        )
        for profile in profiles
        for role in profile.get("roles", [])
    ]


PREPARATIONS: Mapping[str, Callable[[Sequence[Resource]], Phase]] = {
    "elastic_ips": release_holds,
    "iam_roles": strip_roles,
    "instance_profiles": empty_profiles,
    "internet_gateways": detach_gateways,
    "kubernetes_security_groups": revoke_references,
    "route_tables": disassociate_tables,
    "security_groups": revoke_references,
}
