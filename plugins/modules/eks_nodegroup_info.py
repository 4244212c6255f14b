#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: eks_nodegroup_info
version_added: 0.1.0
short_description: List node groups of an EKS cluster
description:
  - Describes node groups of an EKS cluster as AWS does, in snake_case; tags and labels keep their spelling.
  - What does not exist is left out, so that an empty list means that there is none.
author:
  - lambdafs.cluster developers (@lambdafs)
options:
  names:
    description: Names of the node groups; all of the cluster by default.
    type: list
    elements: str
    default: []
extends_documentation_fragment:
  - lambdafs.cluster.eks
  - lambdafs.cluster.attributes.info
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: List node groups of an EKS cluster
  lambdafs.cluster.eks_nodegroup_info:
    region: us-east-1
    cluster_name: lambda-fs-eks-cluster
  register: found
"""

RETURN = r"""
nodegroups:
  description: The node groups of an EKS cluster.
  returned: success
  type: list
  elements: dict
  contains:
    nodegroup_name:
      description: Name of the node group.
      type: str
      sample: core-nodes
    nodegroup_arn:
      description: ARN of the node group.
      type: str
    status:
      description: V(CREATING), V(ACTIVE), V(UPDATING), V(DELETING), V(DEGRADED) or a failure.
      type: str
      sample: ACTIVE
    scaling_config:
      description: C(min_size), C(max_size) and C(desired_size).
      type: dict
    labels:
      description: Labels of the nodes.
      type: dict
    taints:
      description: Taints of the nodes.
      type: list
      elements: dict
    health:
      description: What EKS says is wrong, below C(issues).
      type: dict
    tags:
      description: Tags of the node group.
      type: dict
"""

from ansible_collections.lambdafs.cluster.plugins.module_utils.eks_common import run_info
from ansible_collections.lambdafs.cluster.plugins.module_utils.eks_nodegroup import list_nodegroups

ARGUMENT_SPEC = {
    "cluster_name": {"type": "str", "required": True},
    "names": {"type": "list", "elements": "str", "default": []},
}


def main() -> None:
    """Run the module."""
    run_info("eks", "nodegroups", ARGUMENT_SPEC, list_nodegroups)


if __name__ == "__main__":
    main()
