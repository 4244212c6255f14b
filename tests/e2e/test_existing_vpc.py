"""A deployment in a VPC that somebody else made."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.e2e.holdings import holdings
from tests.e2e.site import CLUSTER, Site, running_site

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running_site("guest", "10.6.0.0/16", tmp_path_factory.mktemp("guest")) as made:
        yield made


def test_it_is_used_and_neither_changed_nor_removed(site: Site) -> None:
    ec2 = site.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.6.0.0/16")["Vpc"]["VpcId"]
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    before = holdings(ec2)
    arguments = ("--tags", "network", "-e", f"lambdafs_vpc_id={vpc}")

    site.play("site.yml", *arguments).succeeded()
    subnets = ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["Subnets"]
    assert len(subnets) == 4
    assert before <= holdings(ec2)
    assert set(site.play("site.yml", *arguments).succeeded().changed.values()) == {0}

    site.play("playbooks/teardown.yml", "-e", f"confirm_teardown={CLUSTER}").succeeded()
    assert holdings(ec2) == before


def test_a_range_that_it_does_not_span_is_refused(site: Site) -> None:
    ec2 = site.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.7.0.0/16")["Vpc"]["VpcId"]
    before = holdings(ec2)
    result = site.play("site.yml", "--tags", "network", "-e", f"lambdafs_vpc_id={vpc}")
    assert result.code != 0
    assert f"VPC {vpc} spans 10.7.0.0/16" in result.text
    assert holdings(ec2) == before
