# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The filter subnet_plan."""

from __future__ import annotations

DOCUMENTATION = r"""
name: subnet_plan
short_description: Decide which subnets to make or mend
version_added: 0.1.0
author:
  - lambdafs.cluster developers (@lambdafs)
description:
  - Compares the subnets of the settings with those that a deployment has.
positional: found, zones, cluster, tags
options:
  _input:
    description: The CIDRs of the subnets, with the keys C(public) and C(private).
    type: dict
    required: true
  found:
    description: The deployment's subnets, as M(lambdafs.cluster.aws_deployment_info) returns them.
    type: list
    elements: dict
    required: true
  zones:
    description: Names of the availability zones, taken in turn by each side.
    type: list
    elements: str
    required: true
  cluster:
    description: Name of the deployment.
    type: str
    required: true
  tags:
    description: Tags that every resource of the deployment carries.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Show which subnets would be made or mended
  ansible.builtin.debug:
    msg: "{{ cidrs | lambdafs.cluster.subnet_plan([], ['us-east-1a'], 'lambdafs', {}) }}"
  vars:
    cidrs: {public: [10.0.0.0/20], private: []}
"""

RETURN = r"""
_value:
  description: The subnets to make or mend, each with C(cidr), C(zone), C(public) and C(tags).
  type: list
  elements: dict
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.lambdafs.cluster.plugins.module_utils.subnet_plan import subnet_plan


class FilterModule:
    """The filters of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name to function."""
        return {"subnet_plan": subnet_plan}
