# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Filter for the memory that a data node's parameters need."""

from __future__ import annotations

DOCUMENTATION = r"""
name: ndb_needed_memory
version_added: 0.1.0
short_description: Tell how much memory a data node needs at least
description:
  - Reckons the memory of a data node from its parameters. Those that are not given count with NDB's own defaults, since
    they are sized to what the VM leaves.
author:
  - lambdafs.cluster developers (@lambdafs)
positional: deployments
options:
  _input:
    description: Data node parameters by the names that NDB has for them; empty values are not given.
    type: dict
    required: true
  deployments:
    description: Number of NameNode deployments.
    type: int
    required: true
"""

EXAMPLES = r"""
- name: Show the memory of a data node
  ansible.builtin.debug:
    msg: "{{ {'DataMemory': '8G'} | lambdafs.cluster.ndb_needed_memory(20) }} MiB"
"""

RETURN = r"""
_value:
  description: The memory in MiB.
  type: int
"""

from collections.abc import Callable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_parameters import (
    MIB,
    InvalidParameter,
    data_node_parameters,
)


def ndb_needed_memory(given: Mapping[str, Any], deployments: int) -> int:
    """MiB that a data node with these parameters needs at least.

    Raises:
        AnsibleFilterError: a parameter is out of range.
    """
    try:
        _values, needed = data_node_parameters(given, 0, 0, int(deployments))
    except InvalidParameter as error:
        raise AnsibleFilterError(str(error)) from error
    return needed // MIB


class FilterModule:
    """The filter by its name."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name and function."""
        return {"ndb_needed_memory": ndb_needed_memory}
