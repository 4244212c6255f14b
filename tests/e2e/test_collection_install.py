"""The collection as its users get it: as a tarball in an empty path, and as a checkout, both without Galaxy."""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest

from tests.repository import ROOT, project_files

# Nothing listens there, so that a request to a Galaxy server fails at once
UNREACHABLE = "http://127.0.0.1:9"
REPOSITORY_ONLY = {"Makefile", "lab", "molecule", "bench", "tools", ".ci", ".venv", ".cache", "build", "collections"}


def run(directory: Path, *command: str, **environment: str) -> str:
    """Run a command of Ansible in `directory` with no setting of ours; returns what it prints."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "LAMBDAFS_"))}
    done = subprocess.run(
        command,
        cwd=directory,
        env={**inherited, "ANSIBLE_GALAXY_SERVER": UNREACHABLE, **environment},
        check=False,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def copy_checkout(target: Path) -> Path:
    """Copy what a clone of this repository would hold to `target`; returns `target`."""
    for path in project_files():
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / path, target / path, follow_symlinks=False)
    (target / "collections" / "ansible_collections" / "lambdafs").mkdir(parents=True, exist_ok=True)
    link = Path("collections", "ansible_collections", "lambdafs", "cluster")
    (target / link).symlink_to((ROOT / link).readlink())
    return target


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_checkout(tmp_path_factory.mktemp("checkout"))


@pytest.fixture(scope="module")
def tarball(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("tarball")
    run(checkout, "ansible-galaxy", "collection", "build", "--output-path", str(directory))
    [built] = directory.iterdir()
    return built


@pytest.fixture(scope="module")
def installed(tarball: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("installed")
    run(path, "ansible-galaxy", "collection", "install", "--offline", "--collections-path", str(path), str(tarball))
    return path


def test_the_tarball_holds_the_collection_and_nothing_of_the_repository(tarball: Path) -> None:
    with tarfile.open(tarball) as archive:
        top_level = {Path(name).parts[0] for name in archive.getnames()}
    assert {"roles", "playbooks", "plugins", "meta", "README.md", "COPYING"} <= top_level
    assert top_level & REPOSITORY_ONLY == set()


@pytest.mark.parametrize("playbook", ["site", "teardown", "status"])
def test_the_installed_playbooks_run_by_name(installed: Path, playbook: str) -> None:
    environment = {"ANSIBLE_COLLECTIONS_PATH": str(installed)}
    run(installed, "ansible-playbook", f"lambdafs.cluster.{playbook}", "--syntax-check", **environment)
    listed = run(installed, "ansible-playbook", f"lambdafs.cluster.{playbook}", "--list-tasks", **environment)
    assert "tasks:" in listed


def test_the_installed_modules_are_documented(installed: Path) -> None:
    modules = [path.stem for path in (ROOT / "plugins" / "modules").glob("*.py") if path.stem != "__init__"]
    names = [f"lambdafs.cluster.{name}" for name in modules]
    printed = run(installed, "ansible-doc", *names, ANSIBLE_COLLECTIONS_PATH=str(installed))
    assert [name for name in names if name not in printed] == []


def test_a_checkout_runs_without_being_installed(checkout: Path) -> None:
    assert "tasks:" in run(checkout, "ansible-playbook", "site.yml", "--list-tasks")
