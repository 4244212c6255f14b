#!/usr/bin/python
# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: lambdafs_probe
version_added: 0.1.0
short_description: Name the broken link between λFS's client and its servers
description:
  - Runs on λFS's driver and reads the addresses, accounts and numbers that the client itself uses from its
    configuration files, so that a wrong one there is found.
  - Tries each ZooKeeper server and the znodes of every deployment; each management server of NDB; the SQL node with the
    account and the database; OpenWhisk's web path to every NameNode deployment, which it invokes with the operation
    C(prewarm); and the way of the NameNodes back to the driver's TCP port, on which it listens meanwhile.
  - All links are tried. The module fails with a line for each that is broken, which tells what was found, what was
    expected, and what to do.
  - In check mode nothing is sent.
author:
  - lambdafs.cluster developers (@lambdafs)
requirements:
  - kazoo
  - PyMySQL
options:
  conf_dir:
    description: Directory with C(hdfs-site.xml).
    type: path
    required: true
  address:
    description: The driver's address that NameNodes connect to.
    type: str
    required: true
  deployments:
    description: Number of NameNode deployments that the cluster has.
    type: int
    required: true
  ca_file:
    description: File with the certificates (PEM) that OpenWhisk's is checked against, where the endpoint speaks TLS.
    type: path
  sql_ca:
    description: File with the certificate authority that the SQL node's certificate must be of.
    type: path
  timeout:
    description: Seconds to wait for each server, and for the NameNodes' connections after the last answer.
    type: float
    default: 15
  invocation_timeout:
    description: Seconds within which all NameNodes have to answer; a first invocation starts them.
    type: float
    default: 180
  parallel:
    description: How many NameNodes are invoked at a time.
    type: int
    default: 10
extends_documentation_fragment:
  - lambdafs.cluster.attributes.info
"""

EXAMPLES = r"""
- name: Try every link
  lambdafs.cluster.lambdafs_probe:
    conf_dir: /opt/hadoop-lambdafs/etc/hadoop
    address: 10.0.1.20
    deployments: 20
"""

RETURN = r"""
faults:
  description: One line for each broken link.
  returned: always
  type: list
  elements: str
tcp_port:
  description: Port on which NameNodes were waited for; 0 where the client uses none, and in check mode.
  returned: always
  type: int
connections:
  description: How many connections of NameNodes came.
  returned: always
  type: int
"""

from pathlib import Path

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.lambdafs.cluster.plugins.module_utils.lambdafs_probe import Wanted, probe
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_sql_connection import require_pymysql
from ansible_collections.lambdafs.cluster.plugins.module_utils.zookeeper_kazoo import require_kazoo


def main() -> None:
    """Probe and report."""
    module = AnsibleModule(
        argument_spec={
            "conf_dir": {"type": "path", "required": True},
            "address": {"type": "str", "required": True},
            "deployments": {"type": "int", "required": True},
            "ca_file": {"type": "path"},
            "sql_ca": {"type": "path"},
            "timeout": {"type": "float", "default": 15},
            "invocation_timeout": {"type": "float", "default": 180},
            "parallel": {"type": "int", "default": 10},
        },
        supports_check_mode=True,
    )
    values = module.params
    for name in ("deployments", "parallel"):
        if values[name] < 1:
            module.fail_json(msg=f"{name} is {values[name]}, expected 1 or more: give another number")
    if module.check_mode:
        module.exit_json(changed=False, faults=[], tcp_port=0, connections=0)
    require_kazoo(module)
    require_pymysql(module)
    seen = probe(
        Wanted(
            Path(values["conf_dir"]),
            values["address"],
            values["deployments"],
            values["ca_file"],
            values["sql_ca"] or "",
            values["timeout"],
            values["invocation_timeout"],
            values["parallel"],
        )
    )
    faults = [str(fault) for fault in seen.faults]
    result = {"faults": faults, "tcp_port": seen.tcp_port, "connections": seen.connections}
    if faults:
        module.fail_json(msg="; ".join(faults), **result)
    module.exit_json(changed=False, **result)


if __name__ == "__main__":
    main()
