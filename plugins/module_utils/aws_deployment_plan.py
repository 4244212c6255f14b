# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The order in which a cluster is taken down: from resources to steps, and steps as text.

Nothing here talks to AWS.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ansible_collections.lambdafs.cluster.plugins.module_utils.aws_deployment_kinds import (
    KINDS_BY_NAME,
    Resource,
    Resources,
)

# What a stage removes needs nothing of the stages before it any more; inside a stage no order is needed.
STAGES: Mapping[str, tuple[str, ...]] = {
    "groups": ("auto_scaling_groups", "eks_nodegroups", "launch_templates", "key_pairs"),
    "machines": ("instances", "nat_gateways", "eks_clusters", "eks_addons", "eks_access_entries"),
    # With the cluster gone, nobody makes them again
    "balancers": ("load_balancers",),
    "identities": ("oidc_providers", "instance_profiles", "iam_roles", "server_certificates"),
    "attachments": (
        "volumes",
        "kubernetes_volumes",
        "elastic_ips",
        "network_interfaces",
        "kubernetes_network_interfaces",
        "subnet_reservations",
    ),
    "routing": ("route_tables", "security_groups", "kubernetes_security_groups", "internet_gateways"),
    "subnets": ("subnets",),
    "vpcs": ("vpcs",),
}

VERBS: Mapping[str, str] = {
    "elastic_ips": "release",
    "instances": "terminate",
    "internet_gateways": "detach and delete",
    "route_tables": "disassociate and delete",
}


@dataclass(frozen=True)
class Step:
    """One resource and what becomes of it.

    stage: the stage in which it goes.
    kind: its kind, a key of KINDS_BY_NAME.
    resource: the resource as the listing returns it.
    goes_with: identifier of the resource of ours that takes it along, or empty.
    """

    stage: str
    kind: str
    resource: Resource
    goes_with: str

    @property
    def action(self) -> str:
        """What is done to the resource, as a verb."""
        return f"goes with {self.goes_with}" if self.goes_with else VERBS.get(self.kind, "delete")

    def as_dict(self) -> dict[str, str]:
        """Return the step as a module returns it."""
        subject = describe(self.kind, self.resource)
        return {
            "stage": self.stage,
            "action": self.action,
            "kind": self.kind,
            "id": self.resource["id"],
            "name": self.resource["name"],
            "text": f"{subject} {self.action}" if self.goes_with else f"{self.action} {subject}",
        }


def describe(kind: str, resource: Resource) -> str:
    """Name a resource for a reader: kind, identifier, name and state."""
    identifier = resource["name"] if resource["id"].startswith("arn:") else resource["id"]
    details = [text for text in (resource["name"], resource.get("state")) if text and text != identifier]
    shown = f" ({', '.join(details)})" if details else ""
    return f"{KINDS_BY_NAME[kind].label} {identifier}{shown}"


def taken_along(resources: Resources) -> dict[str, str]:
    """Map what AWS removes together with another resource of ours to that one's identifier.

    An instance takes along volumes and interfaces that are deleted on termination, a VPC its main route table and
    its default security group, an EKS cluster its add-ons and access entries.
    """
    vpcs = {vpc["id"] for vpc in resources.get("vpcs", [])}
    taken: dict[str, str] = {}
    for instance in resources.get("instances", []):
        volumes = [mapping.get("ebs", {}) for mapping in instance.get("block_device_mappings", [])]
        taken |= {volume["volume_id"]: instance["id"] for volume in volumes if volume.get("delete_on_termination")}
        taken |= {
            interface["network_interface_id"]: instance["id"]
            for interface in instance.get("network_interfaces", [])
            if interface.get("attachment", {}).get("delete_on_termination")
        }
    taken |= {
        part["id"]: f"EKS cluster {part['cluster_name']}"
        for kind in ("eks_addons", "eks_access_entries")
        for part in resources.get(kind, [])
    }
    taken |= {
        table["id"]: table["vpc_id"]
        for table in resources.get("route_tables", [])
        if table["vpc_id"] in vpcs and any(association.get("main") for association in table.get("associations", []))
    }
    return taken | {
        group["id"]: group["vpc_id"]
        for group in resources.get("security_groups", [])
        if group["group_name"] == "default" and group.get("vpc_id") in vpcs
    }


def plan_removal(resources: Resources, stages: Iterable[str] = tuple(STAGES)) -> list[Step]:
    """Return the steps that remove the resources, in the order in which they work."""
    wanted = set(stages)
    taken = taken_along(resources)
    return [
        Step(stage, kind, resource, taken.get(resource["id"], ""))
        for stage, kinds in STAGES.items()
        if stage in wanted
        for kind in kinds
        for resource in resources.get(kind, [])
    ]


def summarize(steps: Iterable[Step]) -> list[dict[str, str]]:
    """Return one entry a stage, in order: its name and, as text, what it does to how many of which kind."""
    counts: dict[str, Counter[str]] = {}
    for step in steps:
        counts.setdefault(step.stage, Counter())[step.kind] += 1
    return [
        {"name": stage, "text": ", ".join(count_text(kind, number) for kind, number in counter.items())}
        for stage, counter in counts.items()
    ]


def count_text(kind: str, number: int) -> str:
    """Say what is done to how many resources of a kind."""
    row = KINDS_BY_NAME[kind]
    return f"{VERBS.get(kind, 'delete')} {number} {row.label if number == 1 else row.plural}"


def lines_of(resources: Iterable[tuple[str, Resource]]) -> str:
    """Return one line for each pair of kind and resource, for a diff; empty when there is none."""
    return "".join(f"{line}\n" for line in sorted(describe(kind, resource) for kind, resource in resources))


def untagged_addresses(resources: Resources) -> list[str]:
    """Name the addresses that NAT gateways of ours use although they do not carry the cluster's tags.

    Without a listing of both kinds nothing can be told, and none is named.
    """
    if "elastic_ips" not in resources:
        return []
    ours = {address["id"] for address in resources["elastic_ips"]}
    used = [
        (gateway["id"], address)
        for gateway in resources.get("nat_gateways", [])
        for address in gateway.get("nat_gateway_addresses", [])
    ]
    return [
        f"{address['allocation_id']} ({address.get('public_ip', 'no address')}) of NAT gateway {gateway}"
        for gateway, address in used
        if address.get("allocation_id") and address["allocation_id"] not in ours
    ]
