#!/usr/bin/python
# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: ndb_datanode_info
version_added: 0.1.0
short_description: Look at what a data node of NDB has on disk
description:
  - Tells whether the VM has data of the data node, which data nodes of the cluster have been started once, and which
    disk of the VM is the data volume.
author:
  - lambdafs.cluster developers (@lambdafs)
options:
  node_id:
    description: Id of the data node; C(0) where the VM has none.
    type: int
    default: 0
  data_dir:
    description: The C(DataDir) of the data node.
    type: path
    required: true
  known_file:
    description: File with the ids of the data nodes that have been started once.
    type: path
    required: true
  device:
    description:
      - Block device of the data volume.
      - V(auto) looks for the disk whose file system has the label O(label), else for the only disk without content.
      - Empty when the VM has none.
    type: str
    default: auto
  label:
    description: Label of the data volume's file system.
    type: str
    default: ndb-data
extends_documentation_fragment:
  - lambdafs.cluster.attributes.info
"""

EXAMPLES = r"""
- name: Look at data node 3
  lambdafs.cluster.ndb_datanode_info:
    node_id: 3
    data_dir: /data/ndb
    known_file: /var/lib/lambdafs/ndb-data-nodes.json
  register: node
"""

RETURN = r"""
has_data:
  description: Whether the data node's directory is there and not empty.
  returned: success
  type: bool
known_ids:
  description: Data nodes that have been started once, as O(known_file) tells.
  returned: success
  type: list
  elements: int
device:
  description: Block device of the data volume; empty where there is none.
  returned: success
  type: str
"""

import json
from pathlib import Path

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_datanode_state import (
    find_disks,
    has_file_system,
    known_ids,
)

LSBLK = ["lsblk", "--json", "--tree", "--output", "PATH,TYPE,FSTYPE,LABEL,PTTYPE"]


def main() -> None:
    """Look and report."""
    module = AnsibleModule(
        argument_spec={
            "node_id": {"type": "int", "default": 0},
            "data_dir": {"type": "path", "required": True},
            "known_file": {"type": "path", "required": True},
            "device": {"type": "str", "default": "auto"},
            "label": {"type": "str", "default": "ndb-data"},
        },
        supports_check_mode=True,
    )
    values = module.params
    device = values["device"]
    try:
        if device == "auto":
            listed = json.loads(module.run_command(LSBLK, check_rc=True)[1])["blockdevices"]
            device = find_disks(listed, values["label"]).choose() or ""
        module.exit_json(
            has_data=has_file_system(Path(values["data_dir"]), values["node_id"]),
            known_ids=known_ids(Path(values["known_file"])),
            device=device,
        )
    except ValueError as error:
        module.fail_json(msg=str(error))


if __name__ == "__main__":
    main()
