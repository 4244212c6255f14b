# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The filter instance_plan."""

from __future__ import annotations

DOCUMENTATION = r"""
name: instance_plan
short_description: Decide what a deployment's VMs need
version_added: 0.1.0
author:
  - lambdafs.cluster developers (@lambdafs)
description:
  - Compares the tiers of the settings with the instances that EC2 lists, and says which VMs to create, start, tag
    or retire.
positional: instances, subnets, confirmed, reservations
options:
  _input:
    description: The tiers, each with its count, images, addresses and volumes.
    type: list
    elements: dict
    required: true
  instances:
    description: The deployment's instances, as M(lambdafs.cluster.aws_deployment_info) returns them.
    type: list
    elements: dict
    required: true
  subnets:
    description: CIDR to id of the subnets for VMs.
    type: dict
    required: true
  confirmed:
    description: Whether a shrink that needs a confirmation has it.
    type: bool
    default: false
  reservations:
    description: The deployment's reservations of addresses, as M(lambdafs.cluster.aws_deployment_info) returns them.
    type: list
    elements: dict
    default: []
"""

EXAMPLES = r"""
- name: Show which VMs would be created
  ansible.builtin.debug:
    msg: "{{ (tiers | lambdafs.cluster.instance_plan(found.resources.instances, subnets)).create }}"
"""

RETURN = r"""
_value:
  description:
    - The plan, with the keys C(reserve), C(create), C(start), C(retag), C(retire), C(stale), C(leaving) and
      C(problems).
  type: dict
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.lambdafs.cluster.plugins.module_utils.instance_plan import instance_plan


class FilterModule:
    """The filters of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name to function."""
        return {"instance_plan": instance_plan}
