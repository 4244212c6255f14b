# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Filter for NDB's data nodes: which to restart together."""

from __future__ import annotations

DOCUMENTATION = r"""
name: ndb_restart_rounds
version_added: 0.1.0
short_description: Tell which data nodes of an NDB cluster may restart together
description:
  - Makes rounds of data nodes, at most one of a node group in each.
author:
  - lambdafs.cluster developers (@lambdafs)
positional: groups
options:
  _input:
    description: Ids of the data nodes that need a restart.
    type: list
    elements: int
    required: true
  groups:
    description: Ids by node group, as M(lambdafs.cluster.ndb_cluster_info) returns them.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Show the rounds
  ansible.builtin.debug:
    msg: "{{ [3, 4, 5, 6] | lambdafs.cluster.ndb_restart_rounds({'0': [3, 4], '1': [5, 6]}) }}"
"""

RETURN = r"""
_value:
  description: Ids of the data nodes of each round.
  type: list
  elements: list
  sample: [[3, 5], [4, 6]]
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_datanode_state import restart_rounds


class FilterModule:
    """The filter by its name."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name and function."""
        return {"ndb_restart_rounds": restart_rounds}
