# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The filter benchmark_workload."""

from __future__ import annotations

DOCUMENTATION = r"""
name: benchmark_workload
version_added: 0.1.0
short_description: Compose the benchmark utility's workload.yaml
description:
  - Gives the settings of the Spotify workload the names that the utility has for them.
author:
  - lambdafs.cluster developers (@lambdafs)
options:
  _input:
    description: Settings of the role C(benchmark) whose names begin with C(workload_), without the role's prefix.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Show workload.yaml
  ansible.builtin.debug:
    msg: "{{ settings | lambdafs.cluster.benchmark_workload }}"
"""

RETURN = r"""
_value:
  description: Value by name.
  type: dict
  sample: {num.worker.threads: '4'}
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.lambdafs.cluster.plugins.module_utils.benchmark_config import benchmark_workload


class FilterModule:
    """The filter by its name."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name and function."""
        return {"benchmark_workload": benchmark_workload}
