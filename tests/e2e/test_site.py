"""site.yml from an empty account to a verified ensemble, again, larger, smaller, and back to nothing.

The tests of this module share one lab and build on each other, in the order in which they stand.
"""

from __future__ import annotations

import ipaddress
import json
import os
import random
import re
import stat
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.holdings import holdings
from tests.e2e.site import CHECKOUT, CLUSTER, ONLY_ZOOKEEPER, Site, program, running_site

pytestmark = [pytest.mark.e2e, pytest.mark.long]

SUBNET = "10.3.0.0/16"
KILLS = int(os.environ.get("LAMBDAFS_KILLS", "5"))
ADDRESS = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d./])")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A lab of its own, which all tests of this module share."""
    with running_site("site", SUBNET, tmp_path_factory.mktemp("site"), *ONLY_ZOOKEEPER) as made:
        yield made


@pytest.fixture(scope="module")
def uninterrupted(site: Site) -> tuple[Counter[tuple[Any, ...]], dict[str, Any], int]:
    """What a run without a break leaves: the account's holdings, the report, and how many tasks it had."""
    result = site.play("site.yml").succeeded()
    left = holdings(site.client("ec2")), ensemble(site), result.output.count("\nTASK [")
    site.play("playbooks/teardown.yml", "-e", f"confirm_teardown={CLUSTER}").succeeded()
    return left


def ensemble(site: Site) -> dict[str, Any]:
    """What the status report says of the ensemble, without what differs from run to run."""
    found = site.report()["zookeeper"]
    return {
        "modes": sorted(server["mode"] for server in found["servers"]),
        "names": sorted(server["name"] for server in found["servers"]),
        "quorum": found["quorum"],
        "znodes": {key: found["znodes"][key] for key in ("found", "roots", "missing")},
    }


def servers(site: Site) -> list[str]:
    """host:port of the ensemble's servers."""
    return [f"{server['address']}:2181" for server in site.report()["zookeeper"]["servers"]]


def test_check_mode_passes_on_an_empty_account_and_makes_nothing(site: Site) -> None:
    before = holdings(site.client("ec2"))
    site.play("site.yml", "--check", "--diff").succeeded()
    assert holdings(site.client("ec2")) == before


def test_killed_at_random_points_it_ends_in_the_same_state(
    site: Site, uninterrupted: tuple[Counter[tuple[Any, ...]], dict[str, Any], int]
) -> None:
    expected_holdings, expected_ensemble, tasks = uninterrupted
    seed = int(os.environ.get("LAMBDAFS_KILL_SEED", random.SystemRandom().randrange(10**6)))
    print(f"LAMBDAFS_KILL_SEED={seed}")
    chance = random.Random(seed)  # noqa: S311 - picks moments, guards nothing
    for number in sorted(chance.sample(range(1, tasks), KILLS)):
        site.play_until_task("site.yml", number, chance.uniform(0, 2))
    site.play("site.yml").succeeded()
    assert holdings(site.client("ec2")) == expected_holdings
    assert ensemble(site) == expected_ensemble


def test_the_ensemble_is_whole(site: Site) -> None:
    found = ensemble(site)
    assert found["modes"] == ["follower", "follower", "leader"]
    assert found["znodes"] == {"found": 100, "roots": 20, "missing": []}


def test_a_second_run_changes_nothing(site: Site) -> None:
    result = site.play("site.yml").succeeded()
    assert len(result.changed) == 5
    assert set(result.changed.values()) == {0}


@pytest.mark.parametrize("tag", ["compute", "install", "service", "verify"])
def test_each_tag_is_safe_alone(site: Site, tag: str) -> None:
    result = site.play("site.yml", "--tags", tag).succeeded()
    assert set(result.changed.values()) == {0}


def test_a_run_in_check_mode_finds_nothing_to_do(site: Site) -> None:
    result = site.play("site.yml", "--check", "--diff").succeeded()
    assert set(result.changed.values()) == {0}


def test_the_inventory_holds_no_address_outside_the_lab(site: Site) -> None:
    shown = subprocess.run(
        [program("ansible-inventory"), "--list"],
        cwd=CHECKOUT,
        env=site.environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    addresses = {ipaddress.ip_address(found) for found in ADDRESS.findall(shown)}
    assert len(addresses) >= len(json.loads(shown)["aws_ec2"]["hosts"]) == 4
    assert [address for address in addresses if address not in ipaddress.ip_network(SUBNET)] == []


def test_host_keys_are_pinned_by_instance(site: Site) -> None:
    pinned = Path(site.environment["LAMBDAFS_LAB_STATE"], "cluster", CLUSTER, "known_hosts")
    names = {line.split()[0] for line in pinned.read_text(encoding="ascii").splitlines()}
    assert len(names) == 4
    assert all(name.startswith("i-") for name in names)
    assert stat.S_IMODE(pinned.stat().st_mode) == 0o600


def test_a_forged_host_key_is_refused(site: Site) -> None:
    pinned = Path(site.environment["LAMBDAFS_LAB_STATE"], "cluster", CLUSTER, "known_hosts")
    true_keys = pinned.read_text(encoding="ascii")
    names, keys = zip(*(line.split(" ", 1) for line in true_keys.splitlines()), strict=True)
    rotated = [*keys[1:], keys[0]]
    pinned.write_text("".join(f"{name} {key}\n" for name, key in zip(names, rotated, strict=True)), encoding="ascii")
    try:
        result = site.play("site.yml", "--tags", "verify", "-e", "ansible_ssh_args='-o ControlMaster=no'")
    finally:
        pinned.write_text(true_keys, encoding="ascii")
    assert result.code != 0
    assert "host key" in result.text.lower()


def test_the_super_password_is_read_by_root_alone_and_shown_nowhere(site: Site) -> None:
    shown = site.play("site.yml", "--tags", "zookeeper", "--diff", "-vvv").succeeded().output
    vm = site.instance("lambdafs-zookeeper-0")
    file = "/etc/zookeeper/super-password"
    password = site.ssh(vm, f"sudo cat {file}").strip()
    assert len(password) >= 20
    assert site.ssh(vm, f"sudo stat -c '%a %U' {file}").strip() == "600 root"
    assert password not in shown
    assert password not in site.ssh(vm, "ps -eww -o args; sudo cat /proc/*/environ | tr '\\0' '\\n'")
    assert password not in site.ssh(vm, "sudo journalctl --no-pager; sudo grep -rsh . /etc/zookeeper/lambdafs /var/log")
    assert site.ssh(vm, "sudo stat -c '%a %U %G' /etc/zookeeper/lambdafs/zoo.cfg").split()[0] == "640"


class Writer:
    """A client that writes to the ensemble while something is done to it."""

    def __init__(self, site: Site, folder: Path) -> None:
        self.log = folder / "acknowledged"
        self.hosts = ",".join(servers(site))

    def command(self, what: str) -> list[str]:
        return [
            sys.executable,
            "-m",
            "tests.e2e.zk_writer",
            what,
            "--hosts",
            self.hosts,
            "--acknowledged",
            str(self.log),
        ]

    def __enter__(self) -> Writer:
        self.process = subprocess.Popen(self.command("write"), cwd=CHECKOUT, stdout=subprocess.PIPE, text=True)
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.communicate(timeout=60)

    def missing(self) -> str:
        """What the checker says of the acknowledged writes."""
        return subprocess.run(
            self.command("check"), cwd=CHECKOUT, capture_output=True, text=True, check=False
        ).stdout.strip()


def test_growing_to_five_and_back_loses_no_acknowledged_write(site: Site, tmp_path: Path) -> None:
    with Writer(site, tmp_path) as writer:
        site.play("site.yml", "-e", "lambdafs_zookeeper_count=5").succeeded()
        assert ensemble(site)["modes"] == ["follower"] * 4 + ["leader"]
        site.play("site.yml").succeeded()
    assert ensemble(site)["modes"] == ["follower", "follower", "leader"]
    acknowledged = len(writer.log.read_text(encoding="ascii").split())
    assert acknowledged > 100
    assert writer.missing() == f"0 of {acknowledged} acknowledged writes missing"


def test_a_shrink_below_the_quorum_is_refused_before_anything_changes(site: Site) -> None:
    before = holdings(site.client("ec2"))
    result = site.play("site.yml", "-e", "lambdafs_zookeeper_count=1")
    assert result.code != 0
    assert "which leaves fewer than the 2 that a quorum needs: confirm it with -e confirm_shrink=" in result.text
    assert holdings(site.client("ec2")) == before


def test_verify_names_the_znode_that_is_missing(site: Site) -> None:
    from kazoo.client import KazooClient

    client = KazooClient(hosts=",".join(servers(site)))
    client.start()
    client.delete("/namenode7/ACK")
    client.stop()
    client.close()
    result = site.play("site.yml", "--tags", "verify")
    assert result.code != 0
    assert "/namenode7/ACK" in result.text
    site.play("site.yml", "--tags", "zookeeper").succeeded()


def test_it_runs_by_its_name_from_a_tarball(site: Site, tmp_path: Path) -> None:
    galaxy = program("ansible-galaxy")
    no_settings = tmp_path / "ansible.cfg"
    no_settings.touch()
    environment = site.environment | {"ANSIBLE_COLLECTIONS_PATH": str(tmp_path), "ANSIBLE_CONFIG": str(no_settings)}

    def run(*command: str) -> str:
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    run(galaxy, "collection", "build", str(CHECKOUT), "--output-path", str(tmp_path))
    (tarball,) = tmp_path.glob("*.tar.gz")
    run(galaxy, "collection", "install", "--offline", "--no-deps", str(tarball), "-p", str(tmp_path))
    settings = [part for setting in ONLY_ZOOKEEPER for part in ("-e", setting)]
    shown = run(program("ansible-playbook"), "lambdafs.cluster.site", *settings)
    assert "failed=0" in shown
    assert str(CHECKOUT / "roles") not in shown


def test_teardown_leaves_nothing(site: Site) -> None:
    ec2 = site.client("ec2")
    site.play("playbooks/teardown.yml", "-e", f"confirm_teardown={CLUSTER}").succeeded()
    assert not any(("Cluster", CLUSTER) in kind[-1] for kind in holdings(ec2))
    assert not holdings(ec2)
    again = site.play("playbooks/teardown.yml", "-e", f"confirm_teardown={CLUSTER}").succeeded()
    assert set(again.changed.values()) == {0}
