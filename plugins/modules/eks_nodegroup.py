#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: eks_nodegroup
version_added: 0.1.0
short_description: Make, change or delete a node group of an EKS cluster
description:
  - Makes a managed node group, or brings an existing one in step with what is asked for.
  - What is not asked for stays as it is. What AWS never changes is refused, with what it has.
author:
  - lambdafs.cluster developers (@lambdafs)
options:
  name:
    description: Name of the node group.
    type: str
    required: true
  state:
    description: Whether the node group exists.
    type: str
    choices: [present, absent]
    default: present
  node_role:
    description: ARN of the role that the nodes take on; needed if O(state=present), and never changed.
    type: str
  subnets:
    description: Ids of the subnets of the nodes; needed if O(state=present), and never changed.
    type: list
    elements: str
  instance_types:
    description: EC2 instance types of the nodes; never changed.
    type: list
    elements: str
  ami_type:
    description: AMI type as EKS calls it, such as V(AL2023_x86_64_STANDARD); never changed.
    type: str
  capacity_type:
    description: Kind of capacity; never changed.
    type: str
    choices: [ON_DEMAND, SPOT]
  disk_size:
    description: Size in GiB of the nodes' root volumes; never changed.
    type: int
  min_size:
    description: Least number of nodes.
    type: int
  max_size:
    description: Greatest number of nodes.
    type: int
  desired_size:
    description: Number of nodes; moved into the range of O(min_size) to O(max_size).
    type: int
  desired_size_tag:
    description:
      - Tag of the node group that remembers the O(desired_size) that was asked for last.
      - While O(desired_size) is what the tag says, another number of live nodes is an autoscaler's choice and stays.
      - If empty, the live number is always made O(desired_size).
    type: str
    default: ''
  labels:
    description: Labels of the nodes; others are removed.
    type: dict
  taints:
    description: Taints of the nodes; others are removed.
    type: list
    elements: dict
    suboptions:
      key:
        description: Key of the taint.
        type: str
        required: true
      value:
        description: Value of the taint.
        type: str
      effect:
        description: What the taint does.
        type: str
        choices: [NO_SCHEDULE, NO_EXECUTE, PREFER_NO_SCHEDULE]
        required: true
  max_unavailable:
    description: Number of nodes that an update may replace at the same time.
    type: int
  version:
    description: Kubernetes version of the nodes; the cluster's, when it is made and nothing is asked for.
    type: str
  force:
    description: Whether a change of O(version) evicts pods that a disruption budget protects.
    type: bool
    default: false
extends_documentation_fragment:
  - lambdafs.cluster.eks
  - lambdafs.cluster.eks.wait
  - lambdafs.cluster.attributes
  - amazon.aws.tags
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
seealso:
  - module: lambdafs.cluster.eks_nodegroup_info
  - module: lambdafs.cluster.eks_cluster
"""

EXAMPLES = r"""
- name: Three core nodes, which an autoscaler may take to six
  lambdafs.cluster.eks_nodegroup:
    region: us-east-1
    cluster_name: lambda-fs-eks-cluster
    name: core-nodes
    node_role: arn:aws:iam::123456789012:role/lambdafs-us-east-1-eks-node
    subnets: [subnet-0a, subnet-0b]
    instance_types: [r5.xlarge]
    min_size: 0
    max_size: 6
    desired_size: 3
    desired_size_tag: DesiredSize
    labels:
      openwhisk-role: core
"""

RETURN = r"""
nodegroup:
  description: The node group; none in check mode before it is made, and when it is deleted.
  returned: success
  type: dict
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

from ansible_collections.lambdafs.cluster.plugins.module_utils.eks_common import run, wait_spec
from ansible_collections.lambdafs.cluster.plugins.module_utils.eks_nodegroup import EFFECTS, ensure_nodegroup

TAINT_SPEC = {
    "key": {"type": "str", "required": True, "no_log": False},
    "value": {"type": "str"},
    "effect": {"type": "str", "choices": list(EFFECTS), "required": True},
}
ARGUMENT_SPEC = {
    "cluster_name": {"type": "str", "required": True},
    "name": {"type": "str", "required": True},
    "node_role": {"type": "str"},
    "subnets": {"type": "list", "elements": "str"},
    "instance_types": {"type": "list", "elements": "str"},
    "ami_type": {"type": "str"},
    "capacity_type": {"type": "str", "choices": ["ON_DEMAND", "SPOT"]},
    "disk_size": {"type": "int"},
    "min_size": {"type": "int"},
    "max_size": {"type": "int"},
    "desired_size": {"type": "int"},
    "desired_size_tag": {"type": "str", "default": ""},
    "labels": {"type": "dict"},
    "taints": {"type": "list", "elements": "dict", "options": TAINT_SPEC},
    "max_unavailable": {"type": "int"},
    "version": {"type": "str"},
    "force": {"type": "bool", "default": False},
    **wait_spec(1800),
}


def main() -> None:
    """Run the module."""
    run(
        "eks",
        "nodegroup",
        ARGUMENT_SPEC,
        ensure_nodegroup,
        required_if=[("state", "present", ("node_role", "subnets"))],
    )


if __name__ == "__main__":
    main()
