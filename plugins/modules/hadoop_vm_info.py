#!/usr/bin/python
# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: hadoop_vm_info
version_added: 0.1.0
short_description: Look at what this VM has of Hadoop
description:
  - Tells how Hadoop and Java are installed on the VM and where, which archives are not unpacked yet, what keeps the
    clock, and whether units were started with the files that are on disk now.
author:
  - lambdafs.cluster developers (@lambdafs)
options:
  method:
    description:
      - How Hadoop is to be had.
      - V(auto) takes that of the VM's image, else the archive.
    type: str
    choices: [auto, archive, preinstalled]
    default: auto
  preinstalled_home:
    description: Where the VM's image has Hadoop.
    type: path
    required: true
  archive_home:
    description: The link to the unpacked archive.
    type: path
    required: true
  jdk:
    description:
      - How Java is to be had.
      - V(auto) takes the archive where O(jdk_archive_home) is given, else what the VM has, else a package.
    type: str
    choices: [auto, archive, package, preinstalled]
    default: auto
  jdk_preinstalled_home:
    description: Where the VM's image has Java; empty for the one on C(PATH).
    type: str
    default: ''
  jdk_archive_home:
    description: The link to the unpacked archive; empty when there is none.
    type: str
    default: ''
  jdk_package:
    description: The package that has Java.
    type: str
    default: openjdk-8-jdk-headless
  links:
    description: The directory that each link has to lead to.
    type: dict
    default: {}
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
- name: Look at this VM
  lambdafs.cluster.hadoop_vm_info:
    preinstalled_home: /home/ubuntu/repos/hops/hadoop-dist/target/hadoop-3.2.0.2-RC0
    archive_home: /opt/hadoop-hopsfs
  register: vm
"""

RETURN = r"""
method:
  description: The method of Hadoop's installation, never V(auto).
  returned: success
  type: str
hadoop_home:
  description: Where Hadoop is, or will be once it is installed.
  returned: success
  type: str
installed:
  description: Whether it is there.
  returned: success
  type: bool
jdk:
  description: The method of Java's installation, never V(auto).
  returned: success
  type: str
java_home:
  description: Where Java is, or will be once it is unpacked; empty when that is not known.
  returned: success
  type: str
java_installed:
  description: Whether it is there.
  returned: success
  type: bool
unlinked:
  description: Those of O(links) that do not lead to their directory.
  returned: success
  type: list
  elements: str
own_clock:
  description: Whether the VM may set its clock, which a container may not.
  returned: success
  type: bool
time_service:
  description: The unit that keeps the clock; empty where none runs.
  returned: success
  type: str
units:
  description:
    - Each unit by its name.
    - C(loaded) says whether systemd knows it, C(running) whether it has a process, C(restart_reasons) how the files
      on disk differ from those that this process was started with.
  returned: success
  type: dict
  sample: {hopsfs-namenode.service: {loaded: true, running: true, restart_reasons: []}}
apt:
  description: Whether the VM has C(apt-get).
  returned: success
  type: bool
"""

from pathlib import Path

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.lambdafs.cluster.plugins.module_utils.hadoop_vm import JDK_METHODS, METHODS, Wanted, describe


def main() -> None:
    """Look and report."""
    module = AnsibleModule(
        argument_spec={
            "method": {"type": "str", "choices": list(METHODS), "default": "auto"},
            "preinstalled_home": {"type": "path", "required": True},
            "archive_home": {"type": "path", "required": True},
            "jdk": {"type": "str", "choices": list(JDK_METHODS), "default": "auto"},
            "jdk_preinstalled_home": {"type": "str", "default": ""},
            "jdk_archive_home": {"type": "str", "default": ""},
            "jdk_package": {"type": "str", "default": "openjdk-8-jdk-headless"},
            "links": {"type": "dict", "default": {}},
            "units": {"type": "dict", "default": {}},
        },
        supports_check_mode=True,
    )
    values = module.params
    wanted = Wanted(
        method=values["method"],
        preinstalled_home=Path(values["preinstalled_home"]),
        archive_home=Path(values["archive_home"]),
        jdk=values["jdk"],
        jdk_preinstalled_home=Path(values["jdk_preinstalled_home"]) if values["jdk_preinstalled_home"] else None,
        jdk_archive_home=Path(values["jdk_archive_home"]) if values["jdk_archive_home"] else None,
        jdk_package=values["jdk_package"],
    )
    found = describe(
        wanted,
        values["links"],
        values["units"],
        lambda unit: module.run_command(["systemctl", "show", unit], check_rc=True)[1],
        module.run_command(["systemd-detect-virt", "--quiet", "--container"])[0] == 0,
    )
    module.exit_json(**found)


if __name__ == "__main__":
    main()
