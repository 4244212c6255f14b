#!/usr/bin/python
# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: hopsfs_probe
version_added: 0.1.0
short_description: Name the broken link between HopsFS's client and its servers
description:
  - Runs on HopsFS's driver. Tries each management server of NDB and the SQL node, with addresses, account and database
    of the driver's own configuration files, and each NameNode.
  - All links are tried. The module fails with a line for each that is broken, which tells what was found, what was
    expected, and what to do.
  - In check mode nothing is sent.
author:
  - lambdafs.cluster developers (@lambdafs)
requirements:
  - PyMySQL
options:
  conf_dir:
    description: Directory with C(hdfs-site.xml).
    type: path
    required: true
  namenodes:
    description: NameNodes, C(host:port) each.
    type: list
    elements: str
    default: []
  sql_ca:
    description: File with the certificate authority that the SQL node's certificate must be of.
    type: path
  timeout:
    description: Seconds to wait for each server.
    type: float
    default: 15
extends_documentation_fragment:
  - lambdafs.cluster.attributes.info
"""

EXAMPLES = r"""
- name: Try every link
  lambdafs.cluster.hopsfs_probe:
    conf_dir: /opt/hadoop-hopsfs/etc/hadoop
    namenodes: ["10.0.1.30:8020"]
"""

RETURN = r"""
faults:
  description: One line for each broken link.
  returned: always
  type: list
  elements: str
"""

from pathlib import Path

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.lambdafs.cluster.plugins.module_utils.lambdafs_probe import probe_hopsfs
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_sql_connection import require_pymysql


def main() -> None:
    """Probe and report."""
    module = AnsibleModule(
        argument_spec={
            "conf_dir": {"type": "path", "required": True},
            "namenodes": {"type": "list", "elements": "str", "default": []},
            "sql_ca": {"type": "path"},
            "timeout": {"type": "float", "default": 15},
        },
        supports_check_mode=True,
    )
    values = module.params
    if module.check_mode:
        module.exit_json(changed=False, faults=[])
    require_pymysql(module)
    found = probe_hopsfs(Path(values["conf_dir"]), values["namenodes"], values["sql_ca"] or "", values["timeout"])
    faults = [str(fault) for fault in found]
    if faults:
        module.fail_json(msg="; ".join(faults), faults=faults)
    module.exit_json(changed=False, faults=[])


if __name__ == "__main__":
    main()
