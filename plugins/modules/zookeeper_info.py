#!/usr/bin/python
# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: zookeeper_info
version_added: 0.1.0
short_description: Ask the servers of a ZooKeeper ensemble how they are
description:
  - Asks all servers at the same time with the four-letter commands C(mntr), C(srvr) and C(conf).
  - Can wait until the ensemble meets a condition.
  - Runs where the servers can be reached; it needs Python's standard library only.
author:
  - lambdafs.cluster developers (@lambdafs)
options:
  servers:
    description: The servers to ask.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: What results and messages call the server; its address by default.
        type: str
      host:
        description: Name or address of the server.
        type: str
        required: true
      port:
        description: Its client port.
        type: int
        default: 2181
  wait_for:
    description:
      - Condition that the ensemble has to meet.
      - V(quorum) means that exactly one server leads and more than half of the voting members serve.
      - V(serving) means that every server of O(must_serve) serves, too.
      - V(synced) means that the leader has every other voting member in step, too.
      - Without it nothing is waited for. In check mode an unmet condition is no failure, and nothing is waited for.
    type: str
    choices: [quorum, serving, synced]
  must_serve:
    description: Names of the servers that have to serve to meet V(serving) and V(synced); all of them by default.
    type: list
    elements: str
  timeout:
    description: Seconds to wait for the condition.
    type: float
    default: 60
  answer_timeout:
    description: Seconds to wait for a connection, and for each answer.
    type: float
    default: 3
extends_documentation_fragment:
  - lambdafs.cluster.attributes.info
"""

EXAMPLES = r"""
- name: Wait until every follower is in step
  lambdafs.cluster.zookeeper_info:
    servers:
      - {name: zookeeper-0, host: 10.0.8.233}
      - {name: zookeeper-1, host: 10.0.4.113}
      - {name: zookeeper-2, host: 10.0.14.89}
    wait_for: synced
  register: ensemble
"""

RETURN = r"""
servers:
  description: One report a server, in the order asked.
  returned: always
  type: list
  elements: dict
  sample:
    - name: zookeeper-0
      host: 10.0.8.233
      port: 2181
      state: follower
      detail: ""
      id: 0
      version: 3.8.0
      zxid: "0x100000069"
      connections: 1
      outstanding: 0
      znodes: 105
      ephemerals: 0
      synced_followers: 0
      members: ["server.0=10.0.8.233:2888:3888:participant;2181"]
leader:
  description: Name of the one server that leads; empty when there is none or more than one.
  returned: always
  type: str
quorum:
  description: Whether one server leads and more than half of the voting members serve.
  returned: always
  type: bool
members:
  description: Server lines of the newest membership that a serving server knows.
  returned: always
  type: list
  elements: str
member_ids:
  description: Ids of those members.
  returned: always
  type: list
  elements: int
restart_order:
  description: Names in the order of a rolling restart, the leader last.
  returned: always
  type: list
  elements: str
met:
  description: Whether the condition of O(wait_for) is met; V(serving) without one.
  returned: always
  type: bool
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.lambdafs.cluster.plugins.module_utils.zookeeper_view import (
    CONDITIONS,
    Address,
    as_summary,
    ask_servers,
    wait_for,
)

SERVER_SPEC = {
    "name": {"type": "str"},
    "host": {"type": "str", "required": True},
    "port": {"type": "int", "default": 2181},
}


def main() -> None:
    """Ask, wait, report."""
    module = AnsibleModule(
        argument_spec={
            "servers": {"type": "list", "elements": "dict", "required": True, "options": SERVER_SPEC},
            "wait_for": {"type": "str", "choices": list(CONDITIONS)},
            "must_serve": {"type": "list", "elements": "str"},
            "timeout": {"type": "float", "default": 60},
            "answer_timeout": {"type": "float", "default": 3},
        },
        supports_check_mode=True,
    )
    condition = module.params["wait_for"]
    must_serve = module.params["must_serve"]
    may_wait = bool(condition) and not module.check_mode
    addresses = [
        Address(server["name"] or server["host"], server["host"], server["port"]) for server in module.params["servers"]
    ]
    servers, left = wait_for(
        lambda: ask_servers(addresses, module.params["answer_timeout"]),
        condition or "serving",
        must_serve if must_serve is not None else [address.name for address in addresses],
        module.params["timeout"] if may_wait else 0,
    )
    result = {**as_summary(servers), "met": not left}
    if left and may_wait:
        seconds = f"{module.params['timeout']:g} s"
        module.fail_json(msg=f"ensemble not {condition} within {seconds}: {'; '.join(left)}", **result)
    module.exit_json(**result)


if __name__ == "__main__":
    main()
