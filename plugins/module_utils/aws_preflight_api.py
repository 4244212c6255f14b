# Copyright: (c) lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The AWS calls of the preflight: all of them read, over one boto3 session.

Every failure of a call becomes one line of the report. What the answers mean is judged in ``aws_preflight``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

try:
    import boto3
    import botocore
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError
except ImportError:
    pass  # AnsibleAWSModule reports it

from ansible_collections.amazon.aws.plugins.module_utils.retries import AWSRetry
from ansible_collections.lambdafs.cluster.plugins.module_utils.aws_preflight import (
    CREDENTIALS_ADVICE,
    Answer,
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
    standard_vcpus_asked,
    standard_vcpus_running,
    unknown_region_problem,
    vcpu_problem,
)
from ansible_collections.lambdafs.cluster.plugins.module_utils.eks_access_check import ask, make_token
from ansible_collections.lambdafs.cluster.plugins.module_utils.eks_preflight import (
    access_problem,
    access_warning,
    version_problem,
    version_warning,
)

STANDARD_VCPU_QUOTA = "L-1216C47A"
ELASTIC_IP_QUOTA = "L-0263D0A3"
# Canonical's account in each partition
UBUNTU_OWNERS = {"aws": "099720109477", "aws-cn": "837727238323", "aws-us-gov": "513442679011"}
# A region of each partition that every account has
HOME_REGIONS = {"aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}


class Refusal(Exception):
    """A call that failed; the text is the line to report."""


@dataclass(frozen=True)
class Wanted:
    """What the account must be able to give."""

    cluster_name: str
    tiers: Sequence[Tier]
    zones: Sequence[str] = ()
    zone_count: int = 2
    ubuntu_release: str = ""
    key_name: str = ""
    public_key: str = ""
    elastic_ips: int = 0
    eks_cluster: str = ""
    eks_version: str = ""


@dataclass
class Report:
    """What was found: ``problems`` stop the deployment, ``warnings`` do not."""

    problems: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    account_id: str = ""
    zones: list[str] = field(default_factory=list)
    images: dict[str, Image] = field(default_factory=dict)

    def add(self, problem: str | None) -> None:
        """Take a judgement's line, if there is one."""
        if problem:
            self.problems.append(problem)

    def warn(self, warning: str | None) -> None:
        """Take a warning's line, if there is one."""
        if warning:
            self.warnings.append(warning)


class Account:
    """Reads of one AWS account in one region."""

    def __init__(self, region: str, endpoint_url: str | None, connection: dict[str, Any]) -> None:
        """Open a session; nothing is sent.

        Args:
            region: name of the region.
            endpoint_url: address that stands for every service, or None for AWS's own.
            connection: third part of the answer of amazon.aws's get_aws_connection_info.

        Raises:
            Refusal: the region is unknown, or there are no credentials.
        """
        options = dict(connection)
        try:
            self._session: Any = boto3.session.Session(profile_name=options.pop("profile_name", None))
            given = options.get("aws_access_key_id") or self._session.get_credentials()
        except BotoCoreError as error:
            raise Refusal(
                f"AWS credentials cannot be read ({error}); expected a key or a role; {CREDENTIALS_ADVICE}"
            ) from error
        if not given:
            raise Refusal(f"no AWS credentials were found; expected a key or a role; {CREDENTIALS_ADVICE}")
        defaults = Config(connect_timeout=10, read_timeout=30, retries={"total_max_attempts": 3})
        options["config"] = defaults.merge(options.pop("aws_config", Config()))
        self.partition = self._partition_of(region)
        self._options = {"endpoint_url": endpoint_url, **options}
        self._clients: dict[tuple[str, str], Any] = {}
        self.region = region

    def _partition_of(self, region: str) -> str:
        regions: dict[str, str] = {
            name: partition
            for partition in self._session.get_available_partitions()
            for name in self._session.get_available_regions("ec2", partition_name=partition)
        }
        if region not in regions:
            raise Refusal(unknown_region_problem(region, sorted(regions), botocore.__version__))
        return regions[region]

    def identify(self) -> str:
        """The account's id.

        Raises:
            Refusal: AWS does not accept the credentials, or the region is not enabled for the account.
        """
        try:
            return str(self._client("sts", self.region).get_caller_identity()["Account"])
        except ClientError as error:
            home = HOME_REGIONS.get(self.partition, self.region)
            if home != self.region:
                self._refuse_disabled_region(home)
            raise Refusal(
                f"AWS does not accept the credentials ({_words(error)}); expected valid ones; {CREDENTIALS_ADVICE}"
            ) from error
        except BotoCoreError as error:
            raise Refusal(
                f"AWS gives no answer ({_words(error)}); expected one; check network, proxy and AWS_ENDPOINT_URL"
            ) from error

    def _refuse_disabled_region(self, home: str) -> None:
        """A region that is not enabled refuses credentials that others accept: ask one that always is."""
        try:
            regions = self._client("ec2", home).describe_regions(AllRegions=True)["Regions"]
        except (ClientError, BotoCoreError):
            return  # the credentials are refused there too, which the caller reports
        problem = disabled_region_problem(self.region, regions)
        if problem:
            raise Refusal(problem)

    def _pages(self, service: str, operation: str, key: str, request: dict[str, Any]) -> list[Any]:
        client = self._client(service, self.region)
        if client.can_paginate(operation):
            return [item for page in client.get_paginator(operation).paginate(**request) for item in page[key]]
        answer = getattr(client, operation)(**request)[key]
        return answer if isinstance(answer, list) else [answer]

    def read(self, service: str, operation: str, key: str, **request: Any) -> list[Any]:
        """The items under ``key`` of all pages of an answer.

        Raises:
            Refusal: the call failed; throttled calls have been repeated before.
        """
        pages = AWSRetry.jittered_backoff(retries=5, delay=1, max_delay=10)(self._pages)
        try:
            return list(pages(service, operation, key, request))
        except (ClientError, BotoCoreError) as error:
            call = "".join(part.title() for part in operation.split("_"))
            raise Refusal(
                f"AWS refuses {service}:{call} ({_words(error)}); expected an answer; allow it for these credentials"
            ) from error

    def client(self, service: str) -> Any:
        """A boto3 client of a service in the region."""
        return self._client(service, self.region)

    def _client(self, service: str, region: str) -> Any:
        if (service, region) not in self._clients:
            self._clients[service, region] = self._session.client(service, region_name=region, **self._options)
        return self._clients[service, region]


def examine(account: Account, wanted: Wanted) -> Report:
    """Compare what the account can give with what is wanted. Never raises for what AWS answers."""
    report = Report()
    try:
        report.account_id = account.identify()
    except Refusal as refusal:
        report.add(str(refusal))
        return report
    for step in (_examine_zones, _examine_vms, _examine_key_pair, _examine_eks):
        try:
            step(account, wanted, report)
        except Refusal as refusal:
            report.add(str(refusal))
    return report


def _examine_zones(account: Account, wanted: Wanted, report: Report) -> None:
    # Local and wavelength zones take no NAT gateway
    filters = _filters({"zone-type": ["availability-zone"]})
    zones = account.read("ec2", "describe_availability_zones", "AvailabilityZones", Filters=filters)
    report.zones, problems = choose_zones(wanted.zones, zones, wanted.zone_count)
    report.problems += problems


def _examine_vms(account: Account, wanted: Wanted, report: Report) -> None:
    filters = _filters({"instance-type": sorted({tier.instance_type for tier in wanted.tiers})})
    types = account.read("ec2", "describe_instance_types", "InstanceTypes", Filters=filters)
    _examine_quotas(account, wanted, types, report)
    offerings = account.read(
        "ec2",
        "describe_instance_type_offerings",
        "InstanceTypeOfferings",
        LocationType="availability-zone",
        Filters=filters,
    )
    report.problems += instance_type_problems(wanted.tiers, types, offerings, report.zones)
    report.problems += memory_problems(wanted.tiers, types)
    report.images, problems = choose_images(
        wanted.tiers,
        _named_images(account, wanted),
        _ubuntu_images(account, wanted),
        architectures_of(types),
        wanted.ubuntu_release,
    )
    report.problems += problems


def _examine_quotas(account: Account, wanted: Wanted, types: list[Answer], report: Report) -> None:
    """A quota that cannot be read is no reason to stop."""
    vcpus = standard_vcpus_asked(wanted.tiers, types)
    try:
        if vcpus:
            quota = _quota(account, STANDARD_VCPU_QUOTA)
            states = _filters({"instance-state-name": ["pending", "running"]})
            reservations = account.read("ec2", "describe_instances", "Reservations", Filters=states)
            instances = [instance for reservation in reservations for instance in reservation["Instances"]]
            report.add(
                vcpu_problem(quota, standard_vcpus_running(instances, wanted.cluster_name, wanted.eks_cluster), vcpus)
            )
        if wanted.elastic_ips:
            quota = _quota(account, ELASTIC_IP_QUOTA)
            addresses = account.read("ec2", "describe_addresses", "Addresses")
            report.add(elastic_ip_problem(quota, addresses, wanted.cluster_name, wanted.elastic_ips))
    except Refusal as refusal:
        report.warnings.append(f"quotas of vCPUs and Elastic IPs were not checked: {refusal}")


def _examine_key_pair(account: Account, wanted: Wanted, report: Report) -> None:
    if wanted.key_name:
        filters = _filters({"key-name": [wanted.key_name]})
        pairs = account.read("ec2", "describe_key_pairs", "KeyPairs", IncludePublicKey=True, Filters=filters)
        report.add(key_pair_problem(wanted.key_name, wanted.public_key, pairs))


def _examine_eks(account: Account, wanted: Wanted, report: Report) -> None:
    if not wanted.eks_cluster:
        return
    known = account.read("eks", "list_clusters", "clusters")
    found = None
    if wanted.eks_cluster in known:
        (found,) = account.read("eks", "describe_cluster", "cluster", name=wanted.eks_cluster)
    if found is None or found["version"] != wanted.eks_version:
        versions = account.read("eks", "describe_cluster_versions", "clusterVersions", includeAll=True)
        report.add(version_problem(wanted.eks_version, versions, account.region))
        report.warn(version_warning(wanted.eks_version, versions))
    if (
        found is not None
        and found["status"] == "ACTIVE"
        and found.get("tags", {}).get("Cluster") == wanted.cluster_name
    ):
        _examine_access(account, found, report)


def _examine_access(account: Account, cluster: Answer, report: Report) -> None:
    access = ask(cluster, make_token(account.client("sts"), cluster["name"]))
    report.warn(access_warning(cluster["name"], access))
    if access.status and not access.allowed:
        caller = account.read("sts", "get_caller_identity", "Arn")[0]
        try:
            entries = account.read("eks", "list_access_entries", "accessEntries", clusterName=cluster["name"])
        except Refusal:
            entries = []  # a cluster that knows access by its ConfigMap, or a caller who may not look
        report.add(access_problem(cluster["name"], caller, access, entries))


def _named_images(account: Account, wanted: Wanted) -> list[Answer]:
    """By filter and not by id: an id that does not exist is then missing in the answer, not an error."""
    ids = sorted({tier.image_id for tier in wanted.tiers if tier.image_id})
    filters = _filters({"image-id": ids})
    return account.read("ec2", "describe_images", "Images", IncludeDeprecated=True, Filters=filters) if ids else []


def _ubuntu_images(account: Account, wanted: Wanted) -> list[Answer]:
    if all(tier.image_id or tier.managed for tier in wanted.tiers):
        return []
    owner = UBUNTU_OWNERS.get(account.partition, UBUNTU_OWNERS["aws"])
    name = f"ubuntu/images/hvm-ssd*/ubuntu-*-{wanted.ubuntu_release or '*.04'}-*-server-*"
    return account.read("ec2", "describe_images", "Images", Owners=[owner], Filters=_filters({"name": [name]}))


def _quota(account: Account, code: str) -> float:
    quota = account.read("service-quotas", "get_service_quota", "Quota", ServiceCode="ec2", QuotaCode=code)
    return float(quota[0]["Value"])


def _filters(wanted: dict[str, list[str]]) -> list[dict[str, Any]]:
    return [{"Name": name, "Values": values} for name, values in wanted.items()]


def _words(error: Exception) -> str:
    """The server's own words, or botocore's, on one line."""
    details = getattr(error, "response", {}).get("Error", {})
    text = f"{details['Code']}: {details.get('Message', '')}" if "Code" in details else str(error)
    return " ".join(text.split())
