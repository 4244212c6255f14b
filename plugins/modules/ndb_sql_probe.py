#!/usr/bin/python
# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: ndb_sql_probe
version_added: 0.1.0
short_description: Write, read and remove a row through one SQL node
description:
  - Proves that an SQL node serves the database to an account as a file system uses it.
  - The row goes to C(hdfs_path_memcached), which the file systems do not read, and is removed again.
  - In check mode nothing is sent.
author:
  - lambdafs.cluster developers (@lambdafs)
options:
  database:
    description: Name of the database, of letters, digits, C($) and C(_).
    type: str
    required: true
  patience:
    description: Seconds for which temporary errors are borne, such as a restart of nodes.
    type: float
    default: 60
extends_documentation_fragment:
  - lambdafs.cluster.attributes.info
  - lambdafs.cluster.ndb_login
"""

EXAMPLES = r"""
- name: Use the database as a file system does
  lambdafs.cluster.ndb_sql_probe:
    login_host: 10.0.1.10
    login_user: hops
    login_password: "{{ vault_hops_password }}"
    database: vanilla_hopsfs
"""

RETURN = r"""
cipher:
  description: Cipher of the connection; empty over the local socket and in check mode.
  returned: success
  type: str
milliseconds:
  description: How long writing, reading and removing took; 0 in check mode.
  returned: success
  type: float
"""

from dataclasses import asdict

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_sql_connection import (
    LOGIN_CHOICE,
    LOGIN_SPEC,
    SqlError,
    login_of,
    require_database_name,
    require_pymysql,
)
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_sql_probe import ProbeFailed, ProbeResult, probe


def main() -> None:
    """Run and report."""
    module = AnsibleModule(
        argument_spec={
            **LOGIN_SPEC,
            "database": {"type": "str", "required": True},
            "patience": {"type": "float", "default": 60},
        },
        required_one_of=LOGIN_CHOICE,
        mutually_exclusive=LOGIN_CHOICE,
        supports_check_mode=True,
    )
    require_database_name(module, module.params["database"])
    if module.check_mode:
        module.exit_json(changed=False, **asdict(ProbeResult("", 0)))
    require_pymysql(module)
    try:
        result = probe(login_of(module.params), module.params["database"], module.params["patience"])
    except (ProbeFailed, SqlError) as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=False, **asdict(result))


if __name__ == "__main__":
    main()
