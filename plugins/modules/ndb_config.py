#!/usr/bin/python
# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: ndb_config
version_added: 0.1.0
short_description: Write the configuration of an NDB cluster on a management server
description:
  - Makes C(config.ini) of nodes and parameters, compares it with what the management server runs, and tells which
    restart each change needs.
  - Parameters that are not given are sized to the data nodes' VMs, and the limits of schema objects to the number of
    deployments.
  - Data nodes that an existing cluster does not have yet are written with C(NodeGroup=65536), so that they start
    without a node group; the line goes once they have one.
  - Refuses, before anything changes, what a running cluster cannot take, see O(confirm_restart).
  - The file is put in place only after C(ndb_mgmd --print-full-config) has read it.
  - Runs on a management server's VM.
author:
  - lambdafs.cluster developers (@lambdafs)
options:
  path:
    description: Path of C(config.ini).
    type: path
    required: true
  nodes:
    description: Nodes of the cluster as P(lambdafs.cluster.ndb_nodes#filter) describes them.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Name for messages and comments.
        type: str
        required: true
      id:
        description: Node id.
        type: int
        required: true
      kind:
        description: What the node is.
        type: str
        choices: [mgmd, datanode, sql]
        required: true
      host:
        description: Its address.
        type: str
        required: true
  replicas:
    description: Copies of each row.
    type: int
    default: 2
  parameters:
    description:
      - Data node parameters by the names that NDB has for them.
      - An empty value leaves the parameter to the module or to NDB.
    type: dict
    default: {}
  memory_mb:
    description: MiB of memory of the smallest data node's VM; V(0) where it is not known, then nothing is sized.
    type: int
    default: 0
  cpus:
    description: CPUs of the smallest data node's VM.
    type: int
    default: 0
  deployments:
    description: Number of NameNode deployments that the limits of schema objects have room for, 200 at least.
    type: int
    default: 20
  port:
    description: Port of the management servers.
    type: int
    default: 1186
  data_dir:
    description: Directory of a management server's logs.
    type: path
    required: true
  config_dir:
    description: Directory of the configuration cache; a cache in it tells that the management server ran before.
    type: path
    required: true
  datanode_data_dir:
    description: Directory of a data node's files.
    type: path
    required: true
  datanode_port:
    description: Port of the data nodes; V(0) lets NDB choose a free one.
    type: int
    default: 0
  reserved_data_nodes:
    description: How many ids from 3 on are kept for data nodes; fewer leave more slots to the file systems.
    type: int
    default: 142
  shared_arbitrator:
    description: Whether a management server may be on a data node's host.
    type: bool
    default: false
  program:
    description: Path of C(ndb_mgmd); without it the file is not checked, and compared as text only.
    type: path
  host:
    description: Address of this VM's management server.
    type: str
    default: localhost
  reload:
    description: Whether a management server that runs with something else takes over the file.
    type: bool
    default: false
  confirm_restart:
    description:
      - The strongest restart that a change may need.
      - A change that needs more is refused. V(initial) is the one that erases data nodes; the module never does it.
      - Refused in any case are another number of replicas, fewer data nodes, and an address under another id.
    type: str
    choices: [node, system, initial]
    default: node
  owner:
    description: Owner of the file.
    type: str
    default: root
  group:
    description: Group of the file.
    type: str
    default: root
  answer_timeout:
    description: Seconds to wait for each answer of the management server.
    type: float
    default: 10
extends_documentation_fragment:
  - lambdafs.cluster.attributes
"""

EXAMPLES = r"""
- name: Write the configuration
  lambdafs.cluster.ndb_config:
    path: /etc/lambdafs-ndb/config.ini
    nodes:
      - {name: ndb-manager-node, id: 1, kind: mgmd, host: 10.0.6.227}
      - {name: ndb-datanode-0, id: 3, kind: datanode, host: 10.0.4.10}
      - {name: ndb-datanode-1, id: 4, kind: datanode, host: 10.0.4.11}
      - {name: ndb-manager-node, id: 145, kind: sql, host: 10.0.6.227}
    parameters: {DataMemory: 8G}
    memory_mb: 126000
    cpus: 16
    data_dir: /var/lib/lambdafs-ndb-mgmd
    config_dir: /var/lib/lambdafs-ndb-mgmd
    datanode_data_dir: /var/lib/lambdafs-ndb
    program: /usr/local/bin/ndb_mgmd
"""

RETURN = r"""
restart:
  description: The strongest restart of data nodes that the changes need; V(none) before a first start.
  returned: success
  type: str
  sample: node
changes:
  description: How the wanted configuration differs from the one that runs, or that ran last.
  returned: success
  type: list
  elements: dict
  sample:
    - {kind: datanode, name: DataMemory, before: "83886080", after: "104857600", restart: node, node_ids: [3, 4]}
newcomers:
  description: Ids of the data nodes that are to start without a node group.
  returned: success
  type: list
  elements: int
parameters:
  description: All data node parameters of the file.
  returned: success
  type: dict
needed_memory_mb:
  description: MiB that a data node with these parameters needs, reckoned.
  returned: success
  type: int
reloaded:
  description: Whether the management server took over the file, or in check mode would.
  returned: success
  type: bool
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_config_apply import Refused, configure

NODE_SPEC = {
    "name": {"type": "str", "required": True},
    "id": {"type": "int", "required": True},
    "kind": {"type": "str", "choices": ["mgmd", "datanode", "sql"], "required": True},
    "host": {"type": "str", "required": True},
}


def main() -> None:
    """Plan, refuse or write, report."""
    module = AnsibleModule(
        argument_spec={
            "path": {"type": "path", "required": True},
            "nodes": {"type": "list", "elements": "dict", "required": True, "options": NODE_SPEC},
            "replicas": {"type": "int", "default": 2},
            "parameters": {"type": "dict", "default": {}},
            "memory_mb": {"type": "int", "default": 0},
            "cpus": {"type": "int", "default": 0},
            "deployments": {"type": "int", "default": 20},
            "port": {"type": "int", "default": 1186},
            "data_dir": {"type": "path", "required": True},
            "config_dir": {"type": "path", "required": True},
            "datanode_data_dir": {"type": "path", "required": True},
            "datanode_port": {"type": "int", "default": 0},
            "reserved_data_nodes": {"type": "int", "default": 142},
            "shared_arbitrator": {"type": "bool", "default": False},
            "program": {"type": "path"},
            "host": {"type": "str", "default": "localhost"},
            "reload": {"type": "bool", "default": False},
            "confirm_restart": {"type": "str", "choices": ["node", "system", "initial"], "default": "node"},
            "owner": {"type": "str", "default": "root"},
            "group": {"type": "str", "default": "root"},
            "answer_timeout": {"type": "float", "default": 10},
        },
        supports_check_mode=True,
    )
    try:
        result = configure(module)
    except Refused as refusal:
        module.fail_json(msg=str(refusal))
    module.exit_json(**result)


if __name__ == "__main__":
    main()
