"""site.yml from an empty account to file systems that answer, their changes, what breaks them, and back to nothing.

The tests of this module share one lab and build on each other, in the order in which they stand.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.e2e.database import password_file, sql
from tests.e2e.holdings import holdings
from tests.e2e.links import (
    DRIVER,
    HADOOP_CONF,
    PORT,
    Break,
    blocked_port,
    missing_action,
    missing_table,
    missing_znode,
    stopped_mysqld,
    wrong_password,
)
from tests.e2e.openwhisk import Platform, command_lines
from tests.e2e.scaling import (
    CLIENTS,
    NAMENODE_PORT,
    NAMENODES,
    answering,
    client_addresses,
    followers,
    identities,
    running,
    started,
)
from tests.e2e.site import CLUSTER, Site, running_site

pytestmark = pytest.mark.e2e

SUBNET = "10.8.0.0/16"
SETTINGS = (
    "lambdafs_zookeeper_count=1",
    "lambdafs_ndb_datanode_count=2",
    "lambdafs_eks_core_count=1",
    "lambdafs_eks_invoker_count=3",
)
"""The fewest VMs and nodes."""
HOSTS = 7
"""This machine, and a VM each of ZooKeeper, NDB's manager, two data nodes and two drivers."""
IMPATIENT = ("-e", "ndb_mgmd_verify_timeout=2", "-e", "ndb_sql_verify_timeout=2")
MORE_MEMORY = ("-e", "eks_openwhisk_namenode_memory_mb=22000")
ZNODES_EACH = 5
HOPSFS_DRIVER = "hops-fs-client-driver-0"
OWN_DATABASE = "own_hopsfs"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A lab of its own, which all tests of this module share."""
    folder = tmp_path_factory.mktemp("whole")
    # Before the lab, whose environment names it
    Site("whole", SUBNET, 0, folder).lab("ndb-archive")
    with running_site("whole", SUBNET, folder, *SETTINGS) as made:
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
def test_site_ends_with_a_file_system_that_answers_and_shows_no_secret(site: Site, platform: Platform) -> None:
    with command_lines() as seen:
        result = site.play("site.yml", "-vv").succeeded()
    assert "[SUCCESS] basic test of λFS" in result.text
    assert formats(site, DRIVER) + formats(site, HOPSFS_DRIVER) == 1
    assert set(platform.actions()) == names(20)
    assert platform.revisions() == [(1, "superseded"), (2, "deployed")]
    private_key = (platform.state / "openwhisk" / "tls.key").read_text(encoding="utf-8")
    vm_key = (platform.state / "vm_ssh_key").read_text(encoding="utf-8")
    password = password_file(site).read_text(encoding="ascii").strip()
    secrets = [*platform.keys.values(), private_key.splitlines()[5], vm_key.splitlines()[2], password]
    assert len(secrets) == 6
    assert [text for text in (result.output, *seen) for secret in secrets if secret in text] == []
    assert any("helm" in line for line in seen)
    root = platform.state.parents[1]
    readable = [path for path in root.rglob("*") if path.is_file() and path.stat().st_mode & 0o077]
    holders = [path for path in readable for secret in secrets if secret.encode() in path.read_bytes()]
    assert [path for path in holders if not is_shut(path, root)] == []


def formats(site: Site, driver: str) -> int:
    """How often a file system was formatted from a driver."""
    return len(site.ssh(site.instance(driver), "sudo find /var/log/lambdafs -name 'format-*'").split())


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
    assert len(result.changed) == HOSTS
    assert set(result.changed.values()) == {0}
    assert (platform.revisions(), platform.versions()) == before
    assert "[SUCCESS] basic test of λFS" in result.text
    assert formats(site, DRIVER) + formats(site, HOPSFS_DRIVER) == 1


@pytest.mark.long
def test_more_memory_and_two_more_deployments_send_the_jar_for_these_alone(site: Site, platform: Platform) -> None:
    before = platform.versions()
    result = site.play(
        "site.yml", "--tags", "namenodes", "-v", *MORE_MEMORY, "-e", "lambdafs_namenode_deployments=22"
    ).succeeded()
    assert re.search(r"code_sent:\s+- namenode20\s+- namenode21\s+\w", result.output), result.output[-3000:]
    actions = platform.actions()
    assert set(actions) == names(22)
    assert {action["limits"]["memory"] for action in actions.values()} == {22000}
    assert all(before[name] != actions[name]["version"] for name in before)
    assert platform.revisions()[-1] == (2, "deployed")
    assert deployments_of_the_driver(site) == 22


def deployments_of_the_driver(site: Site) -> int:
    """How many deployments λFS's client counts."""
    text = site.ssh(site.instance(DRIVER), f"cat {HADOOP_CONF}/hdfs-site.xml")
    values = {entry.findtext("name"): entry.findtext("value") for entry in ElementTree.fromstring(text)}  # noqa: S314
    return int(values["serverless.deployments.max"] or 0)


@pytest.mark.long
def test_fewer_deployments_need_the_variable_that_says_so(site: Site, platform: Platform) -> None:
    before = platform.versions()
    refused = site.play("site.yml", "--tags", "namenodes")
    assert refused.code != 0
    assert "namenode20, namenode21 registered, expected 20 deployments" in refused.text
    assert "-e lambdafs_namenode_prune=true" in refused.text
    assert platform.versions() == before
    site.play("site.yml", "--tags", "namenodes", "-e", "lambdafs_namenode_prune=true").succeeded()
    assert set(platform.versions()) == names(20)
    assert znodes(site) == 20 * ZNODES_EACH
    assert deployments_of_the_driver(site) == 20


def test_the_database_of_openwhisk_is_made_once(platform: Platform) -> None:
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


@pytest.mark.parametrize(
    ("broken", "tier", "words"),
    [
        (stopped_mysqld, "ndb", ["ndb-manager-node-0", "node 145"]),
        (missing_znode, "zookeeper", ["/namenode7/ACK"]),
        (missing_table, "ndb", ["write_acks_deployment7"]),
        (missing_action, "openwhisk", ["namenode7 not registered"]),
        (blocked_port, "driver", ["NameNode → driver", f":{PORT}"]),
        (wrong_password, "driver", ["driver → mysqld", "Access denied for user 'hops'"]),
    ],
)
def test_verify_names_a_broken_link(site: Site, broken: Break, tier: str, words: list[str]) -> None:
    """In its own tier: those before it, which would be verified first, are well."""
    with broken(site):
        failed = site.play("playbooks/verify.yml", "--tags", tier, *IMPATIENT)
    assert failed.code != 0
    assert [word for word in words if word not in failed.text] == [], failed.output[-3000:]
    assert "[SUCCESS] basic test" not in failed.text


def test_a_file_system_in_use_is_neither_tested_nor_formatted(site: Site) -> None:
    """Also by a confirmation, since the other system has the same database, and whatever hosts there are."""
    site.ssh(site.instance(DRIVER), "bash -lc 'hdfs dfs -mkdir /kept'")
    files = formats(site, DRIVER)
    result = site.play("playbooks/verify.yml", "--tags", "driver").succeeded()
    assert "basic test left out: the root directory of λFS holds 1 entries" in result.text
    refused = site.play("site.yml", "-e", f"confirm_format={CLUSTER}")
    assert refused.code != 0
    assert "λFS and HopsFS share database vanilla_hopsfs" in refused.text
    assert set(refused.changed.values()) == {0}
    other = site.play("site.yml", "-e", "confirm_format=another")
    assert "confirm_format is 'another', expected the cluster's name lambdafs" in other.text
    assert set(other.changed.values()) == {0}
    assert formats(site, DRIVER) == files
    assert "/kept" in site.ssh(site.instance(DRIVER), "bash -lc 'hdfs dfs -ls /'")


@pytest.mark.long
def test_clients_come_and_nothing_else_changes(site: Site) -> None:
    scaled = site.play("playbooks/scale.yml", "-e", "lambdafs_client_count=3").succeeded()
    clients = {host for host in scaled.changed if host.startswith("i-")}
    assert len(clients) == 3
    assert all(scaled.changed[client] for client in clients)
    # Drivers learn of their new peers
    assert set(scaled.changed) == {"localhost", DRIVER, HOPSFS_DRIVER, *clients}
    addresses = client_addresses(site)
    assert len(addresses) == 3
    assert [address for address in addresses if address not in followers(site)] == []


@pytest.mark.long
def test_clients_go_and_namenodes_of_hopsfs_serve_what_lambdafs_wrote(site: Site) -> None:
    others = identities(running(site)) - identities(running(site, Component=CLIENTS))
    scaled = site.play(
        "playbooks/scale.yml", "-e", "lambdafs_client_count=0", "-e", "lambdafs_hopsfs_namenode_count=1"
    ).succeeded()
    assert client_addresses(site) == []
    assert "ip:" not in followers(site)
    (namenode,) = {host for host in scaled.changed if host.startswith("i-")}
    assert set(scaled.changed) == {"localhost", DRIVER, HOPSFS_DRIVER, namenode}
    assert identities(running(site)) == others | {namenode}
    assert "/kept" in site.ssh(site.instance(HOPSFS_DRIVER), "bash -lc 'hdfs dfs -ls /'")
    site.play("playbooks/verify.yml", "--tags", "driver").succeeded()


@pytest.mark.long
def test_vms_of_an_older_template_are_named_and_replaced_on_request(site: Site) -> None:
    counts = ("-e", "lambdafs_client_count=1", "-e", "lambdafs_hopsfs_namenode_count=2")
    bigger = ("-e", "lambdafs_client_root_volume_gib=65")
    site.play("playbooks/scale.yml", *counts).succeeded()
    (old,) = identities(running(site, Component=CLIENTS))
    others = identities(running(site)) - {old}
    kept = site.play("playbooks/scale.yml", *bigger).succeeded()
    assert re.search(rf"{old}\S* .*launched by", kept.text), kept.output[-6000:]
    assert identities(running(site, Component=CLIENTS)) == {old}
    site.play("playbooks/scale.yml", *bigger, "-e", '{"aws_scaling_refresh": ["client_lambdafs"]}').succeeded()
    (new,) = identities(running(site, Component=CLIENTS))
    assert new != old
    assert identities(running(site)) == others | {new}
    assert client_addresses(site)[0] in followers(site)


@pytest.mark.long
def test_namenodes_of_hopsfs_restart_one_after_the_other(site: Site) -> None:
    namenodes = running(site, Component=NAMENODES)
    assert len(namenodes) == 2
    before = [started(site, one) for one in namenodes]
    changed = json.dumps({"driver_vm_properties": {"hdfs_site": {"dfs.namenode.handler.count": 11}}})
    with answering([one["PrivateIpAddress"] for one in namenodes], NAMENODE_PORT) as seen:
        site.play("site.yml", "--tags", "driver", "-e", changed).succeeded()
    assert min(seen) == 1
    assert all(now != then for now, then in zip([started(site, one) for one in namenodes], before, strict=True))


@pytest.mark.long
def test_hopsfs_gets_a_database_of_its_own_and_a_new_driver_never_formats_it_again(site: Site) -> None:
    own = ("-e", f"lambdafs_hopsfs_database={OWN_DATABASE}")
    site.play("site.yml", "--tags", "ndb,driver", *own).succeeded()
    inodes = f"SELECT COUNT(*) FROM {OWN_DATABASE}.hdfs_inodes"  # noqa: S608
    assert sql(site, inodes) == [[1]]
    site.ssh(site.instance(HOPSFS_DRIVER), "bash -lc 'hdfs dfs -mkdir /own'")
    lost, _address = site.instance(HOPSFS_DRIVER)
    site.client("ec2").terminate_instances(InstanceIds=[lost])
    site.play("site.yml", *own).succeeded()
    assert site.instance(HOPSFS_DRIVER)[0] != lost
    assert formats(site, HOPSFS_DRIVER) == 0
    assert sql(site, inodes) == [[2]]
    assert "/own" in site.ssh(site.instance(HOPSFS_DRIVER), "bash -lc 'hdfs dfs -ls /'")
    assert "/kept" in site.ssh(site.instance(DRIVER), "bash -lc 'hdfs dfs -ls /'")


@pytest.mark.long
def test_a_benchmark_runs_with_followers_and_can_be_repeated(site: Site) -> None:
    site.play("playbooks/benchmark.yml", "-e", "benchmark_name=create_subtree").succeeded()
    site.play("playbooks/benchmark.yml", "-e", "benchmark_name=write", "-e", "benchmark_trials=1").succeeded()
    results = sorted(Path(site.environment["LAMBDAFS_LAB_STATE"], "cluster", CLUSTER, "benchmarks").glob("*-write"))
    manifest = json.loads((results[-1] / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["outcome"]["problems"] == []
    assert len(list(results[-1].glob("follower-*.log"))) == len(client_addresses(site))


def test_teardown_leaves_nothing(site: Site, platform: Platform, empty: dict[str, Any]) -> None:
    site.play("playbooks/teardown.yml", "-e", f"confirm_teardown={CLUSTER}").succeeded()
    assert account(site) == empty
    assert not (platform.state / "openwhisk").exists()
    assert not (platform.state / "kubeconfig").exists()
