"""What the gateway reads out of requests, and what the mends decide."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network

import pytest

from lab.api import read_request, unsigned_answer
from lab.moto_fixes.addresses import is_reserved, next_free
from lab.moto_fixes.auto_scaling import least_used, shown_lifecycle
from lab.moto_fixes.images import CANONICAL, UPSTREAM, images_of
from lab.moto_fixes.launches import delete_with_instance, from_template
from lab.moto_fixes.nat_gateways import next_state

AUTHORIZATION = "AWS4-HMAC-SHA256 Credential=AKID/20260101/eu-west-1/ec2/aws4_request, SignedHeaders=host, Signature=0"
FORM = {"content-type": "application/x-www-form-urlencoded; charset=utf-8"}
SUBNET = IPv4Network("10.0.0.0/28")


def test_signed_request_is_read() -> None:
    headers = {**FORM, "authorization": AUTHORIZATION}
    request = read_request("POST", "/", headers, "", b"Action=RunInstances&Version=2016-11-15&ClientToken=t")
    assert (request.service, request.region, request.action) == ("ec2", "eu-west-1", "RunInstances")
    assert (request.is_signed, request.client_token, request.changes_something) == (True, "t", True)


def test_unsigned_request_is_known_by_its_version() -> None:
    request = read_request("POST", "/", FORM, "", b"Action=DescribeVpcs&Version=2016-11-15")
    assert (request.service, request.is_signed, request.changes_something) == ("ec2", False, False)
    status, body = unsigned_answer(request.service)
    assert status == "400 Bad Request"
    assert b"<Code>MissingParameter</Code>" in body


def test_rest_request_is_named_by_method_and_path() -> None:
    request = read_request("GET", "/clusters", {"authorization": AUTHORIZATION.replace("/ec2/", "/eks/")}, "", b"")
    assert (request.service, request.action, request.changes_something) == ("eks", "GET /clusters", False)


def test_fingerprint_ignores_the_order_of_parameters() -> None:
    one = read_request("POST", "/", FORM, "", b"Action=A&X=1")
    two = read_request("POST", "/", FORM, "", b"X=1&Action=A")
    other = read_request("POST", "/", FORM, "", b"X=2&Action=A")
    assert one.fingerprint == two.fingerprint != other.fingerprint


@pytest.mark.parametrize(("last", "reserved"), [(0, True), (3, True), (4, False), (14, False), (15, True)])
def test_aws_keeps_the_first_four_and_the_last_address(last: int, reserved: bool) -> None:
    assert is_reserved(SUBNET, IPv4Address(f"10.0.0.{last}")) is reserved


def test_addresses_are_given_in_turn_and_not_at_once_again() -> None:
    assert next_free(SUBNET, set(), None) == "10.0.0.4"
    assert next_free(SUBNET, {"10.0.0.5"}, "10.0.0.4") == "10.0.0.6"
    assert next_free(SUBNET, set(), "10.0.0.14") == "10.0.0.4"
    assert next_free(SUBNET, {f"10.0.0.{last}" for last in range(16)}, None) is None


def test_group_members_are_spread_over_subnets() -> None:
    assert least_used(["a", "b"], []) == "a"
    assert least_used(["a", "b"], ["a"]) == "b"
    assert least_used(["a", "b"], ["a", "b", "b"]) == "a"


@pytest.mark.parametrize(
    ("stored", "instance", "shown"),
    [("InService", "pending", "Pending"), ("InService", "running", "InService"), ("Standby", "pending", "Standby")],
)
def test_group_member_is_in_service_when_its_vm_runs(stored: str, instance: str, shown: str) -> None:
    assert shown_lifecycle(stored, instance) == shown


@pytest.mark.parametrize(
    ("state", "seconds", "expected"),
    [
        ("pending", 7.9, "pending"),
        ("pending", 8.0, "available"),
        ("available", 99.0, "available"),
        ("deleting", 3.9, "deleting"),
        ("deleting", 4.0, "deleted"),
    ],
)
def test_nat_gateway_states(state: str, seconds: float, expected: str) -> None:
    assert next_state(state, seconds, 8.0) == expected


def test_upstream_images_are_in_their_region_only_and_ubuntu_everywhere() -> None:
    home = {entry["ami_id"] for entry in images_of("us-east-1")}
    abroad = images_of("eu-central-1")
    assert set(UPSTREAM) <= home
    assert {entry["owner_id"] for entry in abroad} == {CANONICAL}
    assert not home & {entry["ami_id"] for entry in abroad}


def test_launch_template_fills_in_what_the_request_does_not_say() -> None:
    volumes = [{"DeviceName": "/dev/sda1", "Ebs": {"VolumeSize": 64, "Encrypted": True}}]
    template = {
        "BlockDeviceMappings": volumes,
        "MetadataOptions": {"HttpTokens": "required"},
        "NetworkInterfaces": [{"DeviceIndex": 0, "Groups": ["sg-1"], "AssociatePublicIpAddress": True}],
        "TagSpecifications": [{"ResourceType": "volume", "Tags": [{"Key": "a", "Value": "1"}]}],
    }
    assert from_template(template, {"tags": {"instance": {"b": "2"}}}) == {
        "block_device_mappings": volumes,
        "metadata_options": {"HttpTokens": "required"},
        "security_group_ids": ["sg-1"],
        "associate_public_ip": True,
        "tags": {"instance": {"b": "2"}, "volume": {"a": "1"}},
    }
    said = {
        "block_device_mappings": [{"DeviceName": "/dev/sda1", "Ebs": {"VolumeSize": 8}}],
        "metadata_options": {"HttpTokens": "optional"},
        "security_group_ids": ["sg-2"],
        "associate_public_ip": False,
    }
    assert from_template({**template, "TagSpecifications": []}, said) == {}


def test_interfaces_of_a_launch_go_with_the_instance() -> None:
    assert delete_with_instance([{"DeviceIndex": 0}, {"DeviceIndex": 1, "NetworkInterfaceId": "eni-1"}]) == [
        {"DeleteOnTermination": True, "DeviceIndex": 0},
        {"DeviceIndex": 1, "NetworkInterfaceId": "eni-1"},
    ]
