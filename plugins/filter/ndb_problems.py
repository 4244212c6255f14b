# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Filter for NDB's nodes: what keeps them from being a cluster."""

from __future__ import annotations

DOCUMENTATION = r"""
name: ndb_problems
version_added: 0.1.0
short_description: Tell what keeps nodes from being an NDB cluster
description:
  - Finds numbers of nodes that are not allowed, missing indexes and addresses, those that two nodes share,
    and management servers on a data node's host.
author:
  - lambdafs.cluster developers (@lambdafs)
positional: replicas, shared_arbitrator
options:
  _input:
    description: What P(lambdafs.cluster.ndb_nodes#filter) returned.
    type: list
    elements: dict
    required: true
  replicas:
    description: Copies of each row, NDB's C(NoOfReplicas).
    type: int
    required: true
  shared_arbitrator:
    description: Whether a management server may run on a data node's host.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Check the nodes
  ansible.builtin.assert:
    that: nodes | lambdafs.cluster.ndb_problems(2) | length == 0
  vars:
    nodes: >-
      {{ {'mgmd': groups['ndb_mgmd'], 'datanode': groups['ndb_datanode'], 'sql': groups['ndb_sql']}
         | lambdafs.cluster.ndb_nodes(hostvars) }}
"""

RETURN = r"""
_value:
  description: One sentence a problem; empty when there is none.
  type: list
  elements: str
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_nodes import problems


class FilterModule:
    """The filter by its name."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name and function."""
        return {"ndb_problems": problems}
