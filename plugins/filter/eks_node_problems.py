# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The filter eks_node_problems."""

from __future__ import annotations

DOCUMENTATION = r"""
name: eks_node_problems
short_description: Tell which node groups of an EKS cluster lack ready nodes
version_added: 0.1.0
author:
  - lambdafs.cluster developers (@lambdafs)
description:
  - Compares the nodes that Kubernetes takes for ready with the size of their node group.
positional: nodegroups
options:
  _input:
    description: Node objects of Kubernetes.
    type: list
    elements: dict
    required: true
  nodegroups:
    description: Node groups, as M(lambdafs.cluster.eks_nodegroup_info) lists them.
    type: list
    elements: dict
    required: true
"""

EXAMPLES = r"""
- name: Show which node groups lack ready nodes
  ansible.builtin.debug:
    msg: "{{ nodes.resources | lambdafs.cluster.eks_node_problems(groups.nodegroups) }}"
"""

RETURN = r"""
_value:
  description: One line for each problem.
  type: list
  elements: str
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.lambdafs.cluster.plugins.module_utils.eks_health import node_problems


class FilterModule:
    """The filters of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name to function."""
        return {"eks_node_problems": node_problems}
