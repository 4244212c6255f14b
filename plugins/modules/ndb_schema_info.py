#!/usr/bin/python
# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: ndb_schema_info
version_added: 0.1.0
short_description: Tell version, tables and drift of the metadata schema in NDB
description:
  - Tells which version a database has, what its tables are, and where they are not what M(lambdafs.cluster.ndb_schema)
    would make.
  - The scripts are read on the control node.
author:
  - lambdafs.cluster developers (@lambdafs)
options:
  database:
    description: Name of the database, of letters, digits, C($) and C(_).
    type: str
    required: true
  deployments:
    description: Number of NameNode deployments that should have tables of their own; they are numbered from 0.
    type: int
    required: true
  scripts:
    description:
      - Folder with the scripts on the control node.
      - Without it those of the collection are taken.
    type: path
  files:
    description: Names and texts of the scripts; set by the action plugin from O(scripts).
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: Name of the file.
        type: str
        required: true
      content:
        description: Its text.
        type: str
        required: true
  count_rows:
    description: Whether to count the rows of each table.
    type: bool
    default: true
extends_documentation_fragment:
  - lambdafs.cluster.attributes.info
  - lambdafs.cluster.ndb_login
"""

EXAMPLES = r"""
- name: Look at the schema
  lambdafs.cluster.ndb_schema_info:
    login_socket: /run/mysqld/mysqld.sock
    database: vanilla_hopsfs
    deployments: 20
  register: schema
"""

RETURN = r"""
exists:
  description: Whether the database exists.
  returned: success
  type: bool
version:
  description: Version of the database; empty if it has none yet.
  returned: success
  type: str
version_wanted:
  description: Version that the scripts make.
  returned: success
  type: str
current:
  description: Whether nothing is missing and nothing differs.
  returned: success
  type: bool
tables:
  description: Tables of the database, those of the history and the lock excepted.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: Name of the table.
      type: str
    engine:
      description: Its engine.
      type: str
    fragments:
      description: Number of its partitions.
      type: int
    rows:
      description: Number of its rows; none if O(count_rows=false).
      type: int
drift:
  description: Tables that are not what they should be, with a line for each difference.
  returned: success
  type: dict
missing:
  description: Tables that M(lambdafs.cluster.ndb_schema) would make.
  returned: success
  type: list
  elements: str
surplus:
  description: Tables of deployments whose number is O(deployments) or more.
  returned: success
  type: list
  elements: str
lock:
  description: Who changes the schema at this moment; empty if nobody.
  returned: success
  type: str
"""

from dataclasses import asdict

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_module import run_info
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_spec import SCRIPT_SPEC
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_sql_connection import LOGIN_CHOICE, LOGIN_SPEC


def main() -> None:
    """Run and report."""
    module = AnsibleModule(
        argument_spec={**LOGIN_SPEC, **SCRIPT_SPEC, "count_rows": {"type": "bool", "default": True}},
        required_one_of=LOGIN_CHOICE,
        mutually_exclusive=LOGIN_CHOICE,
        supports_check_mode=True,
    )
    module.exit_json(changed=False, **asdict(run_info(module)))


if __name__ == "__main__":
    main()
