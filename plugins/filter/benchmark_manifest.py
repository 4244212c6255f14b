# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The filter benchmark_manifest."""

from __future__ import annotations

DOCUMENTATION = r"""
name: benchmark_manifest
version_added: 0.1.0
short_description: Compose the manifest of a benchmark's results
description:
  - Puts together what is needed to repeat a benchmark, and takes secrets out by their names.
author:
  - lambdafs.cluster developers (@lambdafs)
positional: hostvars
options:
  _input:
    description: What was run, and how it ended. C(tiers) is a dictionary of the hosts of each tier.
    type: dict
    required: true
  hostvars:
    description: Variables of all hosts.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Show the manifest
  ansible.builtin.debug:
    msg: >-
      {{ {'benchmark': 'write', 'tiers': {'zookeeper': groups['zookeeper']}}
         | lambdafs.cluster.benchmark_manifest(hostvars) }}
"""

RETURN = r"""
_value:
  description: The manifest; C(tiers) has number, instance types and images of each tier.
  type: dict
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.lambdafs.cluster.plugins.module_utils.benchmark_manifest import benchmark_manifest


class FilterModule:
    """The filter by its name."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name and function."""
        return {"benchmark_manifest": benchmark_manifest}
