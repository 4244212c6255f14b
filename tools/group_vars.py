#!/usr/bin/env python3
"""Writes group_vars/all.yml from roles/settings: every setting with its description, and commented out unless set.

The groups are the comments and blank lines of the role's defaults; the descriptions are those of its argument specs.
"""

from __future__ import annotations

import re
import textwrap
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
DEFAULTS = ROOT / "roles" / "settings" / "defaults" / "main.yml"
ARGUMENT_SPECS = ROOT / "roles" / "settings" / "meta" / "argument_specs.yml"
GROUP_VARS = ROOT / "group_vars" / "all.yml"

WIDTH = 110
HEADER = """\
---
# The settings of a deployment. What is commented out is the default: remove the "# " before a setting to change it.
# Variables of an inventory of your own, or of AWX, may set the same names instead. What only one role takes, such as
# zookeeper_port, may be set here too: see roles/<role>/README.md.
# `make settings` brings names and descriptions in step with roles/settings and keeps the values that are set here.
"""
# A top-level variable with its value, which may go on over indented lines
VARIABLE = re.compile(r"^(?P<name>\w+):.*(?:\n[ ]+.*)*", re.MULTILINE)
# Semantic markup of Ansible's documentation, such as O(name) or V(value), of which the content is kept
MARKUP = re.compile(r"\b[A-Z]\(([^()]+)\)")


def comment(text: str) -> str:
    """Return the lines of `text` as comments of YAML, one trailing newline each."""
    return "".join(f"# {line}".rstrip() + "\n" for line in text.splitlines())


def describe(spec: dict[str, Any]) -> str:
    """Return the description and the choices of one option of an argument spec as wrapped comments."""
    sentences = [spec["description"]] if isinstance(spec["description"], str) else list(spec["description"])
    if "choices" in spec:
        sentences.append(f"One of {', '.join(map(str, spec['choices']))}.")
    plain = MARKUP.sub(r"\1", " ".join(sentences))
    return "".join(f"## {line}\n" for line in textwrap.wrap(plain, WIDTH))


def values(text: str) -> dict[str, str]:
    """Return the lines of each top-level variable of a YAML text, by its name."""
    return {found["name"]: found[0] + "\n" for found in VARIABLE.finditer(text)}


def render(defaults: str, options: dict[str, dict[str, Any]], edited: str) -> str:
    """Return the content of group_vars/all.yml.

    `defaults` is the text of the role's defaults, `options` the options of its argument spec by name, and `edited`
    the present content, of which values that a user has set are kept.
    Raises KeyError where a setting has no description.
    """
    kept = values(edited)
    body = VARIABLE.sub(
        lambda found: "\n" + describe(options[found["name"]]) + kept.get(found["name"], comment(found[0])),
        re.sub(r"^#", "\n###", defaults.removeprefix("---\n").replace("\n\n", "\n"), flags=re.MULTILINE),
    )
    others = [value for name, value in kept.items() if name not in options]
    if others:
        body += "\n### Settings of single roles\n\n" + "".join(others)
    return HEADER + re.sub(r"\n{3,}", "\n\n", body).rstrip("\n") + "\n"


def render_from_role(edited: str) -> str:
    """Return the content of group_vars/all.yml that the settings role asks for, with what `edited` sets."""
    specs = yaml.safe_load(ARGUMENT_SPECS.read_text(encoding="utf-8"))
    return render(DEFAULTS.read_text(encoding="utf-8"), specs["argument_specs"]["settings"]["options"], edited)


if __name__ == "__main__":
    present = GROUP_VARS.read_text(encoding="utf-8") if GROUP_VARS.exists() else ""
    GROUP_VARS.parent.mkdir(exist_ok=True)
    GROUP_VARS.write_text(render_from_role(present), encoding="utf-8")
