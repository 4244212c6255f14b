# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Filter for ZooKeeper's servers: what keeps them from being an ensemble."""

from __future__ import annotations

DOCUMENTATION = r"""
name: zookeeper_problems
version_added: 0.1.0
short_description: Tell what keeps servers from being a ZooKeeper ensemble
description:
  - Finds sizes that are not allowed, missing indexes and addresses, and those that two servers share.
author:
  - lambdafs.cluster developers (@lambdafs)
options:
  _input:
    description: What P(lambdafs.cluster.zookeeper_servers#filter) returned.
    type: list
    elements: dict
    required: true
"""

EXAMPLES = r"""
- name: Check the ensemble
  ansible.builtin.assert:
    that: servers | lambdafs.cluster.zookeeper_problems | length == 0
  vars:
    servers: "{{ groups['zookeeper'] | lambdafs.cluster.zookeeper_servers(hostvars) }}"
"""

RETURN = r"""
_value:
  description: One sentence a problem; empty when there is none.
  type: list
  elements: str
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.lambdafs.cluster.plugins.module_utils.zookeeper_inventory import problems


class FilterModule:
    """The filter by its name."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name and function."""
        return {"zookeeper_problems": problems}
