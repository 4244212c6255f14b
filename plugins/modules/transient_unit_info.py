#!/usr/bin/python
# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: transient_unit_info
version_added: 0.1.0
short_description: Tell whether programs still run in units of their own
description:
  - Asks systemd for units that M(lambdafs.cluster.transient_unit) starts.
author:
  - lambdafs.cluster developers (@lambdafs)
options:
  names:
    description: Names of units, without C(.service).
    type: list
    elements: str
    required: true
extends_documentation_fragment:
  - lambdafs.cluster.attributes.info
"""

EXAMPLES = r"""
- name: Look for a benchmark that still runs
  lambdafs.cluster.transient_unit_info:
    names: [lambdafs-benchmark-leader, lambdafs-benchmark-follower]
  register: found
"""

RETURN = r"""
units:
  description: Each unit, in the order of O(names). C(state) is V(absent), V(running), V(succeeded) or V(failed).
  returned: success
  type: list
  elements: dict
  sample:
    - {name: lambdafs-benchmark-leader, state: absent, result: "", exit_status: 0, since: ""}
"""

from dataclasses import asdict

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.lambdafs.cluster.plugins.module_utils.transient_unit import look


def main() -> None:
    """Look and report."""
    module = AnsibleModule(
        argument_spec={"names": {"type": "list", "elements": "str", "required": True}}, supports_check_mode=True
    )
    units = [
        look(name, lambda command: str(module.run_command(command, check_rc=True)[1]))
        for name in module.params["names"]
    ]
    module.exit_json(changed=False, units=[asdict(unit) for unit in units])


if __name__ == "__main__":
    main()
