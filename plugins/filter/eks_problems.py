# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The filter eks_problems."""

from __future__ import annotations

DOCUMENTATION = r"""
name: eks_problems
short_description: Tell which parts of an EKS cluster are not active
version_added: 0.1.0
author:
  - lambdafs.cluster developers (@lambdafs)
description:
  - Compares node groups and add-ons with those that there should be.
positional: addons, group_names, addon_names
options:
  _input:
    description: Node groups, as M(lambdafs.cluster.eks_nodegroup_info) lists them.
    type: list
    elements: dict
    required: true
  addons:
    description: Add-ons, as M(lambdafs.cluster.eks_addon_info) lists them.
    type: list
    elements: dict
    required: true
  group_names:
    description: Names of the node groups that there should be.
    type: list
    elements: str
    required: true
  addon_names:
    description: Names of the add-ons that there should be.
    type: list
    elements: str
    required: true
"""

EXAMPLES = r"""
- name: Show what is not active
  ansible.builtin.debug:
    msg: "{{ groups.nodegroups | lambdafs.cluster.eks_problems(addons.addons, ['core-nodes'], ['coredns']) }}"
"""

RETURN = r"""
_value:
  description: One line for each problem.
  type: list
  elements: str
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.lambdafs.cluster.plugins.module_utils.eks_health import eks_problems


class FilterModule:
    """The filters of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name to function."""
        return {"eks_problems": eks_problems}
