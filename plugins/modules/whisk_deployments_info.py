#!/usr/bin/python
# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: whisk_deployments_info
version_added: 0.1.0
short_description: Read the NameNode deployments that are registered with OpenWhisk
description:
  - Reads the deployments from one list of all actions, and what the platform offers and allows.
  - Can ask whether each can be reached over the web path, by a request that starts no NameNode.
author:
  - lambdafs.cluster developers (@lambdafs)
options:
  prefix:
    description: Name of a deployment less its number.
    type: str
    default: namenode
  details:
    description: Whether to read main class and parameters, with one request for each deployment.
    type: bool
    default: false
  reach:
    description:
      - Whether to send an C(OPTIONS) request to the web path of each deployment. The platform itself answers it, if
        there is such an action and it is exported to the web.
    type: bool
    default: false
  parallel:
    description: Requests at a time.
    type: int
    default: 8
extends_documentation_fragment:
  - lambdafs.cluster.attributes.info
  - lambdafs.cluster.whisk
seealso:
  - module: lambdafs.cluster.whisk_deployments
"""

EXAMPLES = r"""
- name: See which deployments there are, and whether clients reach them
  lambdafs.cluster.whisk_deployments_info:
    api_host: "{{ api_host }}"
    auth: "{{ auth }}"
    reach: true
  register: registered
"""

RETURN = r"""
deployments:
  description:
    - The deployments, in the order of their numbers.
    - With O(details) they have C(main) and C(parameters).
    - With O(reach) they have C(web_status), the HTTP status of their web path, 0 where nothing answered.
  returned: success
  type: list
  elements: dict
  sample:
    - name: namenode0
      version: 0.0.1
      updated: 1764381600000
      kind: generic-namenode:10
      code_sha256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
      memory: 20000
      concurrency: 4
      timeout: 120000
      log_limit: 15
      web: true
      annotations: {web-export: true, raw-http: false, final: true}
platform:
  description: The namespace that the key opens, the kinds that are offered, and the limits as far as they are told.
  returned: success
  type: dict
  sample:
    namespace: whisk.system
    kinds: [generic-namenode:10]
    limits:
      memory: {min: 128, max: 45000}
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.lambdafs.cluster.plugins.module_utils.whisk_client import WhiskError
from ansible_collections.lambdafs.cluster.plugins.module_utils.whisk_module import CONNECTION, client_of
from ansible_collections.lambdafs.cluster.plugins.module_utils.whisk_survey import survey


def main() -> None:
    """Read, report."""
    module = AnsibleModule(
        argument_spec={
            **CONNECTION,
            "prefix": {"type": "str", "default": "namenode"},
            "details": {"type": "bool", "default": False},
            "reach": {"type": "bool", "default": False},
            "parallel": {"type": "int", "default": 8},
        },
        supports_check_mode=True,
    )
    try:
        result = survey(client_of(module.params), module.params)
    except (WhiskError, ValueError) as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=False, **result)


if __name__ == "__main__":
    main()
