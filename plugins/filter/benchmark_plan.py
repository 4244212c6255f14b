# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The filter benchmark_plan."""

from __future__ import annotations

DOCUMENTATION = r"""
name: benchmark_plan
version_added: 0.1.0
short_description: Tell how a benchmark is chosen in the utility's menu
description:
  - Finds a benchmark's number in the menu, and the answers to the questions that the utility then asks.
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
- name: Show the answers
  ansible.builtin.debug:
    msg: "{{ 'write' | lambdafs.cluster.benchmark_plan('lambdafs', settings) }}"
"""

RETURN = r"""
_value:
  description: C(number) in the menu, C(answers) in their order, C(done), the text that says that there is a result.
  type: dict
  sample: {number: 10, answers: ['8', '16'], done: ''}
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.lambdafs.cluster.plugins.module_utils.benchmark_plan import benchmark_plan


class FilterModule:
    """The filter by its name."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name and function."""
        return {"benchmark_plan": benchmark_plan}
