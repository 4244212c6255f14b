#!/usr/bin/python
# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: zookeeper_tree
version_added: 0.1.0
short_description: Make the znodes of the NameNode deployments
description:
  - Makes C(/namenodeN) with its children C(permanent), C(guest), C(ACK) and C(INV) for every deployment, over one
    connection.
  - In check mode it tells which of them are missing.
author:
  - lambdafs.cluster developers (@lambdafs)
requirements:
  - kazoo
options:
  hosts:
    description: Servers to connect to, C(host:port) separated by commas.
    type: str
    default: localhost:2181
  count:
    description: Number of deployments; they are numbered from 0.
    type: int
    required: true
  prefix:
    description: Name of a deployment's root less its number.
    type: str
    default: namenode
  prune:
    description:
      - Whether to remove the trees of deployments whose number is O(count) or more.
      - A tree with a live NameNode, that is with a child below C(permanent) or C(guest) or with an ephemeral znode, is
        never removed; the module fails then and changes nothing.
    type: bool
    default: false
  timeout:
    description: Seconds to wait for a session.
    type: float
    default: 15
extends_documentation_fragment:
  - lambdafs.cluster.attributes
"""

EXAMPLES = r"""
- name: Make the trees of twenty deployments
  lambdafs.cluster.zookeeper_tree:
    count: 20

- name: Go down to ten deployments
  lambdafs.cluster.zookeeper_tree:
    count: 10
    prune: true
"""

RETURN = r"""
created:
  description: Paths that were missing and were made, or would be made in check mode.
  returned: success
  type: list
  elements: str
removed:
  description: Paths that were removed, or would be removed in check mode.
  returned: success
  type: list
  elements: str
wanted:
  description: How many znodes the deployments need, roots included.
  returned: success
  type: int
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.lambdafs.cluster.plugins.module_utils.zookeeper_kazoo import (
    ConnectionFailed,
    require_kazoo,
    session,
)
from ansible_collections.lambdafs.cluster.plugins.module_utils.zookeeper_tree import (
    KazooTree,
    LiveNameNodes,
    TreePlan,
    apply_plan,
    make_plan,
    wanted_paths,
)


def run(module: AnsibleModule) -> TreePlan:
    """Compare, and carry the plan out unless in check mode."""
    values = module.params
    with session(values["hosts"], values["timeout"]) as client:
        tree = KazooTree(client)
        plan = make_plan(tree, values["prefix"], values["count"], values["prune"])
        if not module.check_mode:
            apply_plan(tree, plan)
    return plan


def main() -> None:
    """Run and report."""
    module = AnsibleModule(
        argument_spec={
            "hosts": {"type": "str", "default": "localhost:2181"},
            "count": {"type": "int", "required": True},
            "prefix": {"type": "str", "default": "namenode"},
            "prune": {"type": "bool", "default": False},
            "timeout": {"type": "float", "default": 15},
        },
        supports_check_mode=True,
    )
    require_kazoo(module)
    try:
        plan = run(module)
    except (ConnectionFailed, LiveNameNodes) as error:
        module.fail_json(msg=str(error))
    created = list(plan.create)
    module.exit_json(
        changed=bool(created or plan.removed),
        created=created,
        removed=plan.removed,
        wanted=len(wanted_paths(module.params["prefix"], module.params["count"])),
        diff={
            "before": "".join(f"{path}\n" for path in plan.removed),
            "after": "".join(f"{path}\n" for path in created),
        },
    )


if __name__ == "__main__":
    main()
