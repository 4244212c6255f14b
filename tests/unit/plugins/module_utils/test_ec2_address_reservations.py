"""Reservations of addresses, against an EC2 of moto's with the lab's mends."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from ansible_collections.lambdafs.cluster.plugins.module_utils.aws_deployment_kinds import KINDS_BY_NAME, Owner
from ansible_collections.lambdafs.cluster.plugins.module_utils.aws_deployment_listing import list_kind
from ansible_collections.lambdafs.cluster.plugins.module_utils.ec2_address_reservations import is_reserved, run
from moto import mock_aws

from lab import moto_fixes

OWNER = Owner("one", "LambdaFS")


@pytest.fixture
def ec2(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A client of an EC2 in this process."""
    for name in ("AWS_ENDPOINT_URL", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "any")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "any")
    moto_fixes.apply()
    with mock_aws():
        yield boto3.client("ec2", "eu-west-1")


@pytest.fixture
def subnet(ec2: Any) -> str:
    """The id of a subnet of the owner's, of the addresses 10.0.0.0 to 10.0.0.15."""
    tags = [{"Key": key, "Value": value} for key, value in OWNER.items()]
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    made = ec2.create_subnet(
        VpcId=vpc, CidrBlock="10.0.0.0/28", TagSpecifications=[{"ResourceType": "subnet", "Tags": tags}]
    )
    return str(made["Subnet"]["SubnetId"])


def module(ec2: Any, subnet: str, *addresses: str, check_mode: bool = False) -> Any:
    wanted = [{"address": one, "subnet_id": subnet, "name": f"vm-{one}"} for one in addresses]
    params = {"addresses": wanted, "tags": dict(OWNER)}
    return SimpleNamespace(params=params, check_mode=check_mode, client=lambda _service: ec2)


def test_a_reserved_address_goes_only_to_whom_asks_for_it(ec2: Any, subnet: str) -> None:
    made = run(module(ec2, subnet, "10.0.0.4", "10.0.0.6"))
    assert (made["changed"], made["reserved"]) == (True, ["10.0.0.4", "10.0.0.6"])
    given = [ec2.create_network_interface(SubnetId=subnet)["NetworkInterface"]["PrivateIpAddress"] for _ in range(2)]
    assert given == ["10.0.0.5", "10.0.0.7"]
    asked = ec2.create_network_interface(SubnetId=subnet, PrivateIpAddress="10.0.0.4")["NetworkInterface"]
    assert asked["PrivateIpAddress"] == "10.0.0.4"


def test_a_second_run_changes_nothing_and_an_address_in_use_can_be_reserved(ec2: Any, subnet: str) -> None:
    ec2.create_network_interface(SubnetId=subnet, PrivateIpAddress="10.0.0.9")
    assert run(module(ec2, subnet, "10.0.0.9"))["changed"] is True
    again = run(module(ec2, subnet, "10.0.0.9"))
    assert (again["changed"], again["reserved"]) == (False, [])
    assert again["diff"]["before"] == again["diff"]["after"] == f"10.0.0.9 in {subnet} for vm-10.0.0.9\n"


def test_check_mode_tells_and_reserves_nothing(ec2: Any, subnet: str) -> None:
    found = run(module(ec2, subnet, "10.0.0.9", check_mode=True))
    assert (found["changed"], found["diff"]["before"]) == (True, "")
    assert ec2.get_subnet_cidr_reservations(SubnetId=subnet)["SubnetIpv4CidrReservations"] == []


def test_reservations_are_listed_with_what_else_the_deployment_has(ec2: Any, subnet: str) -> None:
    run(module(ec2, subnet, "10.0.0.9"))
    ec2.create_subnet_cidr_reservation(SubnetId=subnet, Cidr="10.0.0.12/30", ReservationType="explicit")
    (found,) = list_kind({"ec2": ec2}, KINDS_BY_NAME["subnet_reservations"], OWNER)
    assert (found["name"], found["cidr"], found["subnet_id"]) == ("vm-10.0.0.9", "10.0.0.9/32", subnet)
    assert list_kind({"ec2": ec2}, KINDS_BY_NAME["subnet_reservations"], Owner("two", "LambdaFS")) == []


@pytest.mark.parametrize(
    ("cidr", "kind", "kept"),
    [("10.0.0.8/29", "explicit", True), ("10.0.0.8/29", "prefix", False), ("10.0.0.8/32", "explicit", False)],
)
def test_an_address_needs_no_reservation_inside_of_an_explicit_one(cidr: str, kind: str, kept: bool) -> None:
    assert is_reserved("10.0.0.9", [{"Cidr": cidr, "ReservationType": kind}]) is kept
