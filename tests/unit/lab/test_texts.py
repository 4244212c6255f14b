"""Texts that the lab writes and reads: console, containers.conf, progress, API log, shell variables, podman's JSON."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest

from lab import calls, containers_conf, environment, image
from lab.console import console_text
from lab.podman import Container, NewContainer, create_command, device_of, parse_containers, subnets_of
from lab.settings import LabSettings


def test_console_shows_host_keys_as_cloud_init_does() -> None:
    text = console_text("ip-10-0-0-4", ["ssh-ed25519 AAAA root@ip-10-0-0-4"])
    assert text.splitlines()[1:] == [
        "-----BEGIN SSH HOST KEY KEYS-----",
        "ssh-ed25519 AAAA root@ip-10-0-0-4",
        "-----END SSH HOST KEY KEYS-----",
    ]


def test_console_of_a_vm_without_host_keys_is_empty() -> None:
    assert console_text("ip-10-0-0-4", []) == ""


def test_limits_are_lowered_only_where_they_may_not_be_raised() -> None:
    assert containers_conf.may_raise_limits(containers_conf.effective_capabilities("CapEff:\t000001ffffffffff\n"))
    assert not containers_conf.may_raise_limits(containers_conf.effective_capabilities("CapEff:\t000001fffeffffff\n"))
    assert "ulimits" not in containers_conf.render([])


@pytest.mark.parametrize(
    ("nofile", "nproc", "pid_max", "expected"),
    [
        (20000, 96343, 32768, ["nofile=20000:20000", "nproc=32768:32768"]),
        (20000, 1000, 32768, ["nofile=20000:20000", "nproc=1000:1000"]),
        (-1, -1, 4194304, ["nofile=1048576:1048576", "nproc=1048576:1048576"]),
    ],
)
def test_default_ulimits(nofile: int, nproc: int, pid_max: int, expected: list[str]) -> None:
    assert containers_conf.default_ulimits(nofile, nproc, pid_max) == expected


def test_recipe_hash_follows_content_and_name(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("1")
    first = image.recipe_hash(tmp_path, "bookworm")
    assert image.recipe_hash(tmp_path, "bookworm") == first
    assert image.recipe_hash(tmp_path, "trixie") != first
    (tmp_path / "a").write_text("2")
    assert image.recipe_hash(tmp_path, "bookworm") != first


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("I: creating tarball...", ("creating tarball...", False)),
        ("Setting up sudo (1.9.13p3-1) ...", ("Setting up sudo (1.9.13p3-1)", True)),
        ("Selecting previously unselected package sudo.", None),
    ],
)
def test_progress_of_the_build(line: str, expected: tuple[str, bool] | None) -> None:
    assert image.progress(line) == expected


def test_calls_are_counted_and_a_torn_line_is_not() -> None:
    lines = ['{"service": "ec2", "action": "RunInstances"}'] * 2 + ['{"service": "", "action": "GET /x"}', '{"serv']
    assert calls.count(lines) == {"ec2:RunInstances": 2, "?:GET /x": 1}


def test_environment_points_at_the_lab(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "/a b")
    text = environment.shell(LabSettings("two", "10.1.0.0/16", 5006))
    assert "unset AWS_PROFILE\n" in text
    assert "export AWS_ENDPOINT_URL=http://127.0.0.1:5006\n" in text
    assert "export LAMBDAFS_LAB_STATE='/a b/lambdafs-lab/two'\n" in text


def test_environment_as_json_is_that_of_the_shell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/usr/bin")
    lab = LabSettings("two", "10.1.0.0/16", 5006)
    assigned = [line for line in environment.shell(lab).splitlines() if line.startswith("export ")]
    found = json.loads(environment.as_json(lab))
    assert [f"export {name}={shlex.quote(value)}" for name, value in found.items()] == assigned


def test_environment_names_the_newest_archive_of_ndb(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    lab = LabSettings("two", "10.1.0.0/16", 5006)
    assert environment.variables(lab)["LAMBDAFS_LAB_NDB_ARCHIVE"] == ""
    folder = tmp_path / "lambdafs-lab"
    folder.mkdir()
    for version in ("9.7.4", "9.7.10"):
        (folder / f"mysql-cluster-{version}-linux-x86_64.tar.gz").touch()
    newest = str(folder / "mysql-cluster-9.7.10-linux-x86_64.tar.gz")
    assert environment.variables(lab)["LAMBDAFS_LAB_NDB_ARCHIVE"] == newest


def test_containers_are_read_from_podman_json() -> None:
    labels = {"lambdafs-lab": "one", "lambdafs-lab.instance": "i-1", "lambdafs-lab.address": "10.0.0.4"}
    listing = [{"Names": ["one-i-1"], "State": "running", "Labels": labels}]
    assert parse_containers(listing) == [Container("one-i-1", "i-1", "10.0.0.4", "running")]


def test_network_is_read_from_both_forms_of_podman() -> None:
    ranges = [[{"subnet": "10.0.0.0/16", "gateway": "10.0.0.1"}]]
    cni = {"name": "n", "plugins": [{"type": "bridge", "bridge": "cni-podman1", "ipam": {"ranges": ranges}}]}
    netavark = {"name": "n", "network_interface": "podman1", "subnets": [{"subnet": "10.0.0.0/16"}]}
    assert (device_of(cni), subnets_of(cni)) == ("cni-podman1", ["10.0.0.0/16"])
    assert (device_of(netavark), subnets_of(netavark)) == ("podman1", ["10.0.0.0/16"])


def test_container_is_created_with_address_and_labels() -> None:
    new = NewContainer("one", "net", "image", "i-1", "10.0.0.4", "ip-10-0-0-4", "ssh-ed25519 AAAA")
    command = create_command(new)
    assert command[-2:] == ["image", "/sbin/init"]
    assert {"--name=one-i-1", "--ip=10.0.0.4", "--hostname=ip-10-0-0-4", "--systemd=always"} <= set(command)
