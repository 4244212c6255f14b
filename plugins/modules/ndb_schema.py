#!/usr/bin/python
# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: ndb_schema
version_added: 0.1.0
short_description: Make and upgrade the metadata schema in NDB
description:
  - Makes the database with all tables of λFS and HopsFS and the tables that each NameNode deployment has of its own.
  - Upgrades an older database version by version, and takes over one that was made by HopsFS's own scripts, which it
    recognises by its shape. Rows stay.
  - The scripts are read on the control node. The versions are kept in Flyway's history table, so that the Flyway tool
    accepts the database.
  - A lock in the database keeps two runs apart, through whichever SQL nodes they go. A run that was cut off is
    finished by running it again.
  - In check mode it lists the statements. Where no SQL node answers then, it lists those for an empty database.
author:
  - lambdafs.cluster developers (@lambdafs)
options:
  database:
    description: Name of the database, of letters, digits, C($) and C(_).
    type: str
    required: true
  deployments:
    description: Number of NameNode deployments; they are numbered from 0.
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
  prune:
    description:
      - Whether to remove the tables of deployments whose number is O(deployments) or more.
      - One that holds rows is only removed if O(confirm_loss) names it.
    type: bool
    default: false
  confirm_loss:
    description:
      - Tables whose rows may be lost. Some upgrades remove or empty tables as HopsFS's own do.
      - Where such a table holds rows and is not named here, the module fails and changes nothing.
    type: list
    elements: str
    default: []
  on_drift:
    description:
      - What to do where tables are not what the version of the database makes, such as an index too few.
      - V(fail) names them and changes nothing, V(warn) names them and goes on.
    type: str
    choices: [fail, warn]
    default: fail
  patience:
    description: Seconds for which a statement is tried again after temporary errors, such as a restart of nodes.
    type: float
    default: 300
  lock_timeout:
    description: Seconds to wait for another run that changes the same schema.
    type: float
    default: 600
  lock_expiry:
    description: Seconds without a sign of life after which another run counts as dead.
    type: float
    default: 30
extends_documentation_fragment:
  - lambdafs.cluster.attributes
  - lambdafs.cluster.ndb_login
"""

EXAMPLES = r"""
- name: Make the schema for twenty deployments
  lambdafs.cluster.ndb_schema:
    login_socket: /run/mysqld/mysqld.sock
    database: vanilla_hopsfs
    deployments: 20

- name: Go down to ten deployments
  lambdafs.cluster.ndb_schema:
    login_host: 10.0.1.10
    login_user: admin
    login_password: "{{ vault_ndb_password }}"
    login_ca: /etc/ssl/ndb-ca.pem
    database: vanilla_hopsfs
    deployments: 10
    prune: true
"""

RETURN = r"""
statements:
  description: Statements that were sent, or would be sent in check mode, in their order.
  returned: success
  type: list
  elements: str
version:
  description: Version that the database has now, or would have.
  returned: success
  type: str
  sample: 3.2.0.0.1
version_before:
  description: Version that was found; empty for an empty database or one whose making was cut off.
  returned: success
  type: str
adopted:
  description: Whether a database that was made by other means was taken over.
  returned: success
  type: bool
drift:
  description: Tables that are not what they should be, with a line for each difference.
  returned: success
  type: dict
surplus:
  description: Tables of deployments whose number is O(deployments) or more, as they were found.
  returned: success
  type: list
  elements: str
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_module import run_schema
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_spec import SCRIPT_SPEC
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_sql_connection import LOGIN_CHOICE, LOGIN_SPEC


def main() -> None:
    """Run and report."""
    module = AnsibleModule(
        argument_spec={
            **LOGIN_SPEC,
            **SCRIPT_SPEC,
            "prune": {"type": "bool", "default": False},
            "confirm_loss": {"type": "list", "elements": "str", "default": []},
            "on_drift": {"type": "str", "choices": ["fail", "warn"], "default": "fail"},
            "patience": {"type": "float", "default": 300},
            "lock_timeout": {"type": "float", "default": 600},
            "lock_expiry": {"type": "float", "default": 30},
        },
        required_one_of=LOGIN_CHOICE,
        mutually_exclusive=LOGIN_CHOICE,
        supports_check_mode=True,
    )
    module.exit_json(**run_schema(module))


if __name__ == "__main__":
    main()
