# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The filter scaling_plan."""

from __future__ import annotations

DOCUMENTATION = r"""
name: scaling_plan
short_description: Decide what a deployment's launch templates and auto-scaling groups need
version_added: 0.1.0
author:
  - lambdafs.cluster developers (@lambdafs)
description:
  - Compares the tiers of the settings with the launch templates and auto-scaling groups that AWS lists, and says
    which to make, to change or to scale, and which VMs an older template launched.
positional: found, network, tags
options:
  _input:
    description: The tiers, each with its count, greatest count, image, instance type and the names of its resources.
    type: list
    elements: dict
    required: true
  found:
    description: What M(lambdafs.cluster.scaling_groups_info) returns.
    type: dict
    required: true
  network:
    description: Where VMs belong, with C(subnets) (ids), C(security_group) (an id) and C(key_name).
    type: dict
    required: true
  tags:
    description: Tags of everything of the deployment.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Show what would change about the scaling groups
  ansible.builtin.debug:
    msg: "{{ (tiers | lambdafs.cluster.scaling_plan(found, network, tags)).changes }}"
"""

RETURN = r"""
_value:
  description:
    - The plan, with the keys C(templates), C(groups), C(retag), C(changes), C(stale), C(refresh), C(present),
      C(wait), C(members), C(skipped) and C(problems).
  type: dict
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.lambdafs.cluster.plugins.module_utils.scaling_plan import scaling_plan


class FilterModule:
    """The filters of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name to function."""
        return {"scaling_plan": scaling_plan}
