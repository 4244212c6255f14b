# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The filter benchmark_problems."""

from __future__ import annotations

DOCUMENTATION = r"""
name: benchmark_problems
version_added: 0.1.0
short_description: Tell what keeps a benchmark from being run
description:
  - Looks at names, numbers and shares before anything is started.
author:
  - lambdafs.cluster developers (@lambdafs)
positional: system, settings
options:
  _input:
    description: Name of the benchmark.
    type: str
    required: true
  system:
    description: Where it is to be run, V(lambdafs) or V(hopsfs).
    type: str
    required: true
  settings:
    description: Settings of the role C(benchmark) by their names without its prefix.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Check a benchmark
  ansible.builtin.assert:
    that: "{{ 'write' | lambdafs.cluster.benchmark_problems('lambdafs', settings) == [] }}"
"""

RETURN = r"""
_value:
  description: One sentence a problem.
  type: list
  elements: str
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.lambdafs.cluster.plugins.module_utils.benchmark_plan import benchmark_problems


class FilterModule:
    """The filter by its name."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name and function."""
        return {"benchmark_problems": benchmark_problems}
