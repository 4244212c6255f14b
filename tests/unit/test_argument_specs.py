"""Every role says the same in its defaults, its argument specs and its README."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.repository import ROOT

ROLES = sorted(path for path in (ROOT / "roles").iterdir() if path.is_dir())
PREFIXES = {"settings": "lambdafs_"}

every_role = pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)


def load(path: Path) -> dict[str, Any]:
    """Return the mapping in a YAML file, empty where there is no such file."""
    return (yaml.safe_load(path.read_text(encoding="utf-8")) or {}) if path.exists() else {}


def defaults_of(role: Path) -> dict[str, Any]:
    return load(role / "defaults" / "main.yml")


def options_of(role: Path) -> dict[str, dict[str, Any]]:
    """Return the options of the role's entry points by name; where two have the same one, they must agree."""
    options: dict[str, dict[str, Any]] = {}
    for entry_point in load(role / "meta" / "argument_specs.yml").get("argument_specs", {}).values():
        for name, spec in entry_point.get("options", {}).items():
            assert options.setdefault(name, spec) == spec, f"{name} differs between entry points"
    return options


@every_role
def test_defaults_and_argument_specs_name_the_same_settings(role: Path) -> None:
    required = {name for name, spec in options_of(role).items() if spec.get("required")}
    assert set(options_of(role)) - required == set(defaults_of(role))


@every_role
def test_defaults_and_argument_specs_agree_on_every_value(role: Path) -> None:
    documented = {name: spec["default"] for name, spec in options_of(role).items() if "default" in spec}
    assert documented == defaults_of(role)


@every_role
def test_every_setting_has_type_and_description(role: Path) -> None:
    lacking = [name for name, spec in options_of(role).items() if not spec.get("type") or not spec.get("description")]
    assert lacking == []


@every_role
def test_every_setting_carries_the_prefix_of_its_role(role: Path) -> None:
    prefix = PREFIXES.get(role.name, f"{role.name}_")
    assert [name for name in options_of(role) if not name.startswith(prefix)] == []


@every_role
@pytest.mark.parametrize("path", ["meta/main.yml", "meta/argument_specs.yml", "README.md"])
def test_every_role_is_complete(role: Path, path: str) -> None:
    assert (role / path).is_file()
