#!/usr/bin/python
# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: ndb_server_info
version_added: 0.1.0
short_description: Look at what this VM has of NDB
description:
  - Tells how NDB's programs are installed on the VM and where, which are missing, and whether the units that run
    them were started with the files that are on disk now.
author:
  - lambdafs.cluster developers (@lambdafs)
options:
  method:
    description:
      - How the programs are to be had.
      - V(auto) takes those of the VM's image where it has all, else the archive where O(archive_home) is given, else
        MySQL's packages.
    type: str
    choices: [auto, archive, package, preinstalled]
    default: auto
  programs:
    description: Names of the programs that the VM needs.
    type: list
    elements: str
    required: true
  preinstalled_bin_dir:
    description: Where the VM's image has programs.
    type: path
    default: /usr/local/bin
  preinstalled_base_dir:
    description: Where the VM's image has MySQL.
    type: path
    default: /usr/local/mysql
  archive_home:
    description: Where the archive is unpacked; empty when there is none.
    type: str
    default: ''
  user:
    description: The user that NDB's processes run as.
    type: str
    default: mysql
  units:
    description:
      - The files of each unit, by the unit's name.
      - A unit copies them to a directory of its own name in C(/run) before it starts.
    type: dict
    default: {}
extends_documentation_fragment:
  - lambdafs.cluster.attributes.info
"""

EXAMPLES = r"""
- name: Look at the data node's program and unit
  lambdafs.cluster.ndb_server_info:
    programs: [ndbmtd]
    units:
      ndb-datanode.service: [/etc/systemd/system/ndb-datanode.service]
  register: server
"""

RETURN = r"""
method:
  description: The install method, never V(auto).
  returned: success
  type: str
base_dir:
  description: MySQL's base directory.
  returned: success
  type: str
bin_dir:
  description: Directory of the first program.
  returned: success
  type: str
plugin_dir:
  description: Directory of the SQL node's plugins.
  returned: success
  type: str
paths:
  description: Where each program is, or will be once it is installed.
  returned: success
  type: dict
  sample: {ndbmtd: /opt/mysql-cluster-9.7.4-linux-x86_64/bin/ndbmtd}
missing:
  description: Programs that are not there.
  returned: success
  type: list
  elements: str
missing_libraries:
  description: Shared libraries that the programs need and the VM lacks.
  returned: success
  type: list
  elements: str
units:
  description:
    - Each unit by its name.
    - C(loaded) says whether systemd knows it, C(running) whether it has a process, C(restart_reasons) how the files
      on disk differ from those that this process was started with.
  returned: success
  type: dict
  sample: {ndb-datanode.service: {loaded: true, running: true, restart_reasons: []}}
memory_mb:
  description: The VM's memory in MiB.
  returned: success
  type: int
cpus:
  description: Processors that the VM may use.
  returned: success
  type: int
user_exists:
  description: Whether the user of NDB's processes exists.
  returned: success
  type: bool
pymysql:
  description: Whether Python's C(pymysql) is installed.
  returned: success
  type: bool
apt:
  description: Whether the VM has C(apt-get).
  returned: success
  type: bool
"""

from pathlib import Path

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_server import METHODS, Layout, describe


def main() -> None:
    """Look and report."""
    module = AnsibleModule(
        argument_spec={
            "method": {"type": "str", "choices": list(METHODS), "default": "auto"},
            "programs": {"type": "list", "elements": "str", "required": True},
            "preinstalled_bin_dir": {"type": "path", "default": "/usr/local/bin"},
            "preinstalled_base_dir": {"type": "path", "default": "/usr/local/mysql"},
            "archive_home": {"type": "str", "default": ""},
            "user": {"type": "str", "default": "mysql"},
            "units": {"type": "dict", "default": {}},
        },
        supports_check_mode=True,
    )
    values = module.params
    layout = Layout(
        method=values["method"],
        preinstalled_bin_dir=Path(values["preinstalled_bin_dir"]),
        preinstalled_base_dir=Path(values["preinstalled_base_dir"]),
        archive_home=Path(values["archive_home"]) if values["archive_home"] else None,
    )
    try:
        found = describe(
            layout,
            values["programs"],
            values["user"],
            values["units"],
            lambda command: module.run_command(command, check_rc=command[0] == "systemctl")[1],
        )
    except ValueError as error:
        module.fail_json(msg=str(error))
    module.exit_json(**found)


if __name__ == "__main__":
    main()
