#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Entry of the module scaling_groups_info."""

from __future__ import annotations

DOCUMENTATION = r"""
module: scaling_groups_info
version_added: 0.1.0
short_description: List a cluster's launch templates and auto-scaling groups, and where their VMs belong
description:
  - Lists launch templates and auto-scaling groups by name, and the subnets and security groups of the cluster.
author:
  - lambdafs.cluster developers (@lambdafs)
options:
  templates:
    description: Names of the launch templates.
    type: list
    elements: str
    required: true
  groups:
    description: Names of the auto-scaling groups.
    type: list
    elements: str
    required: true
extends_documentation_fragment:
  - lambdafs.cluster.deployment
  - lambdafs.cluster.attributes.info
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: List the scaling group of the λFS clients
  lambdafs.cluster.scaling_groups_info:
    region: us-east-1
    cluster_name: lambdafs
    templates: [lambda_fs_clients]
    groups: [lambda_fs_clients_ags]
  register: scaling
"""

RETURN = r"""
launch_templates:
  description:
    - The templates that carry the cluster's tags, with every key that AWS tells of a template, and as C(latest) the
      data of its latest version.
  returned: always
  type: list
  elements: dict
auto_scaling_groups:
  description: The groups that carry the cluster's tags, with every key that AWS tells of a group.
  returned: always
  type: list
  elements: dict
taken:
  description: What has one of the names and does not carry the cluster's tags.
  returned: always
  type: list
  elements: dict
  contains:
    kind:
      description: What it is.
      type: str
      sample: launch template
    name:
      description: Its name.
      type: str
      sample: lambda_fs_clients
    tags:
      description: Its tags.
      type: dict
      sample: {"Cluster": "other"}
subnets:
  description: The cluster's subnets.
  returned: always
  type: list
  elements: dict
security_groups:
  description: The cluster's security groups.
  returned: always
  type: list
  elements: dict
"""

from ansible_collections.amazon.aws.plugins.module_utils.exceptions import AnsibleAWSError
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.lambdafs.cluster.plugins.module_utils.aws_deployment_kinds import OWNER_SPEC
from ansible_collections.lambdafs.cluster.plugins.module_utils.scaling_groups import listing


def main() -> None:
    """Run the module."""
    module = AnsibleAWSModule(
        argument_spec={
            **OWNER_SPEC,
            "templates": {"type": "list", "elements": "str", "required": True},
            "groups": {"type": "list", "elements": "str", "required": True},
        },
        supports_check_mode=True,
    )
    try:
        module.exit_json(changed=False, **listing(module))
    except AnsibleAWSError as error:
        module.fail_json(msg=str(error))


if __name__ == "__main__":
    main()
