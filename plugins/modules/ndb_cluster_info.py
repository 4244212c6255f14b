#!/usr/bin/python
# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: ndb_cluster_info
version_added: 0.1.0
short_description: Ask the management servers of an NDB cluster how its nodes are
description:
  - Asks all management servers at the same time, in their own protocol; no NDB program and no library is needed.
  - Can wait until the cluster meets a condition.
  - Adds memory use and uptime of the data nodes from ndbinfo when the login to an SQL node is given; only that needs
    PyMySQL.
author:
  - lambdafs.cluster developers (@lambdafs)
options:
  connectstring:
    description: Management servers as C(host:port), several with commas.
    type: str
    required: true
  wait_for:
    description:
      - Condition that the cluster has to meet.
      - V(answering) means that a management server answers.
      - V(started) means that each data node of O(node_ids) is started.
      - V(stopped) means that the management server has no contact with any node of O(node_ids). Such a node's process
        may still be ending.
      - V(connected) means that each node of O(node_ids) is in contact; use it for SQL nodes and other API nodes.
      - Without it nothing is waited for. In check mode an unmet condition is no failure, and nothing is waited for.
    type: str
    choices: [answering, started, stopped, connected]
  node_ids:
    description: The nodes that O(wait_for) is about; all data nodes of the running configuration by default.
    type: list
    elements: int
    default: []
  generations:
    description: Whether to ask each started data node for the configuration that it runs with.
    type: bool
    default: false
  timeout:
    description: Seconds to wait for the condition.
    type: float
    default: 60
  answer_timeout:
    description: Seconds to wait for a connection, and for each answer.
    type: float
    default: 5
extends_documentation_fragment:
  - lambdafs.cluster.attributes.info
  - lambdafs.cluster.ndb_login
"""

EXAMPLES = r"""
- name: Wait until two data nodes are started
  lambdafs.cluster.ndb_cluster_info:
    connectstring: 10.0.6.227:1186
    wait_for: started
    node_ids: [3, 4]
    timeout: 300

- name: See which data nodes run with an old configuration
  lambdafs.cluster.ndb_cluster_info:
    connectstring: 10.0.6.227:1186
    generations: true
  register: cluster
"""

RETURN = r"""
nodes:
  description:
    - All nodes of the running configuration, by id; empty when no management server answers.
    - C(node_group) is null where a node has none, C(config_generation) where it was not asked for.
    - With a login there are C(uptime_s), C(data_memory_used_bytes) and C(data_memory_bytes), null for all but data
      nodes.
  returned: always
  type: list
  elements: dict
  sample:
    - id: 3
      kind: datanode
      host: 10.0.4.10
      state: started
      connected: true
      start_phase: 0
      node_group: 0
      version: 9.7.4
      config_generation: 2
node_groups:
  description: Ids of the data nodes in contact by node group; those without one are below C(none).
  returned: always
  type: dict
  sample: {"0": [3, 4]}
managers:
  description: One report a management server, in the order of O(connectstring).
  returned: always
  type: list
  elements: dict
  sample:
    - {host: 10.0.6.227, port: 1186, answers: true, detail: "", id: 1, config_generation: 2}
config_generation:
  description: Generation of the running configuration; null when no management server answers.
  returned: always
  type: int
outdated_ids:
  description:
    - Started data nodes that have to be restarted to apply the management server's configuration; needs O(generations).
    - A node with an older generation is none of them where nothing differs that it reads.
  returned: always
  type: list
  elements: int
newcomer_ids:
  description:
    - Data nodes that the running configuration starts without a node group, since the cluster existed before them;
      needs O(generations).
  returned: always
  type: list
  elements: int
live_ids:
  description: Data nodes in contact, whatever their state.
  returned: always
  type: list
  elements: int
met:
  description: Whether the condition of O(wait_for) is met; V(answering) without one.
  returned: always
  type: bool
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_cluster_view import (
    CONDITIONS,
    Configurations,
    as_summary,
    ask_cluster,
    ask_configurations,
    wait_for,
)
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_management import (
    ManagementError,
    parse_connectstring,
)
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_memory import memory_by_node, with_memory
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_sql_connection import (
    LOGIN_CHOICE,
    LOGIN_SPEC,
    SqlError,
    SqlServer,
    login_of,
    require_pymysql,
)


def main() -> None:
    """Ask, wait, report."""
    module = AnsibleModule(
        argument_spec={
            "connectstring": {"type": "str", "required": True},
            "wait_for": {"type": "str", "choices": list(CONDITIONS)},
            "node_ids": {"type": "list", "elements": "int", "default": []},
            "generations": {"type": "bool", "default": False},
            "timeout": {"type": "float", "default": 60},
            "answer_timeout": {"type": "float", "default": 5},
            **LOGIN_SPEC,
        },
        mutually_exclusive=LOGIN_CHOICE,
        supports_check_mode=True,
    )
    values = module.params
    try:
        addresses = parse_connectstring(values["connectstring"])
    except ValueError as error:
        module.fail_json(msg=f"connectstring: {error}")
    may_wait = bool(values["wait_for"]) and not module.check_mode
    cluster, left = wait_for(
        lambda: ask_cluster(addresses, values["answer_timeout"]),
        values["wait_for"] or "answering",
        values["node_ids"],
        values["timeout"] if may_wait else 0,
    )
    configurations = Configurations()
    if values["generations"] and cluster.view:
        try:
            configurations = ask_configurations(cluster.view, values["answer_timeout"])
        except (OSError, ValueError, ManagementError) as error:
            module.fail_json(msg=f"{cluster.view.address} does not tell the data nodes' configuration: {error}")
    result = {**as_summary(cluster, configurations), "met": not left}
    if values["login_socket"] or values["login_host"]:
        require_pymysql(module)
        try:
            result["nodes"] = with_memory(result["nodes"], memory_by_node(SqlServer(login_of(values))))
        except SqlError as error:
            module.fail_json(msg=str(error), **result)
    if left and may_wait:
        module.fail_json(msg=f"after {values['timeout']:g} s: " + "; ".join(left), **result)
    module.exit_json(changed=False, **result)


if __name__ == "__main__":
    main()
