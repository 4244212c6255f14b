#!/usr/bin/python
# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: whisk_deployments
version_added: 0.1.0
short_description: Register the serverless NameNode deployments with OpenWhisk
description:
  - Makes, updates and removes the actions that are the NameNode deployments, over OpenWhisk's REST API.
  - What has to be done is decided from one list of all actions. Annotations of a deployment hold the hash of its code
    and of what such a list does not show, so an unchanged deployment is left alone. Every PUT of an action ends its
    warm containers, that is all its NameNodes.
  - The jar is sent only to a deployment that has another one, or another kind or main class.
  - Requests run in parallel, and the jar is in memory once, whatever their number.
  - A deployment that another request changed at the same time, or whose answer was lost, is read again and decided
    anew, up to six times.
  - Everything that can be known to be refused is refused before the first change.
author:
  - lambdafs.cluster developers (@lambdafs)
options:
  namespace:
    description: Namespace of the deployments. It has to be the one that O(auth) opens, which V(_) stands for.
    type: str
    default: _
  state:
    description: Whether the deployments are to be there.
    type: str
    choices: [present, absent]
    default: present
  count:
    description: Number of deployments.
    type: int
    required: true
  first:
    description: Number of the first one.
    type: int
    default: 0
  prefix:
    description: Name of a deployment less its number.
    type: str
    default: namenode
  prune:
    description: Whether to remove the deployments with this prefix whose number is O(first) + O(count) or more.
    type: bool
    default: false
  jar:
    description: The jar, at most 36 MiB. Required if O(state=present).
    type: path
  main_class:
    description: Main class.
    type: str
    default: org.apache.hadoop.hdfs.serverless.OpenWhiskHandler
  kind:
    description: Kind of the actions. The platform has to offer it.
    type: str
    default: generic-namenode:10
  memory:
    description: Memory of a NameNode in MB.
    type: int
    default: 20000
  memory_parameter:
    description: Parameter of the action that tells a NameNode its memory; empty for none.
    type: str
    default: actionMemory
  concurrency:
    description: Requests that one NameNode serves at a time.
    type: int
    default: 4
  timeout:
    description: Milliseconds that a request may take. Without it a new deployment gets the platform's standard.
    type: int
  log_limit:
    description: MB of logs of one request. Without it a new deployment gets the platform's standard.
    type: int
  web:
    description:
      - Whether the deployments can be invoked over the web path without a key, as λFS clients do.
      - Their parameters cannot be overridden then.
    type: bool
    default: true
  parameters:
    description: Further parameters of the actions.
    type: dict
    default: {}
  annotations:
    description:
      - Further annotations. Ones that are neither given here nor made by this module or the platform are removed.
    type: dict
    default: {}
  verify:
    description:
      - Whether code, main class and parameters of every deployment are read from the server, instead of trusting the
        hashes in its annotations. This downloads the code of each.
    type: bool
    default: false
  parallel:
    description: Requests at a time.
    type: int
    default: 8
  settle_timeout:
    description: Seconds until the list of actions, which lags behind, has to show what was changed.
    type: float
    default: 60
extends_documentation_fragment:
  - lambdafs.cluster.attributes
  - lambdafs.cluster.whisk
seealso:
  - module: lambdafs.cluster.whisk_deployments_info
"""

EXAMPLES = r"""
- name: Register twenty deployments
  lambdafs.cluster.whisk_deployments:
    api_host: "{{ api_host }}"
    auth: "{{ auth }}"
    ca_file: /etc/openwhisk/ca.pem
    count: 20
    jar: /home/ubuntu/hadoop-hdfs-3.2.0.3-SNAPSHOT.jar

- name: Go down to ten, each with less memory
  lambdafs.cluster.whisk_deployments:
    api_host: "{{ api_host }}"
    auth: "{{ auth }}"
    count: 10
    prune: true
    memory: 10000
    jar: /home/ubuntu/hadoop-hdfs-3.2.0.3-SNAPSHOT.jar
"""

RETURN = r"""
created:
  description: Deployments that were made, or would be made in check mode.
  returned: success
  type: list
  elements: str
updated:
  description: Deployments that were changed, or would be changed in check mode.
  returned: success
  type: list
  elements: str
removed:
  description: Deployments that were removed, or would be removed in check mode.
  returned: success
  type: list
  elements: str
code_sent:
  description: Deployments that the jar was sent to, or would be sent to in check mode.
  returned: success
  type: list
  elements: str
equal:
  description: How many deployments were as they should be.
  returned: success
  type: int
deployments:
  description: The deployments with this prefix afterwards, in the order of their numbers; in check mode as they are.
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
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.lambdafs.cluster.plugins.module_utils.whisk_client import WhiskError
from ansible_collections.lambdafs.cluster.plugins.module_utils.whisk_module import CONNECTION, client_of
from ansible_collections.lambdafs.cluster.plugins.module_utils.whisk_registration import register, result_of


def main() -> None:
    """Register, report."""
    module = AnsibleModule(
        argument_spec={
            **CONNECTION,
            "namespace": {"type": "str", "default": "_"},
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
            "count": {"type": "int", "required": True},
            "first": {"type": "int", "default": 0},
            "prefix": {"type": "str", "default": "namenode"},
            "prune": {"type": "bool", "default": False},
            "jar": {"type": "path"},
            "main_class": {"type": "str", "default": "org.apache.hadoop.hdfs.serverless.OpenWhiskHandler"},
            "kind": {"type": "str", "default": "generic-namenode:10"},
            "memory": {"type": "int", "default": 20000},
            "memory_parameter": {"type": "str", "default": "actionMemory"},
            "concurrency": {"type": "int", "default": 4},
            "timeout": {"type": "int"},
            "log_limit": {"type": "int"},
            "web": {"type": "bool", "default": True},
            "parameters": {"type": "dict", "default": {}},
            "annotations": {"type": "dict", "default": {}},
            "verify": {"type": "bool", "default": False},
            "parallel": {"type": "int", "default": 8},
            "settle_timeout": {"type": "float", "default": 60},
        },
        required_if=[("state", "present", ["jar"])],
        supports_check_mode=True,
    )
    try:
        registration = register(client_of(module.params), module.params, module.check_mode)
    except (WhiskError, ValueError) as error:
        module.fail_json(msg=str(error))
    if registration.error:
        module.fail_json(msg=registration.error, **result_of(registration))
    module.exit_json(**result_of(registration))


if __name__ == "__main__":
    main()
