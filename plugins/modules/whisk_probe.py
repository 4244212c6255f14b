#!/usr/bin/python
# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: whisk_probe
version_added: 0.1.0
short_description: Prove that OpenWhisk runs actions
description:
  - Waits until enough invokers are healthy, makes a throw-away action, invokes it over the web path as λFS clients do,
    and removes it. The action is given a random text, which its answer has to contain.
  - In check mode invokers are counted, and nothing else is done or waited for.
author:
  - lambdafs.cluster developers (@lambdafs)
options:
  action:
    description: Name of the throw-away action. One that a broken run left is replaced.
    type: str
    default: lambdafs-probe
  kind:
    description: Kind of the action; by default the first JavaScript or Python kind that the platform offers.
    type: str
  code:
    description:
      - Code of the action, which has to answer with the parameter C(nonce).
      - By default code for O(kind), if that is a JavaScript or Python kind.
    type: str
  main_class:
    description: Main class or function, for a kind that needs one.
    type: str
  memory:
    description: Memory of the action in MB; by default the platform's standard.
    type: int
  invokers:
    description: Number of invokers that have to be healthy.
    type: int
    default: 1
  timeout:
    description: Seconds until the invokers are healthy and the action has answered.
    type: float
    default: 180
extends_documentation_fragment:
  - lambdafs.cluster.attributes.info
  - lambdafs.cluster.whisk
"""

EXAMPLES = r"""
- name: Prove that actions run
  lambdafs.cluster.whisk_probe:
    api_host: "{{ api_host }}"
    auth: "{{ auth }}"
    invokers: 3
"""

RETURN = r"""
invokers:
  description: State of each invoker.
  returned: success
  type: dict
  sample: {invoker0/0: up}
healthy_invokers:
  description: How many are up.
  returned: success
  type: int
probe:
  description: The invocation; empty in check mode.
  returned: success
  type: dict
  sample: {action: lambdafs-probe, kind: nodejs:20, seconds: 0.4, attempts: 1}
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.lambdafs.cluster.plugins.module_utils.whisk_client import WhiskError
from ansible_collections.lambdafs.cluster.plugins.module_utils.whisk_module import CONNECTION, client_of
from ansible_collections.lambdafs.cluster.plugins.module_utils.whisk_probe import run_probe


def main() -> None:
    """Probe, report."""
    module = AnsibleModule(
        argument_spec={
            **CONNECTION,
            "action": {"type": "str", "default": "lambdafs-probe"},
            "kind": {"type": "str"},
            "code": {"type": "str"},
            "main_class": {"type": "str"},
            "memory": {"type": "int"},
            "invokers": {"type": "int", "default": 1},
            "timeout": {"type": "float", "default": 180},
        },
        supports_check_mode=True,
    )
    try:
        result = run_probe(client_of(module.params), module.params, module.check_mode)
    except (WhiskError, ValueError) as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=False, **result)


if __name__ == "__main__":
    main()
