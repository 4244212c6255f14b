#!/usr/bin/python
# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: hopsfs_format
version_added: 0.1.0
short_description: Format λFS's or HopsFS's namespace in NDB, once
description:
  - Runs C(hdfs namenode -format -nonInteractive) on a VM with the software, unless the database that its configuration
    files name was formatted before. Formatting erases every inode.
  - What decides is the database itself, an id of a file system or a root inode. It is asked again under a lock in the
    database, so that two runs never both format, and under a lock of a file, which the command holds until it ends.
  - A format that was cut off is noted in the database and done again by the next run, as long as no inode was made
    since.
  - The exit code of the command does not tell how it went. Its output is searched for errors, and the database has to
    be formatted afterwards. The output is kept in a file, without the password.
author:
  - lambdafs.cluster developers (@lambdafs)
requirements:
  - PyMySQL
options:
  hadoop_home:
    description: Directory of the Hadoop distribution, with C(bin/hdfs).
    type: path
    required: true
  conf_dir:
    description:
      - Directory with C(hdfs-site.xml).
      - The login at the SQL node is taken from the files there, which the command reads as well.
    type: path
    required: true
  database:
    description: Database that is meant. The module fails where the configuration files name another one.
    type: str
    required: true
  reformat:
    description: Whether what is formatted is formatted again, and all inodes are lost.
    type: bool
    default: false
  shared_with:
    description: Another system that uses the same database. What is formatted is never formatted again then.
    type: str
    default: ""
  environment:
    description: Environment variables of the command, such as E(JAVA_HOME).
    type: dict
    default: {}
  ignored_errors:
    description: Regular expressions of lines of the output that look like errors and are none.
    type: list
    elements: str
    default: []
  login_ca:
    description: File with the certificate authority that the SQL node's certificate must be of.
    type: path
  log_dir:
    description: Directory of the output's file, C(format-TIME.log).
    type: path
    default: /var/log/lambdafs
  lock_file:
    description: File that is locked while the command runs.
    type: path
    default: /run/lambdafs-format.lock
  timeout:
    description: Seconds that the command may take.
    type: float
    default: 300
  lock_timeout:
    description: Seconds to wait for another run that formats or changes the schema.
    type: float
    default: 600
  patience:
    description: Seconds for which temporary errors of the database are borne, such as a restart of nodes.
    type: float
    default: 60
extends_documentation_fragment:
  - lambdafs.cluster.attributes
"""

EXAMPLES = r"""
- name: Format once
  lambdafs.cluster.hopsfs_format:
    hadoop_home: /opt/hadoop-lambdafs
    conf_dir: /opt/hadoop-lambdafs/etc/hadoop
    database: vanilla_hopsfs
    environment:
      JAVA_HOME: /opt/jdk-lambdafs
"""

RETURN = r"""
formatted:
  description: Whether the database was formatted when the module came.
  returned: success
  type: bool
inodes:
  description: Number of inodes that it held then.
  returned: success
  type: int
log:
  description: File with the command's output; empty if it was not run.
  returned: success
  type: str
  sample: /var/log/lambdafs/format-20260102T030405Z.log
output:
  description: The last lines of the output.
  returned: success
  type: list
  elements: str
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.lambdafs.cluster.plugins.module_utils.hopsfs_client_config import WrongConfig
from ansible_collections.lambdafs.cluster.plugins.module_utils.hopsfs_format import (
    FormatFailed,
    Refused,
    run_module,
)
from ansible_collections.lambdafs.cluster.plugins.module_utils.logged_program import CannotStart
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_lock import LockLost
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_sql_connection import SqlError


def main() -> None:
    """Run and report."""
    module = AnsibleModule(
        argument_spec={
            "hadoop_home": {"type": "path", "required": True},
            "conf_dir": {"type": "path", "required": True},
            "database": {"type": "str", "required": True},
            "reformat": {"type": "bool", "default": False},
            "shared_with": {"type": "str", "default": ""},
            "environment": {"type": "dict", "default": {}},
            "ignored_errors": {"type": "list", "elements": "str", "default": []},
            "login_ca": {"type": "path"},
            "log_dir": {"type": "path", "default": "/var/log/lambdafs"},
            "lock_file": {"type": "path", "default": "/run/lambdafs-format.lock"},
            "timeout": {"type": "float", "default": 300},
            "lock_timeout": {"type": "float", "default": 600},
            "patience": {"type": "float", "default": 60},
        },
        supports_check_mode=True,
    )
    try:
        result = run_module(module)
    except (CannotStart, FormatFailed, LockLost, Refused, SqlError, WrongConfig) as error:
        module.fail_json(msg=str(error))
    module.exit_json(**result)


if __name__ == "__main__":
    main()
