"""The script runs against stand-ins for dpkg-query, apt-cache, apt-get and id that come first on PATH."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.repository import ROOT

LIST = "# comment\n\nruntime\nnetwork-new | network-old\n"


class Machine:
    """A machine with some packages installed, others offered by its distribution, and a user."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.log = directory / "apt.log"
        self.log.touch()

    def command(self, name: str, body: str) -> None:
        path = self.directory / name
        path.write_text(f"#!/bin/bash\n{body}\n", encoding="utf-8")
        path.chmod(0o755)

    def run(self, *, installed: list[str], offered: list[str], uid: int) -> subprocess.CompletedProcess[str]:
        self.command("dpkg-query", f"case ' {' '.join(installed)} ' in *\" ${{!#}} \"*) echo -n installed;; esac")
        self.command("apt-cache", f"case ' {' '.join(offered)} ' in *\" ${{!#}} \"*) echo found;; esac")
        self.command("apt-get", f'echo "$@" >> {self.log}')
        self.command("id", f"echo {uid}")
        (self.directory / "packages.txt").write_text(LIST, encoding="utf-8")
        return subprocess.run(
            [ROOT / "tools" / "system_packages.sh", self.directory / "packages.txt"],
            env={"PATH": f"{self.directory}{os.pathsep}{os.environ['PATH']}"},
            check=False,
            capture_output=True,
            text=True,
        )

    @property
    def apt_calls(self) -> list[str]:
        return self.log.read_text(encoding="utf-8").splitlines()


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_apt_is_not_asked_when_nothing_is_missing(machine: Machine) -> None:
    done = machine.run(installed=["runtime", "network-old"], offered=[], uid=1000)
    assert (done.returncode, done.stdout, machine.apt_calls) == (0, "all installed\n", [])


@pytest.mark.parametrize("offered", ["network-new", "network-old"])
def test_the_alternative_that_the_distribution_has_is_installed(machine: Machine, offered: str) -> None:
    done = machine.run(installed=["runtime"], offered=[offered], uid=0)
    assert done.returncode == 0
    assert machine.apt_calls == [
        "update --quiet",
        f"install --yes --quiet --no-install-recommends {offered}",
    ]


def test_without_root_one_line_names_the_command(machine: Machine) -> None:
    done = machine.run(installed=[], offered=["runtime", "network-old"], uid=1000)
    assert done.returncode == 1
    assert machine.apt_calls == []
    [line] = done.stderr.splitlines()
    assert line.endswith("as root, run: apt-get install --no-install-recommends runtime network-old")
