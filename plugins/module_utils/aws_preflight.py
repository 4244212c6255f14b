# Copyright: (c) lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What an AWS account must offer before anything is made in it: pure judgements of AWS's answers.

Every function takes parts of answers as boto3 gives them and returns one line a problem.
The calls themselves are in ``aws_preflight_api``.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Answer = Mapping[str, Any]

CREDENTIALS_ADVICE = (
    "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN for temporary ones), "
    "or AWS_PROFILE, or run on an instance with a role"
)
# Initial letters of the families that quota L-1216C47A counts
STANDARD_FAMILIES = frozenset("acdhimrtz")
EKS_TAG = "eks:cluster-name"
FAMILY = re.compile(r"([a-z]+)[0-9]")
# Tier in a scaling group: what its settings begin with, after lambdafs_
SCALING_SETTINGS = {
    "client_lambdafs": "client",
    "client_hopsfs": "hopsfs_client",
    "namenode_hopsfs": "hopsfs_namenode",
}
# Families whose first letter is a standard one, and that have quotas of their own
OTHER_FAMILIES = ("dl", "inf", "mac", "trn", "hpc")
UBUNTU_NAME = re.compile(r"/ubuntu-[a-z]+-(?P<year>[0-9]{2})\.(?P<month>[0-9]{2})-(?:amd64|arm64)-server-")


@dataclass(frozen=True)
class Tier:
    """One group of VMs that is asked for.

    ``image_id`` is empty where Ubuntu will do; ``memory_mib`` is what the settings make its software take of each VM,
    0 where that follows the VM; a tier is ``managed`` when EKS chooses the image.
    """

    name: str
    count: int
    instance_type: str
    image_id: str = ""
    memory_mib: int = 0
    managed: bool = False

    @property
    def image_setting(self) -> str:
        """The setting that names the tier's AMI."""
        if self.name.startswith("ndb_datanode"):
            return "lambdafs_ndb_datanode_amis"
        return f"lambdafs_{SCALING_SETTINGS.get(self.name, self.name)}_ami"


@dataclass(frozen=True)
class Image:
    """An AMI, or none where ``id`` is empty."""

    id: str = ""
    name: str = ""
    root_device_name: str = ""
    architecture: str = ""


def unknown_region_problem(region: str, known: Sequence[str], botocore_version: str) -> str:
    """The line for a region that botocore's tables do not hold."""
    close = difflib.get_close_matches(region, known, n=3)
    advice = f"did you mean {' or '.join(close)}?" if close else "correct it"
    return (
        f"lambdafs_region {region} is no region that botocore {botocore_version} knows: {advice} "
        "(a region that is newer needs a newer botocore)"
    )


def disabled_region_problem(region: str, regions: Iterable[Answer]) -> str | None:
    """The line for a region that the account has not enabled, or None when it has.

    Args:
        region: the region's name.
        regions: ``Regions`` of DescribeRegions with AllRegions.
    """
    status = next((item.get("OptInStatus") for item in regions if item["RegionName"] == region), "unknown to AWS")
    if status in ("opted-in", "opt-in-not-required"):
        return None
    return (
        f"lambdafs_region {region} is not enabled for this account (its status is {status}); expected an enabled one; "
        f"run aws account enable-region --region-name {region}, or choose another region"
    )


def choose_zones(wanted: Sequence[str], zones: Iterable[Answer], count: int) -> tuple[list[str], list[str]]:
    """The zones to use, and a line for each reason why there are not enough.

    Args:
        wanted: names that the user gave, or none.
        zones: ``AvailabilityZones`` of DescribeAvailabilityZones.
        count: how many zones are needed.
    """
    available = sorted(zone["ZoneName"] for zone in zones if zone.get("State") == "available")
    missing = [zone for zone in wanted if zone not in available]
    if missing:
        return [], [
            f"lambdafs_availability_zones holds {_join(missing)}, which this account cannot use; "
            f"expected {count} of {_join(available)}; correct it"
        ]
    if len(available) < count:
        return [], [
            f"the region has {len(available)} available zones ({_join(available)}); expected {count}; "
            "choose another lambdafs_region"
        ]
    return list(wanted or available[:count]), []


def image_of(answer: Answer) -> Image:
    """An entry of ``Images`` of DescribeImages, as far as it matters here."""
    return Image(
        id=answer["ImageId"],
        name=answer.get("Name", ""),
        root_device_name=answer.get("RootDeviceName", ""),
        architecture=answer.get("Architecture", ""),
    )


def newest_ubuntu(images: Iterable[Answer], architecture: str, release: str = "") -> Image:
    """The latest build of the newest LTS release, or of the given one; an Image without id when there is none.

    Args:
        images: ``Images`` of DescribeImages.
        architecture: ``x86_64`` or ``arm64``.
        release: such as ``22.04``; empty for the newest LTS.
    """
    candidates = []
    for answer in images:
        match = UBUNTU_NAME.search(answer.get("Name", ""))
        if not match or answer.get("Architecture") != architecture:
            continue
        version = f"{match['year']}.{match['month']}"
        is_lts = match["month"] == "04" and int(match["year"]) % 2 == 0
        if version == release or (not release and is_lts):
            candidates.append((version, answer.get("CreationDate", ""), answer["ImageId"], answer))
    return image_of(max(candidates)[3]) if candidates else Image()


def architectures_of(types: Iterable[Answer]) -> dict[str, list[str]]:
    """The architectures of each instance type.

    Args:
        types: ``InstanceTypes`` of DescribeInstanceTypes.
    """
    return {item["InstanceType"]: item["ProcessorInfo"]["SupportedArchitectures"] for item in types}


def choose_images(
    tiers: Iterable[Tier],
    images: Iterable[Answer],
    ubuntu: Iterable[Answer],
    architectures: Mapping[str, Sequence[str]],
    release: str = "",
) -> tuple[dict[str, Image], list[str]]:
    """The image of each tier, and a line for each tier that gets none or one that its VMs cannot boot.

    Args:
        tiers: what is asked for; a tier of 0 VMs gets an image where there is one, and never a problem.
        images: ``Images`` of DescribeImages for the ids that the tiers name.
        ubuntu: ``Images`` of DescribeImages for Ubuntu's publisher.
        architectures: as of architectures_of.
        release: as of newest_ubuntu.
    """
    by_id = {answer["ImageId"]: image_of(answer) for answer in images}
    published = list(ubuntu)
    chosen, problems = {}, []
    for tier in tiers:
        if tier.managed:
            continue
        supported = architectures.get(tier.instance_type, [])
        architecture = "arm64" if "arm64" in supported and "x86_64" not in supported else "x86_64"
        named = by_id.get(tier.image_id, Image())
        image = named if tier.image_id else newest_ubuntu(published, architecture, release)
        chosen[tier.name] = image
        if tier.count == 0:
            continue
        if not image.id:
            wanted = tier.image_id or f"an official image of Ubuntu {release or 'LTS'} for {architecture}"
            problems.append(
                f"{tier.name}: {wanted} is not in this region, or not shared with this account; expected an AMI "
                f"that exists here; set {tier.image_setting}"
            )
        elif supported and image.architecture not in supported:
            problems.append(
                f"{tier.name}: AMI {image.id} is for {image.architecture} and instance type {tier.instance_type} runs "
                f"{_join(supported)}; expected the same; change {tier.image_setting} or the type"
            )
    return chosen, problems


def instance_type_problems(
    tiers: Iterable[Tier], types: Iterable[Answer], offerings: Iterable[Answer], zones: Sequence[str]
) -> list[str]:
    """A line for each instance type that is unknown in the region or missing in one of the zones.

    Args:
        tiers: what is asked for.
        types: ``InstanceTypes`` of DescribeInstanceTypes.
        offerings: ``InstanceTypeOfferings`` of DescribeInstanceTypeOfferings by availability zone.
        zones: the zones that will be used.
    """
    known = {item["InstanceType"] for item in types}
    places: dict[str, list[str]] = {}
    for offering in offerings:
        places.setdefault(offering["InstanceType"], []).append(offering["Location"])
    users: dict[str, list[str]] = {}
    for tier in tiers:
        if tier.count:
            users.setdefault(tier.instance_type, []).append(tier.name)
    problems = []
    for name, tier_names in users.items():
        offered = sorted(places.get(name, []))
        missing = [zone for zone in zones if zone not in offered]
        if name not in known:
            problems.append(
                f"instance type {name} of {_join(tier_names)} is unknown in this region; expected one that exists"
            )
        elif missing:
            problems.append(
                f"instance type {name} of {_join(tier_names)} is not offered in {_join(missing)}; expected one of the "
                f"zones {_join(offered)}; set lambdafs_availability_zones or another type"
            )
    return problems


def memory_problems(tiers: Iterable[Tier], types: Iterable[Answer]) -> list[str]:
    """A line for each tier whose software is set to take more memory than its instance type has.

    Args:
        tiers: what is asked for.
        types: ``InstanceTypes`` of DescribeInstanceTypes.
    """
    sizes = {item["InstanceType"]: item.get("MemoryInfo", {}).get("SizeInMiB", 0) for item in types}
    return [
        f"{tier.name}: the settings make each VM need {tier.memory_mib} MiB and instance type {tier.instance_type} has "
        f"{sizes[tier.instance_type]}; expected less; lower its memory settings, or "
        "choose a larger type"
        for tier in tiers
        if tier.count and 0 < sizes.get(tier.instance_type, 0) <= tier.memory_mib
    ]


def standard_vcpus_asked(tiers: Iterable[Tier], types: Iterable[Answer]) -> int:
    """VCPUs of the VMs that are asked for, of the families that the quota counts."""
    vcpus = {item["InstanceType"]: item["VCpuInfo"]["DefaultVCpus"] for item in types}
    return sum(tier.count * vcpus.get(tier.instance_type, 0) for tier in tiers if _is_standard(tier.instance_type))


def standard_vcpus_running(instances: Iterable[Answer], cluster_name: str, eks_cluster: str = "") -> int:
    """VCPUs that the quota counts already, without those of the cluster itself.

    Args:
        instances: instances of DescribeInstances that are pending or running.
        cluster_name: value of the tag ``Cluster`` of the VMs that are asked for.
        eks_cluster: name of the EKS cluster whose nodes are asked for, by which EKS tags them.
    """
    return sum(
        instance["CpuOptions"]["CoreCount"] * instance["CpuOptions"]["ThreadsPerCore"]
        for instance in instances
        if instance.get("InstanceLifecycle") is None
        and "CpuOptions" in instance
        and _is_standard(instance["InstanceType"])
        and not has_cluster_tag(instance, cluster_name)
        and {"Key": EKS_TAG, "Value": eks_cluster} not in instance.get("Tags", [])
    )


def vcpu_problem(quota: float, running: int, asked: int) -> str | None:
    """The line for a vCPU quota that is too small, or None."""
    if running + asked <= quota:
        return None
    return (
        f"the account may run {quota:g} vCPUs of standard instances, others use {running} and this cluster needs "
        f"{asked}; expected {running + asked} or more; ask for quota L-1216C47A of EC2 to be raised, stop "
        "instances or choose smaller instance types"
    )


def elastic_ip_problem(quota: float, addresses: Sequence[Answer], cluster_name: str, asked: int) -> str | None:
    """The line for an Elastic IP quota that is too small, or None.

    Args:
        quota: addresses that the account may hold.
        addresses: ``Addresses`` of DescribeAddresses.
        cluster_name: value of the tag ``Cluster`` of addresses that are the cluster's already.
        asked: addresses that the cluster needs in all.
    """
    own = sum(has_cluster_tag(address, cluster_name) for address in addresses)
    missing = max(0, asked - own)
    if not missing or len(addresses) + missing <= quota:
        return None
    return (
        f"the account holds {len(addresses)} of {quota:g} Elastic IPs and this cluster needs {missing} more; "
        "release one, ask for quota L-0263D0A3 of EC2 to be raised, or set lambdafs_nat_gateway to false"
    )


def key_pair_problem(name: str, public_key: str, key_pairs: Iterable[Answer]) -> str | None:
    """The line for a key pair that cannot be used, or None. One that is absent can be uploaded from ``public_key``.

    Args:
        name: the key pair's name.
        public_key: text of the local public key file, or nothing.
        key_pairs: ``KeyPairs`` of DescribeKeyPairs, with public keys.
    """
    found = next((pair for pair in key_pairs if pair["KeyName"] == name), None)
    if found is None:
        if public_key:
            return None
        return f"key pair {name} does not exist and there is no public key to make it of; expected one of the two"
    there = found.get("PublicKey", "").split()[:2]
    if there and public_key and there != public_key.split()[:2]:
        return (
            f"key pair {name} exists with another public key ({found.get('KeyPairId', 'no id')}); expected the one in "
            "lambdafs_ssh_public_key_file; set that file or lambdafs_key_name, or delete the key pair"
        )
    return None


def has_cluster_tag(resource: Answer, cluster_name: str) -> bool:
    """Whether a resource belongs to the cluster."""
    return {"Key": "Cluster", "Value": cluster_name} in resource.get("Tags", [])


def _is_standard(instance_type: str) -> bool:
    family = FAMILY.match(instance_type)
    return family is not None and instance_type[0] in STANDARD_FAMILIES and not instance_type.startswith(OTHER_FAMILIES)


def _join(items: Iterable[str]) -> str:
    return ", ".join(items) or "none"
