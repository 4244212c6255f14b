"""Rules that hold for the repository as a whole."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.repository import ROOT, project_files
from tools.group_vars import GROUP_VARS, render_from_role

THIS = Path(__file__).relative_to(ROOT)
# Written apart, so that a search for them finds no file of this repository
REGISTRIES = [
    rf"\b{domain}\.{top}\b"
    for domain, top in [
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("debian", "org/debian"),
        ("ubuntu", "com/ubuntu"),
        ("galaxy.ansible", "com"),
        ("proxy.golang", "org"),
        ("docker", "io"),
        ("quay", "io"),
    ]
]
FORBIDDEN = {
    "registry host": "|".join(REGISTRIES),
    "path of one machine": (
        r"(?:^|[\s\"'=:])/(?:work|root|home/(?!ubuntu\b)\w+|farm)/|\.\./shared/(?:\w+\.md|facts|hooks)|/tmp/w/"
    ),
    "host key check switched off": (
        r"StrictHostKeyChecking[= ]+(?:no|off)\b|UserKnownHostsFile[= ]+/dev/null"
        r"|host_key_checking\s*[=:]\s*(?i:false|no)\b"
    ),
    "certificate check switched off": r"validate_certs:\s*(?:false|no)\b|verify\s*=\s*False",
    "secret": r"\bAKIA[0-9A-Z]{16}\b|^\s*-+BEGIN [A-Z ]*PRIVATE KEY",
    "unfinished": r"\b(?:TODO|FIXME|XXX)\b",
    "error passed over": r"ignore_errors:|\|\| true\b",
    "sleep": r"\btime\.sleep\(|ansible\.builtin\.pause\b",
}
LICENCE_AND_LOCKS = {Path("COPYING"), Path("requirements.txt"), Path("requirements-dev.txt")}

# What may know of the lab; everything else runs against AWS as it is
KNOWS_THE_LAB = re.compile(
    r"(?:lab|inventory/lab|molecule|tests|tools|bench|docs|changelogs)/|\.(?:ci|config)/|\.git\w+$"
    r"|\.(?:ansible-|yaml)lint$"
    r"|(?:Makefile|README\.md|CONTRIBUTING\.md|CHANGELOG\.rst|galaxy\.yml|pyproject\.toml|requirements-dev\.(?:in|txt))$"
)
COLLECTION_NAME = re.compile(
    r"\b(?P<collection>(?:amazon|ansible|awx|community|kubernetes)\.(?!builtin|cfg|legacy|module_utils|plugins)\w+)\.\w+"
)


def text_of(path: Path) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def findings(pattern: str, files: list[Path]) -> list[str]:
    """Return `path:line: text` for every line of `files` that `pattern` is found in."""
    return [
        f"{path}:{number}: {line.strip()}"
        for path in files
        for number, line in enumerate(text_of(path).splitlines(), start=1)
        if re.search(pattern, line)
    ]


def load(path: str) -> Any:
    return yaml.safe_load(text_of(Path(path)))


@pytest.mark.parametrize("pattern", FORBIDDEN.values(), ids=FORBIDDEN)
def test_nothing_forbidden_is_written_anywhere(pattern: str) -> None:
    assert findings(pattern, [path for path in project_files() if path not in {THIS, *LICENCE_AND_LOCKS}]) == []


def test_the_locks_name_no_host() -> None:
    assert findings(r"https?://|index-url", [Path("requirements.txt"), Path("requirements-dev.txt")]) == []


def test_nothing_but_the_lab_and_the_tests_knows_of_the_lab() -> None:
    others = [path for path in project_files() if not KNOWS_THE_LAB.match(path.as_posix())]
    assert findings(r"(?i)\blab\b", [path for path in others if path not in LICENCE_AND_LOCKS]) == []


def test_symlinks_point_at_something_inside_the_repository() -> None:
    links = [ROOT / path for path in project_files() if (ROOT / path).is_symlink()]
    assert [link for link in links if not link.resolve().is_relative_to(ROOT) or link.readlink().is_absolute()] == []


def test_group_vars_are_in_step_with_the_settings_role() -> None:
    present = GROUP_VARS.read_text(encoding="utf-8")
    assert present == render_from_role(present), "run `make settings`"


def test_galaxy_and_requirements_name_the_same_collections() -> None:
    listed = {entry["name"]: entry["version"] for entry in load("requirements.yml")["collections"]}
    assert listed == load("galaxy.yml")["dependencies"]


def test_every_collection_that_is_used_is_a_dependency_and_every_dependency_is_used() -> None:
    content = [path for path in project_files() if path.parts[0] in {"roles", "playbooks", "plugins", "inventory"}]
    used = {
        found["collection"]
        for path in content
        if path.suffix in {".yml", ".py", ".j2"}
        for found in COLLECTION_NAME.finditer(text_of(path))
    }
    assert used == set(load("galaxy.yml")["dependencies"])


def test_every_shell_script_stops_at_the_first_error() -> None:
    scripts = [path for path in project_files() if path.suffix == ".sh" or path == Path(".ci/run")]
    assert [path for path in scripts if not re.search(r"^set -e", text_of(path), re.MULTILINE)] == []
