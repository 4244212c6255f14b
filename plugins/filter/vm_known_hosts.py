# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The filter vm_known_hosts."""

from __future__ import annotations

DOCUMENTATION = r"""
name: vm_known_hosts
short_description: Host keys by address
version_added: 0.1.0
author:
  - lambdafs.cluster developers (@lambdafs)
description:
  - Makes of a known_hosts file by instance ids, as M(lambdafs.cluster.ec2_host_keys) writes it, one by addresses.
  - A VM has use for it - it knows other VMs by their addresses.
positional: hosts
options:
  _input:
    description: Text of the known_hosts file by instance ids.
    type: str
    required: true
  hosts:
    description: C(id) and C(addresses) (a list) of each VM.
    type: list
    elements: dict
    required: true
"""

EXAMPLES = r"""
- name: Show the line of one VM
  ansible.builtin.debug:
    msg: >-
      {{ lookup('ansible.builtin.file', lambdafs_state_dir ~ '/known_hosts')
         | lambdafs.cluster.vm_known_hosts([{'id': 'i-0a1b2c3d4e5f67890', 'addresses': ['10.0.1.7']}]) }}
"""

RETURN = r"""
_value:
  description: Text of a known_hosts file. A VM whose key is not known is left out.
  type: str
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.lambdafs.cluster.plugins.module_utils.vm_known_hosts import vm_known_hosts


class FilterModule:
    """The filters of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name to function."""
        return {"vm_known_hosts": vm_known_hosts}
