#!/usr/bin/python
# Copyright: (c) lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

# There is no code here: the action plugin of the same name does the work

from __future__ import annotations

DOCUMENTATION = r"""
module: validate_settings
short_description: Check the settings of a deployment before anything is done
version_added: 0.1.0
description:
  - Looks at the names of all variables of all hosts, and at the values of the settings of role
    C(lambdafs.cluster.settings), and reports every problem at once, one line each.
  - A variable that begins like one of the collection's (C(lambdafs_), or a role's name and C(_)) and is
    none is a problem, and the closest known name is suggested.
  - Values are checked against the role's argument specification, then against what AWS, ZooKeeper and NDB can take.
  - The SSH key files are read on the controller.
  - Works on the controller alone, without connection and without any call to AWS.
author:
  - lambdafs.cluster developers (@lambdafs)
extends_documentation_fragment:
  - ansible.builtin.action_common_attributes
  - ansible.builtin.action_common_attributes.conn
  - ansible.builtin.action_common_attributes.flow
attributes:
  action:
    support: full
  async:
    support: none
  become:
    support: none
  bypass_host_loop:
    support: none
  check_mode:
    support: full
  connection:
    support: none
  delegation:
    support: none
  diff_mode:
    support: none
  platform:
    platforms: all
seealso:
  - module: lambdafs.cluster.aws_preflight_info
"""

EXAMPLES = r"""
- name: Check the settings
  lambdafs.cluster.validate_settings:
"""

RETURN = r"""
problems:
  description: One line for each problem, with what was found, what was expected and what to do.
  returned: always
  type: list
  elements: str
  sample:
    - "lambdafs_zookeper_count is no variable of this collection: did you mean lambdafs_zookeeper_count?"
warnings:
  description: What is allowed and worth a second look, such as SSH that is open to the whole Internet.
  returned: always
  type: list
  elements: str
"""
