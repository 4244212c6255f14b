# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.lambdafs.cluster.plugins.module_utils.aws_preflight import (
    Image,
    Tier,
    architectures_of,
    choose_images,
    choose_zones,
    disabled_region_problem,
    elastic_ip_problem,
    instance_type_problems,
    key_pair_problem,
    memory_problems,
    newest_ubuntu,
    standard_vcpus_asked,
    standard_vcpus_running,
    unknown_region_problem,
    vcpu_problem,
)

ZONES = [{"ZoneName": f"us-east-1{letter}", "State": "available"} for letter in "cab"]
ZONES.append({"ZoneName": "us-east-1d", "State": "impaired"})
TYPES: list[dict[str, Any]] = [
    {
        "InstanceType": "r5.4xlarge",
        "ProcessorInfo": {"SupportedArchitectures": ["x86_64"]},
        "VCpuInfo": {"DefaultVCpus": 16},
    },
    {
        "InstanceType": "m7g.large",
        "ProcessorInfo": {"SupportedArchitectures": ["arm64"]},
        "VCpuInfo": {"DefaultVCpus": 2},
    },
]
ARCHITECTURES = architectures_of(TYPES)
ZOOKEEPER = Tier("zookeeper", 3, "r5.4xlarge")
CLUSTER_TAG = [{"Key": "Cluster", "Value": "lambdafs"}]
KEY = "ssh-ed25519 AAAAC3Nza me@here"


def ubuntu(version: str, build: str, architecture: str = "x86_64") -> dict[str, Any]:
    machine = {"x86_64": "amd64", "arm64": "arm64"}[architecture]
    return {
        "ImageId": f"ami-{version}-{build}-{machine}",
        "Name": f"ubuntu/images/hvm-ssd-gp3/ubuntu-name-{version}-{machine}-server-{build}",
        "CreationDate": f"{build}T00:00:00.000Z",
        "RootDeviceName": "/dev/sda1",
        "Architecture": architecture,
    }


PUBLISHED = [
    ubuntu("22.04", "20260101"),
    ubuntu("24.04", "20250101"),
    ubuntu("24.04", "20251201"),
    ubuntu("24.04", "20251201", "arm64"),
    ubuntu("25.04", "20260101"),
    ubuntu("25.10", "20260101"),
]


def instance(kind: str = "r5.4xlarge", **more: Any) -> dict[str, Any]:
    return {"InstanceType": kind, "CpuOptions": {"CoreCount": 8, "ThreadsPerCore": 2}, **more}


def test_unknown_region_suggests_close_names() -> None:
    problem = unknown_region_problem("us-eats-1", ["eu-west-1", "us-east-1"], "1.2.3")
    assert "lambdafs_region us-eats-1 is no region that botocore 1.2.3 knows: did you mean us-east-1" in problem


def test_unknown_region_without_close_name() -> None:
    assert "correct it" in unknown_region_problem("moon-base-1", ["eu-west-1"], "1.2.3")


@pytest.mark.parametrize(
    ("regions", "status"),
    [([{"RegionName": "ap-east-1", "OptInStatus": "not-opted-in"}], "not-opted-in"), ([], "unknown to AWS")],
)
def test_disabled_region(regions: list[dict[str, Any]], status: str) -> None:
    problem = disabled_region_problem("ap-east-1", regions)
    assert problem is not None
    assert f"not enabled for this account (its status is {status})" in problem


@pytest.mark.parametrize("status", ["opted-in", "opt-in-not-required"])
def test_enabled_region(status: str) -> None:
    assert disabled_region_problem("r", [{"RegionName": "r", "OptInStatus": status}]) is None


def test_zones_are_the_first_available_ones() -> None:
    assert choose_zones([], ZONES, 2) == (["us-east-1a", "us-east-1b"], [])


def test_zones_that_the_user_gave_keep_their_order() -> None:
    assert choose_zones(["us-east-1c", "us-east-1a"], ZONES, 2) == (["us-east-1c", "us-east-1a"], [])


@pytest.mark.parametrize(
    ("wanted", "zones", "expected"),
    [
        ([], ZONES[:1], "the region has 1 available zones (us-east-1c); expected 2"),
        (["us-east-1a", "us-east-1d"], ZONES, "lambdafs_availability_zones holds us-east-1d"),
    ],
)
def test_too_few_zones(wanted: list[str], zones: list[dict[str, Any]], expected: str) -> None:
    chosen, (problem,) = choose_zones(wanted, zones, 2)
    assert chosen == []
    assert expected in problem


@pytest.mark.parametrize(
    ("architecture", "release", "expected"),
    [
        ("x86_64", "", "ami-24.04-20251201-amd64"),
        ("arm64", "", "ami-24.04-20251201-arm64"),
        ("x86_64", "22.04", "ami-22.04-20260101-amd64"),
        ("x86_64", "25.10", "ami-25.10-20260101-amd64"),
        ("x86_64", "18.04", ""),
        ("arm64", "22.04", ""),
    ],
)
def test_newest_ubuntu(architecture: str, release: str, expected: str) -> None:
    assert newest_ubuntu(PUBLISHED, architecture, release).id == expected


def test_images_of_tiers() -> None:
    named = {"ImageId": "ami-1", "Name": "mine", "RootDeviceName": "/dev/xvda", "Architecture": "x86_64"}
    tiers = [ZOOKEEPER, Tier("driver_hopsfs", 1, "m7g.large"), Tier("ndb_mgmd", 1, "r5.4xlarge", "ami-1")]
    images, problems = choose_images(tiers, [named], PUBLISHED, ARCHITECTURES)
    assert problems == []
    assert images["zookeeper"].id == "ami-24.04-20251201-amd64"
    assert images["driver_hopsfs"].architecture == "arm64"
    assert images["ndb_mgmd"] == Image("ami-1", "mine", "/dev/xvda", "x86_64")


@pytest.mark.parametrize(
    ("tier", "expected"),
    [
        (Tier("zookeeper", 1, "r5.4xlarge", "ami-2"), "zookeeper: ami-2 is not in this region"),
        (Tier("ndb_datanode_type1", 1, "r5.4xlarge", "ami-2"), "set lambdafs_ndb_datanode_amis"),
        (Tier("zookeeper", 1, "m7g.large", "ami-1"), "AMI ami-1 is for x86_64 and instance type m7g.large runs arm64"),
        (Tier("zookeeper", 1, "r5.4xlarge"), "an official image of Ubuntu LTS for x86_64 is not in this region"),
    ],
)
def test_images_that_cannot_be_used(tier: Tier, expected: str) -> None:
    _, (problem,) = choose_images([tier], [{"ImageId": "ami-1", "Architecture": "x86_64"}], [], ARCHITECTURES)
    assert expected in problem


def test_a_tier_without_vms_needs_no_image() -> None:
    images, problems = choose_images([Tier("zookeeper", 0, "r5.4xlarge", "ami-2")], [], [], ARCHITECTURES)
    assert (images, problems) == ({"zookeeper": Image()}, [])


def test_instance_types() -> None:
    tiers = [ZOOKEEPER, Tier("ndb_mgmd", 1, "r5.4xlarge"), Tier("driver_hopsfs", 1, "r5.bogus"), Tier("x", 0, "none")]
    offerings = [{"InstanceType": "r5.4xlarge", "Location": "us-east-1a"}]
    missing, unknown = instance_type_problems(tiers, TYPES, offerings, ["us-east-1a", "us-east-1b"])
    assert (
        "r5.4xlarge of zookeeper, ndb_mgmd is not offered in us-east-1b; expected one of the zones us-east-1a"
        in missing
    )
    assert "r5.bogus of driver_hopsfs is unknown in this region" in unknown
    assert instance_type_problems([ZOOKEEPER], TYPES, offerings, ["us-east-1a"]) == []


def test_memory_that_no_vm_of_the_type_has() -> None:
    types = [{"InstanceType": "r5.large", "MemoryInfo": {"SizeInMiB": 16384}}]
    fits = Tier("ndb_datanode_type1", 1, "r5.large", memory_mib=16000)
    too_much = Tier("ndb_datanode_type2", 1, "r5.large", memory_mib=16384)
    unknown = Tier("ndb_sql", 1, "r5.none", memory_mib=1)
    assert memory_problems([fits, too_much, unknown, Tier("x", 0, "r5.large", memory_mib=99999)], types) == [
        "ndb_datanode_type2: the settings make each VM need 16384 MiB and instance type r5.large has 16384; expected "
        "less; lower its memory settings, or choose a larger type"
    ]


def test_vcpus_asked_are_those_of_standard_families() -> None:
    tiers = [ZOOKEEPER, Tier("a", 2, "m7g.large"), Tier("b", 1, "p5.48xlarge"), Tier("c", 1, "inf2.xlarge")]
    types = [*TYPES, *({"InstanceType": t.instance_type, "VCpuInfo": {"DefaultVCpus": 99}} for t in tiers[2:])]
    assert standard_vcpus_asked(tiers, types) == 3 * 16 + 2 * 2


def test_vcpus_running_are_those_of_others() -> None:
    instances = [
        instance(),
        instance(InstanceLifecycle="spot"),
        instance("g5.xlarge"),
        instance(Tags=CLUSTER_TAG),
        instance(Tags=[{"Key": "Cluster", "Value": "other"}]),
    ]
    assert standard_vcpus_running(instances, "lambdafs") == 32


def test_vcpu_quota() -> None:
    assert vcpu_problem(64, 32, 32) is None
    assert "may run 64 vCPUs of standard instances, others use 32 and this cluster needs 48" in str(
        vcpu_problem(64.0, 32, 48)
    )


def test_elastic_ip_quota() -> None:
    addresses: list[dict[str, Any]] = [{}, {}, {}, {}, {"Tags": CLUSTER_TAG}]
    assert elastic_ip_problem(5, addresses, "lambdafs", 1) is None
    assert elastic_ip_problem(6, addresses, "other", 1) is None
    assert "holds 5 of 5 Elastic IPs and this cluster needs 1 more" in str(
        elastic_ip_problem(5.0, addresses, "other", 1)
    )


@pytest.mark.parametrize(
    ("public_key", "pairs", "expected"),
    [
        (KEY, [], None),
        (KEY, [{"KeyName": "k", "PublicKey": "ssh-ed25519 AAAAC3Nza other-comment"}], None),
        ("", [{"KeyName": "k", "PublicKey": KEY}], None),
        (KEY, [{"KeyName": "k"}], None),
        ("", [], "key pair k does not exist"),
        (KEY, [{"KeyName": "k", "KeyPairId": "key-1", "PublicKey": "ssh-rsa BBBB"}], "another public key (key-1)"),
    ],
)
def test_key_pair(public_key: str, pairs: list[dict[str, Any]], expected: str | None) -> None:
    problem = key_pair_problem("k", public_key, pairs)
    assert problem is None if expected is None else expected in str(problem)
