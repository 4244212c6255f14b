#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Entry of the module ec2_host_keys."""

from __future__ import annotations

DOCUMENTATION = r"""
module: ec2_host_keys
short_description: Learn the SSH host keys of a deployment's VMs without trusting the network
version_added: 0.1.0
author:
  - lambdafs.cluster developers (@lambdafs)
description:
  - Reads the host key of each VM from its console output, where cloud-init prints it at the first start, and
    writes a known_hosts file in which the instance id stands for the host. Give C(HostKeyAlias=<instance id>) to ssh.
  - A key that was learnt is kept in the VM's tag C(SshHostKey), so that other machines, and later runs when the
    console has forgotten it, need not ask the console.
options:
  path:
    description: The known_hosts file. Its folder is made when missing; lines of VMs that are gone are dropped.
    type: path
    required: true
  timeout:
    description: How many seconds to wait for the consoles to show the keys.
    type: int
    default: 600
extends_documentation_fragment:
  - lambdafs.cluster.deployment
  - lambdafs.cluster.attributes
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: Learn the host keys of the cluster's VMs
  lambdafs.cluster.ec2_host_keys:
    cluster_name: lambdafs
    project: LambdaFS
    path: ~/.local/state/lambdafs/lambdafs/known_hosts
"""

RETURN = r"""
learnt:
  description: Ids of the instances whose key was, or in check mode would be, learnt from the console.
  returned: always
  type: list
  elements: str
path:
  description: The known_hosts file.
  returned: always
  type: str
"""

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.lambdafs.cluster.plugins.module_utils.aws_deployment_kinds import OWNER_SPEC
from ansible_collections.lambdafs.cluster.plugins.module_utils.ec2_host_keys import run


def main() -> None:
    """Run the module."""
    module = AnsibleAWSModule(
        argument_spec={
            **OWNER_SPEC,
            "path": {"type": "path", "required": True},
            "timeout": {"type": "int", "default": 600},
        },
        supports_check_mode=True,
    )
    module.exit_json(**run(module))


if __name__ == "__main__":
    main()
