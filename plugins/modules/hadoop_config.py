#!/usr/bin/python
# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: hadoop_config
version_added: 0.1.0
short_description: Set properties in a configuration file of Hadoop
description:
  - Sets properties in C(hdfs-site.xml), C(core-site.xml), C(ndb-config.properties) or a file like these.
  - Properties that are not given, comments and the order stay as they are. New properties come last.
  - A property whose name tells of a password or a secret is hidden in diffs, logs and results.
author:
  - lambdafs.cluster developers (@lambdafs)
options:
  path:
    description: Path of the file. Its directory has to exist. A new file is its owner's alone unless O(mode) says more.
    type: path
    required: true
  format:
    description: Whether the file is Hadoop's XML or Java's properties.
    type: str
    choices: [xml, properties]
    required: true
  properties:
    description: Value by name. Booleans and lists become what Hadoop reads, V(true) and values with commas.
    type: dict
    required: true
extends_documentation_fragment:
  - ansible.builtin.files
  - lambdafs.cluster.attributes
"""

EXAMPLES = r"""
- name: Tell Hadoop where the file system is
  lambdafs.cluster.hadoop_config:
    path: /opt/hadoop-hopsfs/etc/hadoop/core-site.xml
    format: xml
    properties:
      fs.default.name: hdfs://10.0.1.8:8020
      hadoop.security.authentication: simple
    owner: root
    group: root
    mode: "0644"
"""

RETURN = r"""
properties:
  description: Names of the properties whose value is new.
  returned: success
  type: list
  elements: str
"""

from pathlib import Path

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.lambdafs.cluster.plugins.module_utils.hadoop_config import ConfigError, write_config


def main() -> None:
    """Write and report."""
    module = AnsibleModule(
        argument_spec={
            "path": {"type": "path", "required": True},
            "format": {"type": "str", "choices": ["xml", "properties"], "required": True},
            # no_log keeps the whole dictionary, which may hold a password, out of the system's log
            "properties": {"type": "dict", "required": True, "no_log": True},
        },
        add_file_common_args=True,
        supports_check_mode=True,
    )
    try:
        result = write_config(module, Path(module.params["path"]), module.params["format"])
    except ConfigError as error:
        module.fail_json(msg=str(error))
    module.exit_json(**result)


if __name__ == "__main__":
    main()
