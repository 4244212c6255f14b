"""What is wrong is refused in one clear line, before the first change."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.holdings import holdings
from tests.e2e.site import Site, running_site

pytestmark = pytest.mark.e2e

NO_CREDENTIALS = {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A lab in which nothing is ever made."""
    with running_site("refusals", "10.4.0.0/16", tmp_path_factory.mktemp("refusals")) as made:
        yield made


def refused(site: Site, *arguments: str, **environment: str) -> str:
    """The text of a site.yml that has to fail without a change."""
    result = site.play("site.yml", *arguments, environment=environment)
    assert result.code != 0, result.output
    assert set(result.changed.values()) <= {0}
    assert not holdings(site.client("ec2"))
    return result.text


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("lambdafs_region=us-east-9", "us-east-9"),
        ("lambdafs_zookeeper_count=4", "lambdafs_zookeeper_count"),
        ('{"lambdafs_zookeeper_private_ips": ["10.9.8.233"]}', "10.9.8.233"),
        ("lambdafs_ssh_private_key_file=/nowhere/id_ed25519", "/nowhere/id_ed25519"),
        ("lambdafs_zookeper_count=3", "did you mean lambdafs_zookeeper_count?"),
    ],
    ids=["unknown region", "four servers", "address outside", "key missing", "unknown variable"],
)
def test_a_wrong_setting(site: Site, setting: str, message: str) -> None:
    assert message in refused(site, "-e", setting)


def test_no_credentials(site: Site) -> None:
    assert "credentials" in refused(site, **NO_CREDENTIALS).lower()


def test_a_key_that_others_can_read(site: Site, tmp_path: Path) -> None:
    key = tmp_path / "id_ed25519"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    key.chmod(0o644)
    assert "0644" in refused(site, "-e", f"lambdafs_ssh_private_key_file={key}")


def test_two_vpcs_of_one_name(site: Site) -> None:
    ec2 = site.client("ec2")
    tags = [{"ResourceType": "vpc", "Tags": [{"Key": "Name", "Value": "LambdaFS_VPC"}]}]
    twins = [
        ec2.create_vpc(CidrBlock=cidr, TagSpecifications=tags)["Vpc"]["VpcId"]
        for cidr in ("10.4.0.0/16", "10.5.0.0/16")
    ]
    before = holdings(ec2)
    result = site.play("site.yml")
    assert result.code != 0
    assert all(twin in result.text for twin in twins)
    assert holdings(ec2) == before
    for twin in twins:
        ec2.delete_vpc(VpcId=twin)
