#!/usr/bin/python
# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: hopsfs_basic_test
version_added: 0.1.0
short_description: Run λFS's basic test on a driver
description:
  - Runs the class C(com.gmail.benrcarver.distributed.BasicTest), which makes, lists and deletes files and a directory.
    It needs an empty root directory, and leaves an empty one behind if it succeeds.
  - The exit code of the test does not tell how it went. The module fails where a line says C([ERROR]), where none says
    C([SUCCESS]), where the exit code is not 0, and where it does not end in time.
  - In check mode nothing is run.
author:
  - lambdafs.cluster developers (@lambdafs)
options:
  jar:
    description: Jar with the test.
    type: path
    required: true
  hadoop_home:
    description: Directory of the Hadoop distribution, whose class path is used.
    type: path
    required: true
  conf_dir:
    description: Directory with C(hdfs-site.xml); it comes first on the class path.
    type: path
    required: true
  java:
    description: Java's program.
    type: path
    required: true
  main_class:
    description: Class of the test.
    type: str
    default: com.gmail.benrcarver.distributed.BasicTest
  files:
    description: Number of files that the test makes in its directory, 1 to 100.
    type: int
    default: 10
  environment:
    description: Environment variables of the test.
    type: dict
    default: {}
  log_dir:
    description: Directory of the output's file, C(basic-test-TIME.log).
    type: path
    default: /var/log/lambdafs
  timeout:
    description: Seconds that the test may take.
    type: float
    default: 300
extends_documentation_fragment:
  - lambdafs.cluster.attributes.info
"""

EXAMPLES = r"""
- name: Run the basic test
  lambdafs.cluster.hopsfs_basic_test:
    jar: /home/ubuntu/BasicTest.jar
    hadoop_home: /opt/hadoop-lambdafs
    conf_dir: /opt/hadoop-lambdafs/etc/hadoop
    java: /opt/jdk-lambdafs/bin/java
"""

RETURN = r"""
successes:
  description: Number of lines with C([SUCCESS]); 0 in check mode.
  returned: success
  type: int
log:
  description: File with the test's output; empty in check mode.
  returned: success
  type: str
  sample: /var/log/lambdafs/basic-test-20260102T030405Z.log
output:
  description: Lines of the output.
  returned: success
  type: list
  elements: str
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.lambdafs.cluster.plugins.module_utils.hopsfs_basic_test import (
    MAIN_CLASS,
    TestFailed,
    run_module,
)
from ansible_collections.lambdafs.cluster.plugins.module_utils.logged_program import CannotStart

MOST_FILES = 100


def main() -> None:
    """Run and report."""
    module = AnsibleModule(
        argument_spec={
            "jar": {"type": "path", "required": True},
            "hadoop_home": {"type": "path", "required": True},
            "conf_dir": {"type": "path", "required": True},
            "java": {"type": "path", "required": True},
            "main_class": {"type": "str", "default": MAIN_CLASS},
            "files": {"type": "int", "default": 10},
            "environment": {"type": "dict", "default": {}},
            "log_dir": {"type": "path", "default": "/var/log/lambdafs"},
            "timeout": {"type": "float", "default": 300},
        },
        supports_check_mode=True,
    )
    if not 1 <= module.params["files"] <= MOST_FILES:
        module.fail_json(msg=f"files is {module.params['files']}, expected 1 to {MOST_FILES}: give another number")
    try:
        result = run_module(module)
    except (CannotStart, TestFailed) as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=False, **result)


if __name__ == "__main__":
    main()
