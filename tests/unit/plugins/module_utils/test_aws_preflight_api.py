# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from ansible_collections.lambdafs.cluster.plugins.module_utils.aws_preflight import Tier
from ansible_collections.lambdafs.cluster.plugins.module_utils.aws_preflight_api import (
    Account,
    Refusal,
    Wanted,
    examine,
)
from botocore.stub import Stubber

CONNECTION = {"aws_access_key_id": "testing", "aws_secret_access_key": "secret", "aws_session_token": None}
IMAGE = {"ImageId": "ami-1", "Name": "mine", "RootDeviceName": "/dev/sda1", "Architecture": "x86_64"}
TYPE = {
    "InstanceType": "r5.large",
    "ProcessorInfo": {"SupportedArchitectures": ["x86_64"]},
    "VCpuInfo": {"DefaultVCpus": 2},
}
WANTED = Wanted(
    cluster_name="lambdafs",
    tiers=[Tier("zookeeper", 3, "r5.large", "ami-1")],
    key_name="k",
    public_key="ssh-ed25519 AAAA",
    elastic_ips=1,
)
ANSWERS: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "sts": [("get_caller_identity", {"Account": "123456789012"})],
    "ec2": [
        (
            "describe_availability_zones",
            {"AvailabilityZones": [{"ZoneName": f"us-east-1{zone}", "State": "available"} for zone in "ab"]},
        ),
        ("describe_instance_types", {"InstanceTypes": [TYPE]}),
        ("describe_instances", {"Reservations": []}),
        ("describe_addresses", {"Addresses": []}),
        (
            "describe_instance_type_offerings",
            {"InstanceTypeOfferings": [{"InstanceType": "r5.large", "Location": f"us-east-1{zone}"} for zone in "ab"]},
        ),
        ("describe_images", {"Images": [IMAGE]}),
        ("describe_key_pairs", {"KeyPairs": []}),
    ],
    "service-quotas": [("get_service_quota", {"Quota": {"Value": 32.0}})] * 2,
}


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, "/nonexistent")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@contextmanager
def recorded(region: str, errors: dict[str, str]) -> Iterator[Account]:
    """An account that gives the recorded answers, or an error's code for the operations in ``errors``."""
    account = Account(region, None, CONNECTION)
    stubbers = []
    for service, answers in ANSWERS.items():
        stubber = Stubber(account._client(service, region))
        stubbers.append(stubber)
        for operation, answer in answers:
            if operation in errors:
                stubber.add_client_error(operation, errors[operation], "the server's words")
            else:
                stubber.add_response(operation, answer)
        stubber.activate()
    yield account
    for stubber in stubbers:
        stubber.deactivate()


def test_an_account_that_has_everything() -> None:
    with recorded("us-east-1", {}) as account:
        report = examine(account, WANTED)
    assert (report.problems, report.warnings) == ([], [])
    assert report.account_id == "123456789012"
    assert report.zones == ["us-east-1a", "us-east-1b"]
    assert report.images["zookeeper"].root_device_name == "/dev/sda1"


def test_wrong_credentials_are_the_only_line() -> None:
    with recorded("us-east-1", {"get_caller_identity": "InvalidClientTokenId"}) as account:
        report = examine(account, WANTED)
    (problem,) = report.problems
    assert "AWS does not accept the credentials (InvalidClientTokenId: the server's words)" in problem


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("not-opted-in", "lambdafs_region ap-east-1 is not enabled for this account (its status is not-opted-in)"),
        ("opted-in", "AWS does not accept the credentials"),
    ],
)
def test_a_region_that_is_not_enabled(status: str, expected: str) -> None:
    with (
        recorded("ap-east-1", {"get_caller_identity": "InvalidClientTokenId"}) as account,
        Stubber(account._client("ec2", "us-east-1")) as home,
    ):
        home.add_response("describe_regions", {"Regions": [{"RegionName": "ap-east-1", "OptInStatus": status}]})
        report = examine(account, WANTED)
    (problem,) = report.problems
    assert expected in problem


def test_a_quota_that_cannot_be_read_is_a_warning() -> None:
    account = Account("us-east-1", None, CONNECTION)
    answers = [item for item in ANSWERS["ec2"] if item[0] not in ("describe_instances", "describe_addresses")]
    with (
        Stubber(account._client("sts", "us-east-1")) as sts,
        Stubber(account._client("ec2", "us-east-1")) as ec2,
        Stubber(account._client("service-quotas", "us-east-1")) as quotas,
    ):
        sts.add_response(*ANSWERS["sts"][0])
        quotas.add_client_error("get_service_quota", "AccessDeniedException", "no")
        for answer in answers:
            ec2.add_response(*answer)
        report = examine(account, WANTED)
    assert report.problems == []
    (warning,) = report.warnings
    assert "AWS refuses service-quotas:GetServiceQuota (AccessDeniedException: no)" in warning


def test_a_call_that_is_denied_does_not_hide_the_other_problems() -> None:
    with recorded("us-east-1", {"describe_availability_zones": "UnauthorizedOperation"}) as account:
        report = examine(account, Wanted("lambdafs", [Tier("zookeeper", 3, "r5.large", "ami-2")], elastic_ips=1))
    zones, image = report.problems
    assert "AWS refuses ec2:DescribeAvailabilityZones (UnauthorizedOperation: the server's words)" in zones
    assert "ami-2 is not in this region" in image


def test_an_unknown_region_is_refused_without_a_call() -> None:
    with pytest.raises(Refusal, match="did you mean us-east-1"):
        Account("us-eats-1", None, CONNECTION)


def test_no_credentials() -> None:
    with pytest.raises(Refusal, match="no AWS credentials were found; expected a key or a role; set AWS_ACCESS_KEY_ID"):
        Account("us-east-1", None, {})


def test_an_unknown_profile() -> None:
    with pytest.raises(Refusal, match="profile \\(nope\\) could not be found"):
        Account("us-east-1", None, {"profile_name": "nope"})


def test_no_answer() -> None:
    account = Account("us-east-1", "http://127.0.0.1:1", CONNECTION)
    (problem,) = examine(account, WANTED).problems
    assert "AWS gives no answer (Could not connect to the endpoint URL" in problem
