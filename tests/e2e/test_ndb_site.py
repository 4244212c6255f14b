"""NDB as a tier of site.yml: made from nothing, run again, grown under load, broken, mended, removed.

The tests of this module share one lab and build on each other, in the order in which they stand.
"""

from __future__ import annotations

import os
import random
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.database import DATABASE, MANAGER, password_file, sql
from tests.e2e.holdings import holdings
from tests.e2e.site import CHECKOUT, CLUSTER, Result, Site, running_site

pytestmark = [pytest.mark.e2e, pytest.mark.long]

SUBNET = "10.13.0.0/16"
DEPLOYMENTS = 3
SETTINGS = (
    "lambdafs_zookeeper_count=1",
    "lambdafs_ndb_datanode_count=2",
    "lambdafs_driver_lambdafs_count=0",
    "lambdafs_driver_hopsfs_count=0",
    "lambdafs_eks=false",
    f"lambdafs_namenode_deployments={DEPLOYMENTS}",
)
GROWN = ("-e", "lambdafs_ndb_datanode_count=4")
IMPATIENT = ("-e", "ndb_mgmd_verify_timeout=2", "-e", "ndb_sql_verify_timeout=2")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A lab of its own, which all tests of this module share."""
    folder = tmp_path_factory.mktemp("ndb")
    # Before the lab, whose environment names it
    Site("ndb", SUBNET, 0, folder).lab("ndb-archive")
    with running_site("ndb", SUBNET, folder, *SETTINGS) as made:
        yield made


@pytest.fixture(scope="module")
def first_run(site: Site) -> Result:
    """The run that makes everything."""
    return site.play("site.yml").succeeded()


def states(report: dict[str, Any]) -> dict[str, str]:
    """Each node's id and state."""
    return {str(node["id"]): node["state"] for node in report["ndb"]["nodes"]}


class Writer:
    """A client that writes rows through the SQL node while something is done to the database."""

    def __init__(self, site: Site, folder: Path) -> None:
        self.acknowledged = folder / "acknowledged"
        self.options = [
            *("--host", site.instance(MANAGER)[1]),
            *("--password-file", str(password_file(site))),
            *("--database", DATABASE),
            *("--acknowledged", str(self.acknowledged)),
        ]

    def command(self, what: str) -> list[str]:
        return [sys.executable, "-m", "tests.e2e.ndb_writer", what, *self.options]

    def __enter__(self) -> Writer:
        self.process = subprocess.Popen(self.command("write"), cwd=CHECKOUT, stdout=subprocess.PIPE, text=True)
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.communicate(timeout=60)

    def missing(self) -> str:
        """What the checker says of the acknowledged rows."""
        done = subprocess.run(self.command("check"), cwd=CHECKOUT, capture_output=True, text=True, check=False)
        return done.stdout.strip() or done.stderr


def test_check_mode_passes_on_an_empty_account_and_makes_nothing(site: Site) -> None:
    site.play("site.yml", "--check", "--diff").succeeded()
    assert not holdings(site.client("ec2"))
    assert not password_file(site).exists()


def test_the_database_is_whole(site: Site, first_run: Result) -> None:
    assert first_run.changed[MANAGER] > 0
    found = site.report()["ndb"]
    assert {node["id"]: node["state"] for node in found["nodes"]} == {
        1: "connected",
        3: "started",
        4: "started",
        145: "connected",
    }
    assert found["node_groups"] == {"0": ["ndb-datanode-type1-0", "ndb-datanode-type2-1"]}
    assert all(node["data_memory_used_bytes"] for node in found["nodes"] if node["kind"] == "datanode")
    assert (found["schema"]["deployments"], found["schema"]["problems"]) == (DEPLOYMENTS, [])
    ((tables,),) = sql(
        site,
        "SELECT COUNT(*) FROM information_schema.tables WHERE engine = 'ndbcluster' "
        "AND table_name REGEXP '^(invalidations|write_acks)_deployment[0-9]+$'",
    )
    assert int(tables) == 2 * DEPLOYMENTS


def test_a_second_run_changes_nothing_and_the_password_is_shown_nowhere(site: Site, first_run: Result) -> None:
    again = site.play("site.yml", "--diff", "-vvv").succeeded()
    assert len(again.changed) == 5
    assert set(again.changed.values()) == {0}
    password = password_file(site).read_text(encoding="ascii").strip()
    assert stat.S_IMODE(password_file(site).stat().st_mode) == 0o600
    assert len(password) >= 20
    assert password not in again.output
    assert password not in first_run.output
    for vm in (MANAGER, "ndb-datanode-type1-0"):
        instance = site.instance(vm)
        assert password not in site.ssh(instance, "ps -eww -o args; sudo cat /proc/*/environ | tr '\\0' '\\n'")
        assert password not in site.ssh(instance, "sudo journalctl --no-pager; sudo grep -rsh . /var/log")
        readable = "sudo find /etc /var/lib /run /tmp /home -xdev -type f -perm /o+r -exec grep -ls"
        found = site.ssh(instance, f"{readable} {password} {{}} + | sort")
        assert found.split() == []


def test_remote_logins_need_tls_and_have_only_the_rights_of_the_file_systems(site: Site) -> None:
    ((required,),) = sql(site, "SELECT ssl_type FROM mysql.user WHERE user = 'hops'")
    assert required == "ANY"
    grants = " ".join(row[0] for row in sql(site, "SHOW GRANTS FOR 'hops'@'%'"))
    assert "ALL PRIVILEGES" not in grants
    assert "GRANT OPTION" not in grants


def test_growing_under_load_killed_once_loses_no_acknowledged_row(site: Site, tmp_path: Path) -> None:
    seed = int(os.environ.get("LAMBDAFS_KILL_SEED", random.SystemRandom().randrange(10**6)))
    print(f"LAMBDAFS_KILL_SEED={seed}")
    chance = random.Random(seed)  # noqa: S311 - picks moments, guards nothing
    with Writer(site, tmp_path) as writer:
        site.play_until_task("site.yml", chance.randrange(30, 110), chance.uniform(0, 3), *GROWN)
        site.play("site.yml", *GROWN).succeeded()
    acknowledged = len(writer.acknowledged.read_text(encoding="ascii").split())
    assert acknowledged > 100
    assert writer.missing() == f"0 of {acknowledged} acknowledged rows missing"
    found = site.report()["ndb"]
    assert [len(nodes) for nodes in found["node_groups"].values()] == [2, 2]
    elsewhere = sql(
        site,
        "SELECT fq_name FROM ndbinfo.memory_per_fragment WHERE type = 'User table' "
        "AND fq_name LIKE 'vanilla_hopsfs/def/%' GROUP BY fq_name HAVING COUNT(DISTINCT node_id) < 4",
    )
    assert elsewhere == []


def test_the_tier_alone_finds_nothing_to_do(site: Site) -> None:
    result = site.play("site.yml", "--tags", "ndb", *GROWN).succeeded()
    assert set(result.changed.values()) == {0}


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (["lambdafs_ndb_datanode_count=3"], "lambdafs_ndb_datanode_count is 3; expected a multiple of 2"),
        (["lambdafs_ndb_datanode_count=4", "lambdafs_ndb_replicas=4"], "replicas"),
        (
            ["lambdafs_ndb_datanode_count=2", f"confirm_shrink={CLUSTER}"],
            "Found 4 ndb_datanode VMs and a count of 2, expected 4 or more",
        ),
        (
            ["lambdafs_ndb_datanode_count=4", "ndb_mgmd_data_memory=900G"],
            "instance type r5.4xlarge has 131072",
        ),
    ],
    ids=["an odd number", "other replicas", "fewer data nodes", "more memory than the VM has"],
)
def test_what_the_database_cannot_take_is_refused(site: Site, settings: list[str], message: str) -> None:
    before = holdings(site.client("ec2"))
    result = site.play("site.yml", *[part for setting in settings for part in ("-e", setting)])
    assert result.code != 0
    assert message in result.text
    assert set(result.changed.values()) == {0}
    assert holdings(site.client("ec2")) == before


def test_verify_names_what_is_missing_and_the_tier_mends_it(site: Site) -> None:
    sql(site, f"DROP TABLE {DATABASE}.write_acks_deployment1")
    result = site.play("site.yml", "--tags", "verify", *GROWN, *IMPATIENT)
    assert result.code != 0
    assert "write_acks_deployment1" in result.text
    manager = site.instance(MANAGER)
    site.ssh(manager, "sudo systemctl stop ndb-sql")
    site.ssh(site.instance("ndb-datanode-type1-2"), "sudo systemctl stop ndb-datanode")
    result = site.play("site.yml", "--tags", "verify", *GROWN, *IMPATIENT)
    assert result.code != 0
    assert "data node 5" in result.text
    assert "node 145" in result.text
    report = states(site.report())
    assert (report["5"], report["145"]) == ("no_contact", "no_contact")
    site.play("site.yml", "--tags", "ndb", *GROWN).succeeded()
    assert set(states(site.report()).values()) == {"started", "connected"}


def test_teardown_leaves_nothing(site: Site) -> None:
    site.play("playbooks/teardown.yml", "-e", f"confirm_teardown={CLUSTER}").succeeded()
    assert not holdings(site.client("ec2"))
    assert not password_file(site).exists()
