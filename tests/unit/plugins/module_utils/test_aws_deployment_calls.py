from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.lambdafs.cluster.plugins.module_utils.aws_deployment_calls import removal_phases
from ansible_collections.lambdafs.cluster.plugins.module_utils.aws_deployment_kinds import KIND_NAMES


def calls(kind: str, *resources: dict[str, Any]) -> list[list[tuple[str, dict[str, Any]]]]:
    phases = removal_phases(kind, resources)
    return [[(call.operation, dict(call.arguments)) for call in phase] for phase in phases]


@pytest.mark.parametrize("kind", KIND_NAMES)
def test_nothing_needs_no_call(kind: str) -> None:
    assert calls(kind) == []


def test_instances_are_terminated_by_one_call() -> None:
    resources = ({"id": "i-1", "state": "running"}, {"id": "i-2", "state": "stopped"})
    assert calls("instances", *resources) == [[("terminate_instances", {"InstanceIds": ["i-1", "i-2"]})]]


@pytest.mark.parametrize(
    ("kind", "state"),
    [("instances", "shutting-down"), ("nat_gateways", "deleting"), ("auto_scaling_groups", "Delete in progress")],
)
def test_what_is_ending_gets_no_call(kind: str, state: str) -> None:
    assert calls(kind, {"id": "x", "auto_scaling_group_name": "x", "state": state}) == []


def test_a_failed_gateway_is_deleted() -> None:
    gateway = {"id": "nat-1", "state": "failed"}
    assert calls("nat_gateways", gateway) == [[("delete_nat_gateway", {"NatGatewayId": "nat-1"})]]


def test_a_group_takes_its_instances_along() -> None:
    group = {"id": "arn", "auto_scaling_group_name": "clients", "state": ""}
    arguments = {"AutoScalingGroupName": "clients", "ForceDelete": True}
    assert calls("auto_scaling_groups", group) == [[("delete_auto_scaling_group", arguments)]]


def test_an_attached_internet_gateway_is_detached_first() -> None:
    gateway = {"id": "igw-1", "attachments": [{"vpc_id": "vpc-1"}]}
    assert calls("internet_gateways", gateway) == [
        [("detach_internet_gateway", {"InternetGatewayId": "igw-1", "VpcId": "vpc-1"})],
        [("delete_internet_gateway", {"InternetGatewayId": "igw-1"})],
    ]


def test_an_internet_gateway_that_was_never_attached_is_only_deleted() -> None:
    gateway = {"id": "igw-1", "attachments": []}
    assert calls("internet_gateways", gateway) == [[("delete_internet_gateway", {"InternetGatewayId": "igw-1"})]]


def test_an_associated_address_is_disassociated_first() -> None:
    associated, free = {"id": "eipalloc-1", "association_id": "eipassoc-1"}, {"id": "eipalloc-2"}
    assert calls("elastic_ips", associated, free) == [
        [("disassociate_address", {"AssociationId": "eipassoc-1"})],
        [("release_address", {"AllocationId": "eipalloc-1"}), ("release_address", {"AllocationId": "eipalloc-2"})],
    ]


def test_a_main_association_stays() -> None:
    associations = [{"main": True, "route_table_association_id": "a-1"}, {"route_table_association_id": "a-2"}]
    assert calls("route_tables", {"id": "rtb-1", "associations": associations})[0] == [
        ("disassociate_route_table", {"AssociationId": "a-2"})
    ]


def test_groups_that_name_each_other_lose_those_rules_and_no_other_first() -> None:
    rules = [
        {"ip_protocol": "tcp", "from_port": 22, "to_port": 22, "user_id_group_pairs": [], "ip_ranges": [{}]},
        {
            "ip_protocol": "-1",
            "user_id_group_pairs": [
                {"group_id": "sg-1", "user_id": "1"},
                {"group_id": "sg-2", "user_id": "1", "description": "the other"},
            ],
        },
    ]
    group = {"id": "sg-1", "ip_permissions": rules, "ip_permissions_egress": []}
    pair = {"GroupId": "sg-2", "UserId": "1", "Description": "the other"}
    revoked = {"IpProtocol": "-1", "UserIdGroupPairs": [pair]}
    assert calls("security_groups", group) == [
        [("revoke_security_group_ingress", {"GroupId": "sg-1", "IpPermissions": [revoked]})],
        [("delete_security_group", {"GroupId": "sg-1"})],
    ]


def test_a_key_pair_goes_by_its_name() -> None:
    key = {"id": "key-1", "key_name": "lambdafs-key"}
    assert calls("key_pairs", key) == [[("delete_key_pair", {"KeyName": "lambdafs-key"})]]
