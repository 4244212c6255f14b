"""teardown.yml removes one cluster and nothing else, whatever happens to it on the way."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import boto3
import pytest

from tests.e2e.teardown_account import Account

ROOT = Path(__file__).parents[2]
CLUSTER = "doomed"
PATIENCE = 30.0


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """Serve an AWS API without VMs."""
    environment = os.environ | {"LAMBDAFS_LAB_NAT_SECONDS": "1", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "tests.e2e.teardown_cloud"]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        yield server.stdout.readline().strip()
        server.communicate("")


@pytest.fixture
def environment(endpoint: str, tmp_path: Path) -> dict[str, str]:
    """What ansible-playbook needs to work on that API, and on no other cluster's files."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "ANSIBLE_", "LAMBDAFS_"))}
    return kept | {
        "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
        "ANSIBLE_INVENTORY": os.devnull,
        "AWS_ACCESS_KEY_ID": "testing-key-id",
        "AWS_SECRET_ACCESS_KEY": "testing-secret-key",
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_REGION": "us-east-1",
        "LAMBDAFS_CLUSTER_NAME": CLUSTER,
        "LAMBDAFS_STATE_DIR": str(tmp_path),
    }


@pytest.fixture
def account(endpoint: str) -> Account:
    """An account with another cluster and a VPC of somebody else in it."""
    urllib.request.urlopen(urllib.request.Request(f"{endpoint}/moto-api/reset", method="POST")).close()  # noqa: S310
    session = boto3.Session("testing-key-id", "testing-secret-key", region_name="us-east-1")
    clients = [session.client(service, endpoint_url=endpoint) for service in ("ec2", "autoscaling")]
    made = Account(*clients)
    made.add_cluster("other", "10.1.0.0/16")
    return made


def playbook_command(*arguments: str) -> list[str]:
    return [str(Path(sys.executable).with_name("ansible-playbook")), "playbooks/teardown.yml", *arguments]


def run_teardown(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = playbook_command(*arguments)
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def changed(result: subprocess.CompletedProcess[str]) -> int:
    found = re.search(r"changed=(\d+)", result.stdout)
    assert found, result.stdout + result.stderr
    return int(found[1])


def wait_for(condition: Callable[[], bool]) -> None:
    clock = threading.Event()
    for _ in range(int(PATIENCE / 0.1)):
        if condition():
            return
        clock.wait(0.1)
    raise AssertionError(f"not within {PATIENCE:.0f} s: {condition}")


def settled(account: Account) -> bool:
    return account.states() <= {"running", "available", "terminated", "deleted"}


def interrupt_teardown(environment: dict[str, str], account: Account) -> None:
    """Kill a teardown as soon as it has begun to terminate instances."""
    command = playbook_command("-e", f"confirm_teardown={CLUSTER}")
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    ) as running:
        wait_for(lambda: bool(account.states() & {"shutting-down", "terminated"}))
        os.killpg(running.pid, signal.SIGKILL)


@pytest.mark.parametrize("arguments", [[], ["-e", "confirm_teardown=other"]], ids=["none", "of another cluster"])
def test_nothing_changes_without_the_confirmation(
    environment: dict[str, str], account: Account, arguments: list[str]
) -> None:
    account.add_cluster(CLUSTER, "10.0.0.0/16")
    wait_for(lambda: settled(account))
    before = account.everything()

    result = run_teardown(environment, *arguments)

    assert result.returncode != 0
    assert f"add -e confirm_teardown={CLUSTER}" in result.stdout + result.stderr
    assert "terminate instance" in result.stdout
    assert changed(result) == 0
    assert account.everything() == before


def test_check_mode_shows_what_would_go_and_touches_nothing(environment: dict[str, str], account: Account) -> None:
    account.add_cluster(CLUSTER, "10.0.0.0/16")
    wait_for(lambda: settled(account))
    before = account.everything()

    result = run_teardown(environment, "--check", "--diff")

    assert result.returncode == 0, result.stdout + result.stderr
    assert "-instance i-" in result.stdout
    assert changed(result) > 0
    assert account.everything() == before


def test_interrupted_teardown_is_finished_by_the_next_and_leaves_the_rest_alone(
    environment: dict[str, str], account: Account, tmp_path: Path
) -> None:
    foreign = account.add_foreign()
    wait_for(lambda: settled(account))
    before = account.everything()
    account.add_cluster(CLUSTER, "10.0.0.0/16")
    account.add_leftovers(CLUSTER, foreign.vpc)
    known_hosts = tmp_path / CLUSTER / "known_hosts"
    known_hosts.parent.mkdir()
    known_hosts.write_text("i-1 ssh-ed25519 AAAA\n")

    interrupt_teardown(environment, account)
    second = run_teardown(environment, "-e", f"confirm_teardown={CLUSTER}")
    third = run_teardown(environment, "-e", f"confirm_teardown={CLUSTER}")

    assert second.returncode == 0, second.stdout + second.stderr
    assert changed(second) > 0
    assert account.everything() == before
    assert not known_hosts.exists()
    assert third.returncode == 0, third.stdout + third.stderr
    assert changed(third) == 0


def test_a_foreign_interface_in_a_subnet_is_named(environment: dict[str, str], account: Account) -> None:
    network = account.add_cluster(CLUSTER, "10.0.0.0/16")
    guest = account.ec2.create_network_interface(SubnetId=network.subnet, Description="somebody's")
    guest_id = guest["NetworkInterface"]["NetworkInterfaceId"]

    result = run_teardown(environment, "-e", f"confirm_teardown={CLUSTER}")

    assert result.returncode != 0
    output = " ".join((result.stdout + result.stderr).split())
    assert f"subnet {network.subnet} (available): delete_subnet: DependencyViolation" in output
    assert f"held by network interface {guest_id} (available) 'somebody's'" in output
    assert f"2 resources of cluster {CLUSTER} in us-east-1 are left" in output
    left = account.everything()
    assert guest_id in left
    assert {network.subnet, network.vpc} <= left.keys()
    assert network.group not in left
