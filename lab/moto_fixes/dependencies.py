"""What is in use cannot be deleted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from moto.ec2.models.internet_gateways import InternetGatewayBackend
from moto.ec2.models.security_groups import SecurityGroupBackend
from moto.ec2.models.subnets import SubnetBackend
from moto.ec2.models.vpcs import VPCBackend

from lab.moto_fixes.patching import ec2_error, replace


def referenced_groups(rules: Iterable[Any]) -> Iterator[str]:
    """Ids of the security groups that rules name as source or destination."""
    for rule in rules:
        source = getattr(rule, "source_group", None) or {}
        if group_id := source.get("GroupId"):
            yield group_id


def _interfaces_of(backend: Any, vpc_id: str) -> list[Any]:
    return [interface for interface in backend.enis.values() if interface.subnet.vpc_id == vpc_id]


def _group_is_used(backend: Any, group_id: str) -> bool:
    if any(group.id == group_id for interface in backend.enis.values() for group in interface.group_set):
        return True
    return any(
        group.id != group_id and group_id in referenced_groups([*group.ingress_rules, *group.egress_rules])
        for groups in backend.groups.values()
        for group in groups.values()
    )


def _vpc_is_used(backend: Any, vpc_id: str) -> bool:
    own_groups = [group for group in backend.groups.get(vpc_id, {}).values() if group.name != "default"]
    gateways = [gateway for gateway in backend.internet_gateways.values() if gateway.vpc and gateway.vpc.id == vpc_id]
    return bool(own_groups or gateways or _interfaces_of(backend, vpc_id))


def apply() -> None:
    """Mend the deletion of subnets, security groups and VPCs, and the detachment of internet gateways."""
    original_subnet = SubnetBackend.delete_subnet
    original_group = SecurityGroupBackend._delete_security_group
    original_named = SecurityGroupBackend.delete_security_group
    original_vpc = VPCBackend.delete_vpc
    original_detach = InternetGatewayBackend.detach_internet_gateway

    def delete_subnet(self: Any, subnet_id: str) -> Any:
        if any(interface.subnet.id == subnet_id for interface in self.enis.values()):
            raise ec2_error("DependencyViolation", f"The subnet '{subnet_id}' has dependencies and cannot be deleted.")
        return original_subnet(self, subnet_id)

    def delete_security_group(self: Any, name: str | None = None, group_id: str | None = None) -> None:
        group = self.get_security_group_by_name_or_id(group_id or name)
        if group is not None:
            if _group_is_used(self, group.id):
                raise ec2_error("DependencyViolation", f"resource {group.id} has a dependent object")
            if group.name == "default":
                raise ec2_error(
                    "CannotDelete", f'the specified group: "{group.id}" name: "default" cannot be deleted by a user'
                )
        original_named(self, name, group_id)

    def delete_vpc(self: Any, vpc_id: str) -> Any:
        if _vpc_is_used(self, vpc_id):
            raise ec2_error("DependencyViolation", f"The vpc '{vpc_id}' has dependencies and cannot be deleted.")
        self.delete_security_group = lambda group_id: original_group(self, vpc_id, group_id)
        try:
            return original_vpc(self, vpc_id)
        finally:
            del self.delete_security_group

    def detach_internet_gateway(self: Any, internet_gateway_id: str, vpc_id: str) -> None:
        if any(interface.public_ip for interface in _interfaces_of(self, vpc_id)):
            raise ec2_error(
                "DependencyViolation",
                f"Network {vpc_id} has some mapped public address(es). "
                "Please unmap those public address(es) before detaching the gateway.",
            )
        original_detach(self, internet_gateway_id, vpc_id)

    replace(SubnetBackend, "delete_subnet", delete_subnet)
    replace(SecurityGroupBackend, "delete_security_group", delete_security_group)
    replace(VPCBackend, "delete_vpc", delete_vpc)
    replace(InternetGatewayBackend, "detach_internet_gateway", detach_internet_gateway)
