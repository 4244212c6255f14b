"""The mends at work in moto itself, without containers: instances stay `pending`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from lab import moto_fixes
from lab.moto_fixes import auto_scaling, instances


@pytest.fixture(scope="module", autouse=True)
def mended() -> None:
    moto_fixes.apply()


@pytest.fixture
def ec2(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "any")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "any")
    connect: Any = boto3.client
    with mock_aws():
        yield connect("ec2", region_name="eu-west-1")


@pytest.fixture
def subnet(ec2: Any) -> dict[str, str]:
    vpc_id = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    made: dict[str, str] = ec2.create_subnet(VpcId=vpc_id, CidrBlock="10.0.0.0/20", AvailabilityZone="eu-west-1b")[
        "Subnet"
    ]
    return made


def code_of(call: Callable[[], Any]) -> str:
    with pytest.raises(ClientError) as caught:
        call()
    code: str = caught.value.response["Error"]["Code"]
    return code


def run(ec2: Any, **more: Any) -> dict[str, Any]:
    image = ec2.describe_images(Owners=["099720109477"])["Images"][0]["ImageId"]
    started = ec2.run_instances(ImageId=image, InstanceType="t3.micro", MinCount=1, MaxCount=1, **more)
    made: dict[str, Any] = started["Instances"][0]
    return made


def test_interface_reserves_its_address_and_outlives_its_instance(ec2: Any, subnet: dict[str, str]) -> None:
    kept = ec2.create_network_interface(SubnetId=subnet["SubnetId"], PrivateIpAddress="10.0.8.233")["NetworkInterface"]
    wanted = {"SubnetId": subnet["SubnetId"], "PrivateIpAddress": "10.0.8.233"}
    assert code_of(lambda: ec2.create_network_interface(**wanted)) == "InvalidIPAddress.InUse"
    assert code_of(lambda: run(ec2, **wanted)) == "InvalidIPAddress.InUse"
    assert ec2.describe_instances()["Reservations"] == []
    interface_id = kept["NetworkInterfaceId"]
    made = run(ec2, NetworkInterfaces=[{"DeviceIndex": 0, "NetworkInterfaceId": interface_id}])
    assert (made["PrivateIpAddress"], made["Placement"]["AvailabilityZone"]) == ("10.0.8.233", "eu-west-1b")
    in_use = code_of(lambda: ec2.delete_network_interface(NetworkInterfaceId=interface_id))
    assert in_use == "InvalidNetworkInterface.InUse"
    ec2.terminate_instances(InstanceIds=[made["InstanceId"]])
    instance = instances.find(made["InstanceId"])
    assert instance is not None
    instances.finish_termination(instance)
    assert ec2.describe_network_interfaces()["NetworkInterfaces"][0]["Status"] == "available"
    ec2.delete_network_interface(NetworkInterfaceId=interface_id)
    ec2.create_network_interface(**wanted)


def test_address_of_a_vm_is_held_until_it_is_terminated(ec2: Any, subnet: dict[str, str]) -> None:
    wanted = {"SubnetId": subnet["SubnetId"], "PrivateIpAddress": "10.0.4.113"}
    first = run(ec2, **wanted)["InstanceId"]
    ec2.terminate_instances(InstanceIds=[first])
    assert code_of(lambda: run(ec2, **wanted)) == "InvalidIPAddress.InUse"
    assert code_of(lambda: ec2.delete_subnet(SubnetId=subnet["SubnetId"])) == "DependencyViolation"
    instance = instances.find(first)
    assert instance is not None
    instances.finish_termination(instance)
    gone = ec2.describe_instances(InstanceIds=[first])["Reservations"][0]["Instances"][0]
    assert gone["State"]["Name"] == "terminated"
    assert "PrivateIpAddress" not in gone
    second = run(ec2, **wanted)
    assert second["PrivateIpAddress"] == "10.0.4.113"


def test_gateway_of_a_vpc_with_public_addresses_is_not_detached(ec2: Any, subnet: dict[str, str]) -> None:
    gateway = {
        "InternetGatewayId": ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"],
        "VpcId": subnet["VpcId"],
    }
    ec2.attach_internet_gateway(**gateway)
    instance_id = run(ec2, SubnetId=subnet["SubnetId"])["InstanceId"]
    allocation = ec2.allocate_address(Domain="vpc")
    association = ec2.associate_address(InstanceId=instance_id, AllocationId=allocation["AllocationId"])
    seen = ec2.describe_instances(InstanceIds=[instance_id])["Reservations"][0]["Instances"][0]
    assert seen["PublicIpAddress"] == seen["PrivateIpAddress"] == "10.0.0.4"
    assert code_of(lambda: ec2.detach_internet_gateway(**gateway)) == "DependencyViolation"
    ec2.disassociate_address(AssociationId=association["AssociationId"])
    ec2.detach_internet_gateway(**gateway)


def test_empty_vpc_goes_with_its_default_group(ec2: Any, subnet: dict[str, str]) -> None:
    group = {"Name": "vpc-id", "Values": [subnet["VpcId"]]}
    default = ec2.describe_security_groups(Filters=[group])["SecurityGroups"][0]["GroupId"]
    assert code_of(lambda: ec2.delete_security_group(GroupId=default)) == "CannotDelete"
    ec2.delete_subnet(SubnetId=subnet["SubnetId"])
    ec2.delete_vpc(VpcId=subnet["VpcId"])
    assert ec2.describe_security_groups(Filters=[group])["SecurityGroups"] == []


def test_instance_states_ask_for_the_right_order(ec2: Any, subnet: dict[str, str]) -> None:
    instance_id = run(ec2, SubnetId=subnet["SubnetId"])["InstanceId"]
    assert code_of(lambda: ec2.reboot_instances(InstanceIds=[instance_id])) == "IncorrectInstanceState"
    ec2.stop_instances(InstanceIds=[instance_id])
    assert code_of(lambda: ec2.start_instances(InstanceIds=[instance_id])) == "IncorrectInstanceState"


def test_vcpu_quota_is_known(ec2: Any) -> None:
    connect: Any = boto3.client
    quotas = connect("service-quotas", region_name="eu-west-1")
    assert quotas.get_service_quota(ServiceCode="ec2", QuotaCode="L-1216C47A")["Quota"]["Value"] == 1152.0


@pytest.fixture
def autoscaling(ec2: Any) -> Any:
    """A client of auto scaling beside `ec2`."""
    return boto3.client("autoscaling", region_name="eu-west-1")


def scaling_group(ec2: Any, autoscaling: Any, subnet: dict[str, str], size: int) -> Callable[[], list[dict[str, Any]]]:
    """Make a template and a group `clients`, and return what lists the group's members."""
    image = ec2.describe_images(Owners=["099720109477"])["Images"][0]["ImageId"]
    ec2.create_launch_template(
        LaunchTemplateName="clients", LaunchTemplateData={"ImageId": image, "InstanceType": "t3.micro"}
    )
    autoscaling.create_auto_scaling_group(
        AutoScalingGroupName="clients",
        LaunchTemplate={"LaunchTemplateName": "clients", "Version": "1"},
        MinSize=0,
        MaxSize=4,
        DesiredCapacity=size,
        VPCZoneIdentifier=subnet["SubnetId"],
    )

    def members() -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = autoscaling.describe_auto_scaling_groups()["AutoScalingGroups"][0]["Instances"]
        return found

    return members


def let_all_run(members: list[dict[str, Any]]) -> None:
    for member in members:
        instance = instances.find(member["InstanceId"])
        assert instance is not None
        instances.finish_start(instance, [])


def test_members_keep_the_version_that_launched_them(ec2: Any, autoscaling: Any, subnet: dict[str, str]) -> None:
    members = scaling_group(ec2, autoscaling, subnet, 1)
    ec2.create_launch_template_version(LaunchTemplateName="clients", LaunchTemplateData=version_data(ec2, "t3.small"))
    autoscaling.update_auto_scaling_group(
        AutoScalingGroupName="clients",
        LaunchTemplate={"LaunchTemplateName": "clients", "Version": "2"},
        DesiredCapacity=2,
    )
    assert sorted(one["LaunchTemplate"]["Version"] for one in members()) == ["1", "2"]


def version_data(ec2: Any, instance_type: str) -> dict[str, str]:
    """The whole data of a version: moto takes nothing over from the source version."""
    image = ec2.describe_images(Owners=["099720109477"])["Images"][0]["ImageId"]
    return {"ImageId": image, "InstanceType": instance_type}


def test_a_refresh_replaces_old_members_one_after_the_other(ec2: Any, autoscaling: Any, subnet: dict[str, str]) -> None:
    members = scaling_group(ec2, autoscaling, subnet, 2)
    let_all_run(members())
    before = {one["InstanceId"] for one in members()}
    ec2.create_launch_template_version(LaunchTemplateName="clients", LaunchTemplateData=version_data(ec2, "t3.small"))
    autoscaling.update_auto_scaling_group(
        AutoScalingGroupName="clients", LaunchTemplate={"LaunchTemplateName": "clients", "Version": "2"}
    )
    name = {"AutoScalingGroupName": "clients"}
    asked = autoscaling.start_instance_refresh(**name, Preferences={"SkipMatching": True})["InstanceRefreshId"]
    assert code_of(lambda: autoscaling.start_instance_refresh(**name)) == "InstanceRefreshInProgress"

    def refresh() -> dict[str, Any]:
        found: dict[str, Any] = autoscaling.describe_instance_refreshes(**name, InstanceRefreshIds=[asked])
        (one,) = found["InstanceRefreshes"]
        return dict(one)

    kept = []
    while refresh()["Status"] == "InProgress":
        auto_scaling.settle()
        kept.append(len(before & {one["InstanceId"] for one in members()}))
        let_all_run(members())
    assert kept == [1, 0, 0]
    assert (refresh()["Status"], refresh()["PercentageComplete"]) == ("Successful", 100)
    assert {one["LaunchTemplate"]["Version"] for one in members()} == {"2"}


def test_a_refresh_spares_what_matches_and_can_be_cancelled(ec2: Any, autoscaling: Any, subnet: dict[str, str]) -> None:
    members = scaling_group(ec2, autoscaling, subnet, 1)
    let_all_run(members())
    before = members()
    name = {"AutoScalingGroupName": "clients"}
    autoscaling.start_instance_refresh(**name, Preferences={"SkipMatching": True})
    auto_scaling.settle()
    assert members() == before
    autoscaling.start_instance_refresh(**name)
    autoscaling.cancel_instance_refresh(**name)
    states = [one["Status"] for one in autoscaling.describe_instance_refreshes(**name)["InstanceRefreshes"]]
    assert states == ["Cancelled", "Successful"]
    assert code_of(lambda: autoscaling.cancel_instance_refresh(**name)) == "ActiveInstanceRefreshNotFound"
