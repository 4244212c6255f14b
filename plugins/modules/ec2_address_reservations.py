#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Entry of the module ec2_address_reservations."""

from __future__ import annotations

DOCUMENTATION = r"""
module: ec2_address_reservations
version_added: 0.1.0
short_description: Reserve addresses of subnets for the VMs that ask for them
description:
  - Makes an explicit subnet CIDR reservation for each address, so that AWS gives it to no VM that does not ask for it.
  - An address that is in use may be reserved; whoever has it keeps it.
  - An address that lies in another explicit reservation needs none.
author:
  - lambdafs.cluster developers (@lambdafs)
options:
  addresses:
    description: The addresses.
    type: list
    elements: dict
    required: true
    suboptions:
      address:
        description: The IPv4 address.
        type: str
        required: true
      subnet_id:
        description: The subnet that holds it.
        type: str
        required: true
      name:
        description: Whom it is for, the reservation's description and its tag C(Name).
        type: str
        required: true
  tags:
    description: Tags of a reservation that is made.
    type: dict
    default: {}
extends_documentation_fragment:
  - lambdafs.cluster.attributes
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: Reserve the address of the first ZooKeeper VM
  lambdafs.cluster.ec2_address_reservations:
    region: us-east-1
    addresses:
      - address: 10.0.8.233
        subnet_id: subnet-0123456789abcdef0
        name: lambdafs-zookeeper-0
    tags:
      Project: LambdaFS
      Cluster: lambdafs
"""

RETURN = r"""
reserved:
  description: The addresses that were, or in check mode would be, reserved.
  returned: success
  type: list
  elements: str
  sample: ["10.0.8.233"]
"""

from ansible_collections.amazon.aws.plugins.module_utils.exceptions import AnsibleAWSError
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.lambdafs.cluster.plugins.module_utils.ec2_address_reservations import run


def main() -> None:
    """Run the module."""
    module = AnsibleAWSModule(
        argument_spec={
            "addresses": {
                "type": "list",
                "elements": "dict",
                "required": True,
                "options": {
                    "address": {"type": "str", "required": True},
                    "subnet_id": {"type": "str", "required": True},
                    "name": {"type": "str", "required": True},
                },
            },
            "tags": {"type": "dict", "default": {}},
        },
        supports_check_mode=True,
    )
    try:
        module.exit_json(**run(module))
    except AnsibleAWSError as error:
        module.fail_json(msg=str(error))


if __name__ == "__main__":
    main()
