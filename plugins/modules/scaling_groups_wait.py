#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Entry of the module scaling_groups_wait."""

from __future__ import annotations

DOCUMENTATION = r"""
module: scaling_groups_wait
version_added: 0.1.0
short_description: Wait until auto-scaling groups have just the VMs that they are to have
description:
  - Waits until each group has as many healthy VMs in service as it is to have, none on its way in or out, and no
    instance refresh under way.
  - When that takes too long, it fails with what is missing and what AWS says of the last activity that failed.
  - In check mode it looks once and waits for nothing.
author:
  - lambdafs.cluster developers (@lambdafs)
options:
  groups:
    description: Names of the auto-scaling groups, which must carry the cluster's tags.
    type: list
    elements: str
    required: true
  timeout:
    description: How many seconds to wait.
    type: int
    default: 600
extends_documentation_fragment:
  - lambdafs.cluster.deployment
  - lambdafs.cluster.attributes.info
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: Wait for the λFS clients
  lambdafs.cluster.scaling_groups_wait:
    region: us-east-1
    cluster_name: lambdafs
    groups: [lambda_fs_clients_ags]
"""

RETURN = r"""
states:
  description: Name of each group to how it is.
  returned: success
  type: dict
  contains:
    group:
      description: The group, with every key that AWS tells of one.
      type: dict
    refresh:
      description: Its latest instance refresh as AWS tells of it, empty when it never had one.
      type: dict
    lacks:
      description: What it still lacks, in check mode; otherwise empty.
      type: str
      sample: 2 of 3 VMs in service
"""

from ansible_collections.amazon.aws.plugins.module_utils.exceptions import AnsibleAWSError
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.lambdafs.cluster.plugins.module_utils.aws_deployment_kinds import OWNER_SPEC
from ansible_collections.lambdafs.cluster.plugins.module_utils.scaling_groups import wait


def main() -> None:
    """Run the module."""
    module = AnsibleAWSModule(
        argument_spec={
            **OWNER_SPEC,
            "groups": {"type": "list", "elements": "str", "required": True},
            "timeout": {"type": "int", "default": 600},
        },
        supports_check_mode=True,
    )
    try:
        module.exit_json(changed=False, **wait(module))
    except AnsibleAWSError as error:
        module.fail_json(msg=str(error))


if __name__ == "__main__":
    main()
