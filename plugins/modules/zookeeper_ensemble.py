#!/usr/bin/python
# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: zookeeper_ensemble
version_added: 0.1.0
short_description: Add servers to a live ZooKeeper ensemble, or take them out
description:
  - Changes the membership by ZooKeeper's own reconfiguration, in one step that keeps every acknowledged write.
  - Runs on a VM of the ensemble that stays a member, as a user who can read its super password.
  - Servers that join must be serving already, as followers without a vote.
author:
  - lambdafs.cluster developers (@lambdafs)
requirements:
  - kazoo
options:
  host:
    description: The server to connect to.
    type: str
    default: localhost:2181
  members:
    description:
      - Server lines that have to be part of the ensemble when O(state=present).
      - A line whose id is a member with another address or port replaces it.
    type: list
    elements: str
    default: []
  ids:
    description: Ids of the servers to take out when O(state=absent). Ids that are no members are left alone.
    type: list
    elements: int
    default: []
  state:
    description: Whether the servers are added or taken out. Other members stay as they are.
    type: str
    choices: [present, absent]
    default: present
  super_password_file:
    description: File with the super user's password.
    type: path
    required: true
  timeout:
    description: Seconds for the change.
    type: float
    default: 60
extends_documentation_fragment:
  - lambdafs.cluster.attributes
"""

EXAMPLES = r"""
- name: Add two servers
  lambdafs.cluster.zookeeper_ensemble:
    members:
      - server.3=10.0.8.20:2888:3888:participant;2181
      - server.4=10.0.8.21:2888:3888:participant;2181
    super_password_file: /etc/zookeeper/super-password

- name: Take them out again
  lambdafs.cluster.zookeeper_ensemble:
    ids: [3, 4]
    state: absent
    super_password_file: /etc/zookeeper/super-password
"""

RETURN = r"""
members:
  description: Server lines of the ensemble afterwards, or as they would be in check mode.
  returned: success
  type: list
  elements: str
member_ids:
  description: Their ids.
  returned: success
  type: list
  elements: int
"""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.lambdafs.cluster.plugins.module_utils.zookeeper_kazoo import (
    ConnectionFailed,
    require_kazoo,
    session,
)
from ansible_collections.lambdafs.cluster.plugins.module_utils.zookeeper_members import (
    Member,
    after,
    parse_member,
    plan_addition,
    plan_removal,
)
from ansible_collections.lambdafs.cluster.plugins.module_utils.zookeeper_reconfiguration import (
    ReconfigurationFailed,
    read_membership,
    reconfigure,
)

if TYPE_CHECKING:
    from ansible_collections.lambdafs.cluster.plugins.module_utils.zookeeper_reconfiguration import Plan


def planner(values: Mapping[str, Any]) -> Plan:
    """The change that the arguments ask of any live ensemble."""
    if values["state"] == "absent":
        return partial(plan_removal, ids=values["ids"])
    return partial(plan_addition, wanted=[parse_member(line) for line in values["members"]])


def run(module: AnsibleModule) -> tuple[tuple[Member, ...], tuple[Member, ...]]:
    """The members before and after."""
    values = module.params
    plan = planner(values)
    password = Path(values["super_password_file"]).read_text(encoding="utf-8").strip()
    with session(values["host"], values["timeout"], password) as client:
        before, _version = read_membership(client)
        if module.check_mode:
            return before, after(before, plan(before))
        return before, reconfigure(client, plan, values["timeout"])


def main() -> None:
    """Run and report."""
    module = AnsibleModule(
        argument_spec={
            "host": {"type": "str", "default": "localhost:2181"},
            "members": {"type": "list", "elements": "str", "default": []},
            "ids": {"type": "list", "elements": "int", "default": []},
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
            "super_password_file": {"type": "path", "required": True, "no_log": False},
            "timeout": {"type": "float", "default": 60},
        },
        supports_check_mode=True,
    )
    require_kazoo(module)
    try:
        before, members = run(module)
    except (ConnectionFailed, ReconfigurationFailed, OSError, ValueError) as error:
        module.fail_json(msg=str(error))
    module.exit_json(
        changed=before != members,
        members=[member.line for member in members],
        member_ids=[member.id for member in members],
        diff={
            "before": "".join(f"{member.line}\n" for member in before),
            "after": "".join(f"{member.line}\n" for member in members),
        },
    )


if __name__ == "__main__":
    main()
