"""site.yml from an empty account to twenty registered NameNode deployments, their changes, and back to nothing.

The tests of this module share one lab and build on each other, in the order in which they stand.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.holdings import holdings
from tests.e2e.openwhisk import Platform, command_lines
from tests.e2e.site import CLUSTER, Site, running_site

pytestmark = pytest.mark.e2e

SETTINGS = (
    "lambdafs_zookeeper_count=1",
    "lambdafs_ndb_mgmd_count=0",
    "lambdafs_ndb_datanode_count=0",
    "lambdafs_driver_lambdafs_count=0",
    "lambdafs_driver_hopsfs_count=0",
    "lambdafs_eks_core_count=1",
    "lambdafs_eks_invoker_count=3",
)
"""No VM that OpenWhisk does not need."""
ZNODES_EACH = 5


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A lab of its own, which all tests of this module share."""
    with running_site("eks", "10.8.0.0/16", tmp_path_factory.mktemp("eks"), *SETTINGS) as made:
        yield made


@pytest.fixture(scope="module")
def platform(site: Site) -> Platform:
    return Platform(site)


@pytest.fixture(scope="module")
def empty(site: Site) -> dict[str, Any]:
    """What the account holds before anything is made."""
    return account(site)


def names(count: int) -> set[str]:
    return {f"namenode{number}" for number in range(count)}


def znodes(site: Site) -> int:
    found: int = site.report()["zookeeper"]["znodes"]["found"]
    return found


def account(site: Site) -> dict[str, Any]:
    """What the account holds of EKS, IAM and load balancers, and of the network and VMs."""
    iam = site.client("iam")
    return {
        "clusters": site.client("eks").list_clusters()["clusters"],
        "roles": [role["RoleName"] for role in iam.list_roles()["Roles"]],
        "profiles": iam.list_instance_profiles()["InstanceProfiles"],
        "providers": iam.list_open_id_connect_providers()["OpenIDConnectProviderList"],
        "certificates": iam.list_server_certificates()["ServerCertificateMetadataList"],
        "balancers": site.client("elb").describe_load_balancers()["LoadBalancerDescriptions"],
        "rest": holdings(site.client("ec2")),
    }


@pytest.mark.usefixtures("empty")
def test_site_registers_twenty_deployments_and_shows_no_secret(site: Site, platform: Platform) -> None:
    with command_lines() as seen:
        result = site.play("site.yml", "-vv").succeeded()
    assert set(platform.actions()) == names(20)
    assert platform.revisions() == [(1, "superseded"), (2, "deployed")]
    private_key = (platform.state / "openwhisk" / "tls.key").read_text(encoding="utf-8")
    secrets = [*platform.keys.values(), private_key.splitlines()[5]]
    assert len(secrets) == 4
    assert [text for text in (result.output, *seen) for secret in secrets if secret in text] == []
    assert any("helm" in line for line in seen)
    root = platform.state.parents[1]
    readable = [path for path in root.rglob("*") if path.is_file() and path.stat().st_mode & 0o077]
    holders = [path for path in readable for secret in secrets if secret.encode() in path.read_bytes()]
    assert [path for path in holders if not is_shut(path, root)] == []


def is_shut(path: Path, root: Path) -> bool:
    """Whether a directory between a file and the root lets nobody but its owner in."""
    between = [parent for parent in path.parents if parent.is_relative_to(root)]
    return any(parent.stat().st_mode & 0o077 == 0 for parent in between if parent != root)


def test_the_status_page_shows_release_api_and_deployments(site: Site, platform: Platform) -> None:
    shown = site.report()["openwhisk"]
    assert shown["release"]["status"] == "deployed"
    assert shown["api_host"] == platform.host()
    assert {item["name"] for item in shown["deployments"]} == names(20)
    assert znodes(site) == 20 * ZNODES_EACH


def test_a_second_run_changes_nothing(site: Site, platform: Platform) -> None:
    before = platform.revisions(), platform.versions()
    result = site.play("site.yml").succeeded()
    assert set(result.changed.values()) == {0}
    assert (platform.revisions(), platform.versions()) == before


def test_more_memory_updates_every_action_without_the_jar(site: Site, platform: Platform) -> None:
    before = platform.versions()
    result = site.play(
        "site.yml", "--tags", "namenodes", "-e", "eks_openwhisk_namenode_memory_mb=22000", "-v"
    ).succeeded()
    assert "code_sent: []" in result.output
    actions = platform.actions()
    assert {action["limits"]["memory"] for action in actions.values()} == {22000}
    assert all(before[name] != action["version"] for name, action in actions.items())


def test_two_more_deployments_are_two_more_of_everything(site: Site, platform: Platform) -> None:
    site.play("site.yml", "--tags", "namenodes").succeeded()
    before = platform.versions()
    site.play("site.yml", "--tags", "namenodes", "-e", "lambdafs_namenode_deployments=22").succeeded()
    after = platform.versions()
    assert set(after) == names(22)
    assert {name: version for name, version in after.items() if name in before} == before
    assert platform.revisions()[-1] == (2, "deployed")


def test_fewer_deployments_need_the_variable_that_says_so(site: Site, platform: Platform) -> None:
    before = platform.versions()
    refused = site.play("site.yml", "--tags", "namenodes")
    assert refused.code != 0
    assert "namenode20, namenode21 registered, expected 20 deployments" in refused.text
    assert "-e lambdafs_namenode_prune=true" in refused.text
    assert platform.versions() == before
    site.play("site.yml", "--tags", "namenodes", "-e", "lambdafs_namenode_prune=true").succeeded()
    after = platform.versions()
    assert after == {name: version for name, version in before.items() if name in names(20)}
    assert znodes(site) == 20 * ZNODES_EACH


def test_a_release_that_no_node_takes_is_named_and_rolled_back(site: Site, platform: Platform) -> None:
    actions = platform.versions()
    unknown = ("-e", "eks_openwhisk_invoker_label=nowhere", "-e", "eks_openwhisk_timeout=60")
    failed = site.play("site.yml", "--tags", "openwhisk", *unknown)
    assert failed.code != 0
    assert "release owdev: the release did not become ready" in failed.text
    assert "pod owdev-invoker-" in failed.text
    assert "it was rolled back to revision 2" in failed.text
    assert platform.revisions()[-1][1] == "deployed"
    pods = platform.kubectl("get", "pods", "--selector", "name=owdev-invoker")["items"]
    assert {pod["status"]["phase"] for pod in pods} == {"Running"}
    assert platform.versions() == actions


def test_the_database_is_made_once_whatever_happens_to_the_release(platform: Platform) -> None:
    jobs = {job["metadata"]["name"] for job in platform.kubectl("get", "jobs")["items"]}
    assert jobs == {"owdev-install-packages"}
    claims = platform.kubectl("get", "pvc")["items"]
    assert {claim["status"]["phase"] for claim in claims} == {"Bound"}


def test_a_principal_without_access_is_named_before_anything_changes(site: Site, platform: Platform) -> None:
    iam = site.client("iam")
    iam.create_user(UserName="stranger")
    key = iam.create_access_key(UserName="stranger")["AccessKey"]
    stranger = {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}
    try:
        refused = site.play("site.yml", environment=stranger)
        assert refused.code != 0
        assert "Your current IAM principal doesn't have access to Kubernetes objects on this cluster" in refused.text
        assert "user/stranger has no access" in refused.text
        assert set(refused.changed.values()) == {0}
    finally:
        iam.delete_access_key(UserName="stranger", AccessKeyId=key["AccessKeyId"])
        iam.delete_user(UserName="stranger")


def test_teardown_leaves_nothing(site: Site, platform: Platform, empty: dict[str, Any]) -> None:
    site.play("playbooks/teardown.yml", "-e", f"confirm_teardown={CLUSTER}").succeeded()
    assert account(site) == empty
    assert not (platform.state / "openwhisk").exists()
    assert not (platform.state / "kubeconfig").exists()
