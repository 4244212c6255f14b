#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: aws_deployment_teardown
version_added: 0.1.0
short_description: Remove the AWS resources of a cluster
description:
  - Removes every AWS resource that carries the tags C(Cluster) and C(Project) of a cluster, and nothing else,
    stage after stage, what needs no order at the same time.
  - An interrupted run is finished by running the module again.
  - A resource that cannot be removed does not keep the others; the module then fails and names what holds it.
author:
  - lambdafs.cluster developers (@lambdafs)
options:
  stages:
    description:
      - The stages to go through; all of them by default.
      - They always run in the order C(groups), C(machines), C(balancers), C(identities), C(attachments), C(routing),
        C(subnets), C(vpcs).
    type: list
    elements: str
    choices: [groups, machines, balancers, identities, attachments, routing, subnets, vpcs]
  wait_timeout:
    description: Seconds that instances, NAT gateways, groups, and EKS clusters with their node groups get to end.
    type: int
    default: 900
  release_timeout:
    description: Seconds that a resource which is still in use gets to become free.
    type: int
    default: 120
extends_documentation_fragment:
  - lambdafs.cluster.deployment
  - lambdafs.cluster.deployment.eks_cluster
  - lambdafs.cluster.attributes
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: See what would be removed
  lambdafs.cluster.aws_deployment_teardown:
    region: us-east-1
    cluster_name: lambdafs
  check_mode: true
  register: teardown

- name: Remove the cluster
  lambdafs.cluster.aws_deployment_teardown:
    region: us-east-1
    cluster_name: lambdafs
"""

RETURN = r"""
plan:
  description: The resources that were found, in the order in which they are removed.
  returned: always
  type: list
  elements: dict
  contains:
    stage:
      description: The stage in which the resource goes.
      type: str
      sample: machines
    action:
      description: What becomes of the resource.
      type: str
      sample: terminate
    kind:
      description: Kind of the resource.
      type: str
      sample: instances
    id:
      description: Identifier of the resource.
      type: str
      sample: i-0123456789abcdef0
    name:
      description: Name of the resource.
      type: str
      sample: lambdafs-zookeeper-0
    text:
      description: The step in one line.
      type: str
      sample: terminate instance i-0123456789abcdef0 (lambdafs-zookeeper-0, running)
stages:
  description: The stages that have something to remove, in order.
  returned: always
  type: list
  elements: dict
  contains:
    name:
      description: Name of the stage.
      type: str
      sample: machines
    text:
      description: What the stage removes.
      type: str
      sample: terminate 3 instances, delete 1 NAT gateway
left:
  description: The resources that could not be removed.
  returned: when not in check mode
  type: list
  elements: dict
  contains:
    kind:
      description: Kind of the resource.
      type: str
      sample: subnets
    id:
      description: Identifier of the resource.
      type: str
      sample: subnet-0123456789abcdef0
    name:
      description: Name of the resource.
      type: str
      sample: lambdafs-public-0
    reason:
      description: Why it stays.
      type: str
      sample: "delete_subnet: DependencyViolation: in use, held by network interface eni-0123456789abcdef0 (available)"
    text:
      description: Resource and reason in one line.
      type: str
untagged_addresses:
  description: Addresses of the cluster's NAT gateways that stay allocated since they do not carry its tags.
  returned: always
  type: list
  elements: str
"""

from ansible_collections.amazon.aws.plugins.module_utils.exceptions import AnsibleAWSError
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.lambdafs.cluster.plugins.module_utils.aws_deployment_kinds import EKS_SPEC, OWNER_SPEC
from ansible_collections.lambdafs.cluster.plugins.module_utils.aws_deployment_listing import owner_of
from ansible_collections.lambdafs.cluster.plugins.module_utils.aws_deployment_plan import STAGES
from ansible_collections.lambdafs.cluster.plugins.module_utils.aws_deployment_removal import teardown


def main() -> None:
    """Run the module."""
    module = AnsibleAWSModule(
        argument_spec={
            **OWNER_SPEC,
            **EKS_SPEC,
            "stages": {"type": "list", "elements": "str", "choices": list(STAGES)},
            "wait_timeout": {"type": "int", "default": 900},
            "release_timeout": {"type": "int", "default": 120},
        },
        supports_check_mode=True,
    )
    try:
        result = teardown(module, owner_of(module))
    except AnsibleAWSError as error:
        module.fail_json(msg=str(error))
    if result.get("left"):
        module.fail_json(msg="; ".join(left["text"] for left in result["left"]), **result)
    module.exit_json(**result)


if __name__ == "__main__":
    main()
