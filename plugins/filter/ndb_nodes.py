# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Filter for NDB's nodes: the inventory's hosts as ids, kinds and addresses."""

from __future__ import annotations

DOCUMENTATION = r"""
name: ndb_nodes
version_added: 0.1.0
short_description: Describe the nodes of an NDB cluster by the inventory
description:
  - Makes of host names the list of nodes that the NDB modules and roles take.
  - The id comes from the host's C(lambdafs_index), never from its place in the list; management servers have
    1 and 2, data nodes 3 to 144, SQL nodes 145 and up.
author:
  - lambdafs.cluster developers (@lambdafs)
positional: hostvars
options:
  _input:
    description: Names of hosts in the inventory, below V(mgmd), V(datanode) and V(sql).
    type: dict
    required: true
  hostvars:
    description: Variables of all hosts.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Show the nodes
  ansible.builtin.debug:
    msg: >-
      {{ {'mgmd': groups['ndb_mgmd'], 'datanode': groups['ndb_datanode'], 'sql': groups['ndb_sql']}
         | lambdafs.cluster.ndb_nodes(hostvars) }}
"""

RETURN = r"""
_value:
  description: One dictionary a node, by id. C(id) is null and C(host) empty where the inventory does not tell.
  type: list
  elements: dict
  sample:
    - {name: ndb-datanode-0, id: 3, kind: datanode, host: 10.0.4.10}
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_nodes import describe_nodes


class FilterModule:
    """The filter by its name."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name and function."""
        return {"ndb_nodes": describe_nodes}
