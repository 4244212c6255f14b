# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The filter status_report."""

from __future__ import annotations

DOCUMENTATION = r"""
name: status_report
short_description: Tell what exists of a cluster and how it is
version_added: 0.1.0
author:
  - lambdafs.cluster developers (@lambdafs)
description:
  - Makes one report of the resources that AWS lists and of the answers that the services gave.
positional: cluster, region, zookeeper, ndb, openwhisk
options:
  _input:
    description: The resources by kind, as M(lambdafs.cluster.aws_deployment_info) returns them.
    type: dict
    required: true
  cluster:
    description: Name of the cluster.
    type: str
    required: true
  region:
    description: The AWS region.
    type: str
    required: true
  zookeeper:
    description:
      - One answer a ZooKeeper VM, with the keys C(name), C(problem), C(servers), C(leader), C(quorum), C(wanted),
        C(roots) and C(missing).
    type: list
    elements: dict
    default: []
  ndb:
    description:
      - One answer a VM with a management server or SQL node of NDB, with the keys C(name), C(problem), C(nodes) and
        C(schema).
    type: list
    elements: dict
    default: []
  openwhisk:
    description:
      - The answer of OpenWhisk, with the keys C(problem), C(release), C(api_host), C(wanted) and C(deployments).
    type: dict
    default: {}
"""

EXAMPLES = r"""
- name: Show the state of every VM
  ansible.builtin.debug:
    msg: "{{ (listed.resources | lambdafs.cluster.status_report('lambdafs', 'us-east-1')).tiers }}"
"""

RETURN = r"""
_value:
  description: The report, with the keys C(cluster), C(region), C(deployed), C(network), C(tiers), C(zookeeper), C(ndb),
    C(eks) and C(openwhisk).
  type: dict
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.lambdafs.cluster.plugins.module_utils.status_report import status_report


class FilterModule:
    """The filters of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name to function."""
        return {"status_report": status_report}
