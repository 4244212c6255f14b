from __future__ import annotations

from typing import Any

import pytest
import yaml

from tools.group_vars import HEADER, describe, render

DEFAULTS = """\
---
# Network
lambdafs_name: one
lambdafs_long: >-
  {{ a
     or b }}

# Machines
lambdafs_count: 3
"""
OPTIONS: dict[str, dict[str, Any]] = {
    "lambdafs_name": {"description": "Name of it."},
    "lambdafs_long": {"description": ["First.", "See O(lambdafs_name) and E(HOME)."]},
    "lambdafs_count": {"description": "How many.", "choices": [1, 3]},
}
EXPECTED = """
### Network

## Name of it.
# lambdafs_name: one

## First. See lambdafs_name and HOME.
# lambdafs_long: >-
#   {{ a
#      or b }}

### Machines

## How many. One of 1, 3.
# lambdafs_count: 3
"""


def test_defaults_are_commented_out_below_their_descriptions() -> None:
    assert render(DEFAULTS, OPTIONS, "") == HEADER + EXPECTED
    assert yaml.safe_load(render(DEFAULTS, OPTIONS, "")) is None


def test_values_that_a_user_has_set_are_kept() -> None:
    edited = "lambdafs_long: >-\n  {{ c }}\nlambdafs_count: 5\nzookeeper_port:\n  - 1\n"
    rendered = render(DEFAULTS, OPTIONS, edited)
    assert yaml.safe_load(rendered) == {"lambdafs_long": "{{ c }}", "lambdafs_count": 5, "zookeeper_port": [1]}
    assert render(DEFAULTS, OPTIONS, rendered) == rendered


def test_a_setting_without_description_is_an_error() -> None:
    with pytest.raises(KeyError, match="lambdafs_count"):
        render(DEFAULTS, {name: spec for name, spec in OPTIONS.items() if name != "lambdafs_count"}, "")


def test_long_descriptions_are_wrapped() -> None:
    lines = describe({"description": "word " * 50}).splitlines()
    assert len(lines) == 3
    assert all(line.startswith("## word") for line in lines)
