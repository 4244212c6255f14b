#!/usr/bin/python
# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: hopsfs_namespace_info
version_added: 0.1.0
short_description: Tell whether a file system's database was formatted, and how many inodes it holds
description:
  - Reads the namespace of λFS or HopsFS in NDB through an SQL node.
author:
  - lambdafs.cluster developers (@lambdafs)
options:
  database:
    description: Name of the database, of letters, digits, C($) and C(_).
    type: str
    required: true
extends_documentation_fragment:
  - lambdafs.cluster.attributes.info
  - lambdafs.cluster.ndb_login
"""

EXAMPLES = r"""
- name: Look at the namespace
  lambdafs.cluster.hopsfs_namespace_info:
    login_socket: /run/mysqld/mysqld.sock
    database: vanilla_hopsfs
  register: namespace
"""

RETURN = r"""
exists:
  description: Whether the database has the tables that are asked.
  returned: success
  type: bool
missing:
  description: Those of the tables that it lacks.
  returned: success
  type: list
  elements: str
formatted:
  description: Whether it was formatted, which the id of a file system or a root inode proves.
  returned: success
  type: bool
root:
  description: Whether there is a root inode; the first NameNode makes it.
  returned: success
  type: bool
inodes:
  description: Number of inodes, the root included.
  returned: success
  type: int
entries:
  description: Number of inodes in the root directory.
  returned: success
  type: int
unfinished:
  description: Who began a format that was not seen to end; empty if nobody.
  returned: success
  type: str
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.lambdafs.cluster.plugins.module_utils.hopsfs_namespace import as_result, read_namespace
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_sql_connection import (
    LOGIN_CHOICE,
    LOGIN_SPEC,
    SqlError,
    SqlServer,
    login_of,
    require_database_name,
    require_pymysql,
)


def main() -> None:
    """Run and report."""
    module = AnsibleModule(
        argument_spec={**LOGIN_SPEC, "database": {"type": "str", "required": True}},
        required_one_of=LOGIN_CHOICE,
        mutually_exclusive=LOGIN_CHOICE,
        supports_check_mode=True,
    )
    require_database_name(module, module.params["database"])
    require_pymysql(module)
    server = SqlServer(login_of(module.params))
    try:
        namespace = read_namespace(server, module.params["database"])
    except SqlError as error:
        module.fail_json(msg=str(error))
    finally:
        server.close()
    module.exit_json(changed=False, **as_result(namespace))


if __name__ == "__main__":
    main()
