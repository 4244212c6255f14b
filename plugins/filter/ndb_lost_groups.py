# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Filter for NDB's data nodes: the node groups whose data is gone."""

from __future__ import annotations

DOCUMENTATION = r"""
name: ndb_lost_groups
version_added: 0.1.0
short_description: Tell which node groups of an NDB cluster have lost their data
description:
  - A node group has lost its data when it has been started once, none of its nodes is started, and none has its
    data on disk. A start would make an empty cluster, or fail.
author:
  - lambdafs.cluster developers (@lambdafs)
positional: replicas, present, started
options:
  _input:
    description: Ids of the data nodes that have been started once.
    type: list
    elements: int
    required: true
  replicas:
    description: Data nodes of a node group.
    type: int
    required: true
  present:
    description: Of the data nodes that were looked at, whether each has data on disk, by id.
    type: dict
    required: true
  started:
    description: Ids of the data nodes that are started now.
    type: list
    elements: int
    required: true
"""

EXAMPLES = r"""
- name: Show what is lost
  ansible.builtin.debug:
    msg: "{{ [3, 4] | lambdafs.cluster.ndb_lost_groups(2, {3: false, 4: false}, []) }}"
"""

RETURN = r"""
_value:
  description: Ids of the data nodes of each such group.
  type: list
  elements: list
  sample: [[3, 4]]
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_datanode_state import lost_groups


def ndb_lost_groups(
    known: Sequence[int], replicas: int, present: Mapping[Any, bool], started: Sequence[int]
) -> list[list[int]]:
    """See DOCUMENTATION; keys of `present` may be text."""
    return lost_groups(known, replicas, {int(node_id): bool(has) for node_id, has in present.items()}, started)


class FilterModule:
    """The filter by its name."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name and function."""
        return {"ndb_lost_groups": ndb_lost_groups}
