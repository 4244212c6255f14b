# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The filter hadoop_properties."""

from __future__ import annotations

DOCUMENTATION = r"""
name: hadoop_properties
short_description: Hadoop's properties for λFS and HopsFS
version_added: 0.1.0
author:
  - lambdafs.cluster developers (@lambdafs)
description:
  - Makes the properties of C(hdfs-site.xml), C(core-site.xml) or C(ndb-config.properties) out of facts of a deployment.
  - The number of deployments is the total that λFS uses; fault-tolerant deployments, which λFS would add, are off.
positional: kind, role
options:
  _input:
    description:
      - Facts of the deployment. C(deployments), C(zookeeper) (list of C(host:port)), C(endpoint) (URL up to the number
        of the deployment), C(own_address), C(namenodes) (those of HopsFS, list of C(host:port)), C(ndb_connectstring),
        C(ndb_sql_host), C(ndb_sql_port), C(ndb_user), C(ndb_password), C(ndb_database), C(conf_dir), C(dal_jar) (path
        of NDB's storage driver), and C(extra), properties that are merged last.
      - Each file needs only some of them.
    type: dict
    required: true
  kind:
    description: The file.
    type: str
    choices: [hdfs_site, core_site, ndb_config]
    required: true
  role:
    description: Whose file it is, a client of λFS, a serverless NameNode, or any VM of HopsFS.
    type: str
    choices: [client, namenode, hopsfs]
    required: true
"""

EXAMPLES = r"""
- name: Show core-site.xml of a HopsFS client
  ansible.builtin.debug:
    msg: >-
      {{ {'own_address': '10.0.1.7', 'namenodes': ['10.0.1.8:8020']}
         | lambdafs.cluster.hadoop_properties('core_site', 'hopsfs') }}
"""

RETURN = r"""
_value:
  description: Value by name.
  type: dict
  sample: {fs.default.name: "hdfs://10.0.1.8:8020", hadoop.security.authentication: simple}
"""

from collections.abc import Callable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible_collections.lambdafs.cluster.plugins.module_utils import hadoop_properties as work


def hadoop_properties(facts: Mapping[str, Any], kind: str, role: str) -> dict[str, str]:
    """See DOCUMENTATION."""
    try:
        return work.hadoop_properties(facts, kind, role)
    except KeyError as error:
        raise AnsibleFilterError(f"hadoop_properties: no fact {error}, expected one for {kind} of {role}") from error
    except ValueError as error:
        raise AnsibleFilterError(f"hadoop_properties: {error}") from error


class FilterModule:
    """The filters of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name to function."""
        return {"hadoop_properties": hadoop_properties}
