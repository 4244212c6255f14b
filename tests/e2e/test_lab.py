"""A second lab, beside whatever else runs on the machine, driven through its AWS API and over SSH."""

from __future__ import annotations

import ipaddress
import os
import signal
import socket
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.e2e.lab_under_test import REGION, Lab, known_hosts_of, run, started, traces, wait_for

SUBNET = ipaddress.IPv4Network("10.1.0.0/16")
KEY_NAME = "operator"
CANONICAL = "099720109477"

pytestmark = pytest.mark.e2e


@dataclass
class Vpc:
    """A network in the lab's cloud."""

    vpc_id: str
    subnets: list[str]
    group: str


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with started(str(SUBNET), tmp_path_factory.mktemp("state")) as under_test:
        yield under_test


@pytest.fixture(scope="module")
def ec2(lab: Lab) -> Any:
    return lab.client("ec2")


@pytest.fixture(scope="module")
def image_id(ec2: Any) -> str:
    found = ec2.describe_images(
        Owners=[CANONICAL], Filters=[{"Name": "name", "Values": ["ubuntu/images/*/ubuntu-noble-24.04-amd64-server-*"]}]
    )["Images"]
    assert len(found) == 2
    newest: str = max(found, key=lambda image: image["CreationDate"])["ImageId"]
    return newest


@pytest.fixture(scope="module")
def vpc(lab: Lab, ec2: Any) -> Vpc:
    vpc_id = ec2.create_vpc(CidrBlock=str(SUBNET))["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc_id, CidrBlock=cidr, AvailabilityZone=f"{REGION}{zone}")["Subnet"]["SubnetId"]
        for cidr, zone in (("10.1.0.0/20", "a"), ("10.1.16.0/20", "b"))
    ]
    for subnet in subnets:
        ec2.modify_subnet_attribute(SubnetId=subnet, MapPublicIpOnLaunch={"Value": True})
    group = ec2.create_security_group(GroupName="lab-test", Description="lab test", VpcId=vpc_id)["GroupId"]
    public_key = (lab.state_dir / "id_ed25519.pub").read_bytes()
    ec2.import_key_pair(KeyName=KEY_NAME, PublicKeyMaterial=public_key)
    return Vpc(vpc_id, subnets, group)


def launch(ec2: Any, image_id: str, vpc: Vpc, **more: Any) -> str:
    started = ec2.run_instances(
        ImageId=image_id,
        InstanceType="t3.micro",
        MinCount=1,
        MaxCount=1,
        KeyName=KEY_NAME,
        SubnetId=vpc.subnets[0],
        SecurityGroupIds=[vpc.group],
        **more,
    )
    instance_id: str = started["Instances"][0]["InstanceId"]
    return instance_id


def instance(ec2: Any, instance_id: str) -> dict[str, Any]:
    described: dict[str, Any] = ec2.describe_instances(InstanceIds=[instance_id])["Reservations"][0]["Instances"][0]
    return described


def in_state(ec2: Any, instance_id: str, state: str) -> dict[str, Any]:
    def look() -> dict[str, Any] | None:
        seen = instance(ec2, instance_id)
        return seen if seen["State"]["Name"] == state else None

    found: dict[str, Any] = wait_for(look, f"{instance_id} {state}")
    return found


def error_code(call: Callable[[], Any]) -> str:
    with pytest.raises(ClientError) as caught:
        call()
    assert 400 <= caught.value.response["ResponseMetadata"]["HTTPStatusCode"] < 500
    code: str = caught.value.response["Error"]["Code"]
    return code


@pytest.fixture(scope="module")
def vm(ec2: Any, image_id: str, vpc: Vpc) -> str:
    """An instance at a fixed address that runs."""
    instance_id = launch(ec2, image_id, vpc, PrivateIpAddress="10.1.8.233")
    assert instance(ec2, instance_id)["State"]["Name"] == "pending"
    in_state(ec2, instance_id, "running")
    return instance_id


def test_second_up_changes_nothing(lab: Lab, vm: str) -> None:
    before = lab.status()
    lab.up()
    after = lab.status()
    assert after == before
    assert before["server"]["state"] == "up"


def test_vm_is_reached_by_ssh_with_the_keys_of_its_console(lab: Lab, ec2: Any, vm: str, tmp_path: Path) -> None:
    known_hosts = known_hosts_of(ec2, vm, "10.1.8.233", tmp_path / "known_hosts")
    done = lab.ssh("10.1.8.233", "hostname; sudo -n id -u; systemctl is-system-running; cat /proc/1/comm", known_hosts)
    assert done.stdout.split() == ["ip-10-1-8-233", "0", "running", "systemd"], done.stderr


def test_stop_and_start_keep_the_vm_and_its_keys(lab: Lab, ec2: Any, vm: str, tmp_path: Path) -> None:
    known_hosts = known_hosts_of(ec2, vm, "10.1.8.233", tmp_path / "known_hosts")
    assert lab.ssh("10.1.8.233", "touch kept", known_hosts).returncode == 0
    assert ec2.stop_instances(InstanceIds=[vm])["StoppingInstances"][0]["CurrentState"]["Name"] == "stopping"
    in_state(ec2, vm, "stopped")
    with pytest.raises(OSError), socket.create_connection(("10.1.8.233", 22), timeout=0.5):
        pass
    ec2.start_instances(InstanceIds=[vm])
    in_state(ec2, vm, "running")
    assert lab.ssh("10.1.8.233", "ls", known_hosts).stdout.split() == ["kept"]


def test_addresses_are_refused_as_aws_does(ec2: Any, image_id: str, vpc: Vpc, vm: str) -> None:
    def at(address: str) -> Callable[[], Any]:
        return lambda: launch(ec2, image_id, vpc, PrivateIpAddress=address)

    assert error_code(at("10.1.8.233")) == "InvalidIPAddress.InUse"
    assert error_code(at("10.1.16.9")) == "InvalidParameterValue"
    assert error_code(at("10.1.0.3")) == "InvalidParameterValue"
    assert error_code(at("10.1.15.255")) == "InvalidParameterValue"


def test_an_address_outside_the_lab_ends_the_instance_with_a_reason(ec2: Any, image_id: str) -> None:
    started = ec2.run_instances(ImageId=image_id, InstanceType="t3.micro", MinCount=1, MaxCount=1)
    seen = in_state(ec2, started["Instances"][0]["InstanceId"], "terminated")
    assert "outside the lab's subnet" in seen["StateReason"]["Message"]


def test_client_token_makes_one_instance(ec2: Any, image_id: str, vpc: Vpc) -> None:
    first = launch(ec2, image_id, vpc, ClientToken="once")
    assert launch(ec2, image_id, vpc, ClientToken="once") == first
    other = error_code(lambda: launch(ec2, image_id, vpc, ClientToken="once", EbsOptimized=True))
    assert other == "IdempotentParameterMismatch"
    ec2.terminate_instances(InstanceIds=[first])


def test_what_is_in_use_is_not_deleted(ec2: Any, vpc: Vpc, vm: str) -> None:
    assert error_code(lambda: ec2.delete_subnet(SubnetId=vpc.subnets[0])) == "DependencyViolation"
    assert error_code(lambda: ec2.delete_security_group(GroupId=vpc.group)) == "DependencyViolation"
    assert error_code(lambda: ec2.delete_vpc(VpcId=vpc.vpc_id)) == "DependencyViolation"


def test_requests_without_credentials_fail(lab: Lab) -> None:
    for service, call, code in (
        ("ec2", "describe_vpcs", "MissingParameter"),
        ("sts", "get_caller_identity", "MissingAuthenticationToken"),
    ):
        client = lab.client(service, signed=False)
        assert error_code(getattr(client, call)) == code


def test_nat_gateway_takes_its_time(ec2: Any, vpc: Vpc) -> None:
    address = ec2.allocate_address(Domain="vpc")
    assert ipaddress.IPv4Address(address["PublicIp"]) in ipaddress.IPv4Network("198.51.100.0/24")
    tags = [{"Key": "Cluster", "Value": "one"}]
    gateway_id = ec2.create_nat_gateway(
        SubnetId=vpc.subnets[0],
        AllocationId=address["AllocationId"],
        TagSpecifications=[{"ResourceType": "natgateway", "Tags": tags}],
    )["NatGateway"]["NatGatewayId"]

    def state() -> str:
        found: str = ec2.describe_nat_gateways(NatGatewayIds=[gateway_id])["NatGateways"][0]["State"]
        return found

    assert state() == "pending"
    assert ec2.describe_nat_gateways(Filter=[{"Name": "tag:Cluster", "Values": ["two"]}])["NatGateways"] == []
    found = ec2.describe_tags(Filters=[{"Name": "resource-type", "Values": ["natgateway"]}])["Tags"]
    assert [tag["ResourceId"] for tag in found] == [gateway_id]
    wait_for(lambda: state() == "available", "the NAT gateway")
    in_use = error_code(lambda: ec2.release_address(AllocationId=address["AllocationId"]))
    assert in_use == "InvalidIPAddress.InUse"
    ec2.delete_nat_gateway(NatGatewayId=gateway_id)
    wait_for(lambda: state() == "deleted", "the NAT gateway's end")
    ec2.release_address(AllocationId=address["AllocationId"])


def test_auto_scaling_group_gets_real_vms(lab: Lab, ec2: Any, image_id: str, vpc: Vpc) -> None:
    template = ec2.create_launch_template(
        LaunchTemplateName="clients",
        LaunchTemplateData={
            "ImageId": image_id,
            "InstanceType": "t3.micro",
            "KeyName": KEY_NAME,
            "SecurityGroupIds": [vpc.group],
            "BlockDeviceMappings": [
                {"DeviceName": "/dev/sda1", "Ebs": {"VolumeSize": 64, "Encrypted": True, "DeleteOnTermination": True}}
            ],
            "MetadataOptions": {"HttpTokens": "required"},
            "TagSpecifications": [{"ResourceType": "instance", "Tags": [{"Key": "Component", "Value": "client"}]}],
        },
    )["LaunchTemplate"]["LaunchTemplateId"]
    before = volumes(ec2)
    autoscaling = lab.client("autoscaling")
    autoscaling.create_auto_scaling_group(
        AutoScalingGroupName="clients",
        LaunchTemplate={"LaunchTemplateId": template, "Version": "$Latest"},
        MinSize=0,
        MaxSize=2,
        DesiredCapacity=1,
        VPCZoneIdentifier=",".join(vpc.subnets),
        Tags=[{"Key": "Cluster", "Value": "one", "PropagateAtLaunch": True}],
    )
    autoscaling.disable_metrics_collection(AutoScalingGroupName="clients")

    def members() -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = autoscaling.describe_auto_scaling_groups()["AutoScalingGroups"][0]["Instances"]
        return found

    first = members()[0]
    assert first["LifecycleState"] == "Pending"
    seen = in_state(ec2, first["InstanceId"], "running")
    assert members()[0]["LifecycleState"] == "InService"
    assert seen["MetadataOptions"]["HttpTokens"] == "required"
    tags = {tag["Key"]: tag["Value"] for tag in seen["Tags"]}
    assert tags["Component"] == "client"
    assert tags["Cluster"] == "one"
    assert volumes(ec2) - before == Counter({(64, True): 1})
    assert f"{lab.name}-{first['InstanceId']}" in run(["podman", "ps", "--format", "{{.Names}}"]).stdout.split()
    refused = error_code(lambda: autoscaling.delete_auto_scaling_group(AutoScalingGroupName="clients"))
    assert refused == "ResourceInUse"
    autoscaling.delete_auto_scaling_group(AutoScalingGroupName="clients", ForceDelete=True)
    in_state(ec2, first["InstanceId"], "terminated")
    assert volumes(ec2) == before


def volumes(ec2: Any) -> Counter[tuple[int, bool]]:
    """How many volumes there are of each size in GiB, encrypted or not."""
    return Counter((volume["Size"], volume["Encrypted"]) for volume in ec2.describe_volumes()["Volumes"])


def test_no_address_lies_outside_the_lab(ec2: Any, vm: str) -> None:
    seen = instance(ec2, vm)
    assert seen["PublicIpAddress"] == seen["PrivateIpAddress"] == "10.1.8.233"

    def addresses(value: Any) -> Iterator[ipaddress.IPv4Address]:
        for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            yield from addresses(inner)
        if isinstance(value, str) and value.count(".") == 3 and value.replace(".", "").isdigit():
            yield ipaddress.IPv4Address(value)

    found = list(addresses(ec2.describe_instances()["Reservations"]))
    assert found
    assert [address for address in found if address not in SUBNET] == []


def test_calls_are_counted(lab: Lab) -> None:
    counted = lab.command("calls", "--reset").stdout
    assert "ec2:RunInstances" in counted
    assert "ec2:RunInstances" not in lab.command("calls").stdout


def test_terminate_removes_the_container(lab: Lab, ec2: Any, vm: str) -> None:
    ec2.terminate_instances(InstanceIds=[vm])
    in_state(ec2, vm, "terminated")
    assert f"{lab.name}-{vm}" not in run(["podman", "ps", "-a", "--format", "{{.Names}}"]).stdout.split()


def test_up_cures_a_killed_server(lab: Lab, ec2: Any, image_id: str, vpc: Vpc) -> None:
    launched = launch(ec2, image_id, vpc)
    in_state(ec2, launched, "running")
    pid = lab.status()["server"]["pid"]
    os.kill(pid, signal.SIGKILL)
    wait_for(
        lambda: not Path(f"/proc/{pid}/cmdline").exists() or not Path(f"/proc/{pid}/cmdline").read_bytes(), "its end"
    )
    assert lab.command("status").returncode == 1
    lab.up()
    assert lab.status()["server"]["state"] == "up"
    assert traces(lab.name)["containers"] == []
    assert ec2.describe_instances()["Reservations"] == []
