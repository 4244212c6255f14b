from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.amazon.aws.plugins.module_utils.exceptions import AnsibleAWSError
from ansible_collections.lambdafs.cluster.plugins.module_utils.aws_deployment_kinds import Owner
from ansible_collections.lambdafs.cluster.plugins.module_utils.aws_deployment_removal import Removal, remove_stages
from botocore.exceptions import ClientError, EndpointConnectionError

OWNER = Owner("lambdafs", "LambdaFS")
TAGS = [{"Key": key, "Value": value} for key, value in OWNER.items()]


def refusal(code: str, operation: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "no"}}, operation)


class FakeEc2:
    """Subnets and interfaces; answers to delete_subnet are taken from a script, the last one over and over."""

    def __init__(self, answers: list[str], interfaces: list[dict[str, Any]]) -> None:
        self.answers = answers
        self.interfaces = interfaces
        self.subnets = [{"SubnetId": "subnet-1", "State": "available", "Tags": TAGS}]
        self.deletions = 0

    def can_paginate(self, operation: str) -> bool:
        return False

    def describe_subnets(self, Filters: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803
        return {"Subnets": self.subnets}

    def describe_vpcs(self, Filters: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803
        return {"Vpcs": []}

    def describe_network_interfaces(self, Filters: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803
        assert Filters == [{"Name": "subnet-id", "Values": ["subnet-1"]}]
        return {"NetworkInterfaces": self.interfaces}

    def delete_subnet(self, SubnetId: str) -> None:  # noqa: N803
        answer = self.answers[min(self.deletions, len(self.answers) - 1)]
        self.deletions += 1
        if answer in ("deleted", "InvalidSubnetID.NotFound"):
            self.subnets = []
        if answer == "unreachable":
            raise EndpointConnectionError(endpoint_url="https://ec2")
        if answer != "deleted":
            raise refusal(answer, "DeleteSubnet")


def remove(ec2: FakeEc2, release_timeout: float = 5) -> list[dict[str, str]]:
    removal = Removal({"ec2": ec2}, OWNER, wait_timeout=1, release_timeout=release_timeout)
    return [left.as_dict() for left in remove_stages(removal, ["subnets"])]


@pytest.mark.parametrize("answer", ["deleted", "InvalidSubnetID.NotFound"])
def test_what_is_gone_is_not_left(answer: str) -> None:
    assert remove(FakeEc2([answer], [])) == []


def test_a_resource_that_becomes_free_is_removed_then() -> None:
    ec2 = FakeEc2(["DependencyViolation", "deleted"], [{"NetworkInterfaceId": "eni-1", "Status": "in-use"}])
    assert remove(ec2) == []
    assert ec2.deletions == 2


def test_a_lasting_holder_is_named_at_once() -> None:
    ec2 = FakeEc2(["DependencyViolation"], [{"NetworkInterfaceId": "eni-1", "Status": "available"}])
    left = remove(ec2)
    assert ec2.deletions == 1
    assert [item["text"] for item in left] == [
        "subnet subnet-1 (available): delete_subnet: DependencyViolation: no,"
        " held by network interface eni-1 (available)"
    ]


def test_waiting_for_a_resource_to_become_free_is_bounded() -> None:
    left = remove(FakeEc2(["DependencyViolation"], []), release_timeout=0)
    assert [item["reason"] for item in left] == ["delete_subnet: DependencyViolation: no"]


def test_a_refusal_that_no_waiting_mends_is_not_repeated() -> None:
    ec2 = FakeEc2(["UnauthorizedOperation"], [])
    assert [item["reason"] for item in remove(ec2)] == ["delete_subnet: UnauthorizedOperation: no"]
    assert ec2.deletions == 1


def test_a_resource_that_stays_listed_is_left() -> None:
    ec2 = FakeEc2(["deleted"], [])
    ec2.delete_subnet = lambda SubnetId: None  # type: ignore[method-assign] # noqa: N803
    assert [item["reason"] for item in remove(ec2)] == ["still listed 1 s after its removal was asked for"]


def test_an_aws_that_cannot_be_reached_ends_the_removal() -> None:
    with pytest.raises(AnsibleAWSError, match="Failed to call delete_subnet"):
        remove(FakeEc2(["unreachable"], []))
