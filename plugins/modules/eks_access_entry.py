#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: eks_access_entry
version_added: 0.1.0
short_description: Make, change or delete an access entry of an EKS cluster
description:
  - Gives an IAM principal access to the Kubernetes API of a cluster, by groups of Kubernetes or by EKS's policies.
  - What is not asked for stays as it is.
author:
  - lambdafs.cluster developers (@lambdafs)
options:
  principal_arn:
    description: ARN of the IAM role or user.
    type: str
    required: true
  state:
    description: Whether the access entry exists.
    type: str
    choices: [present, absent]
    default: present
  type:
    description: Type of the entry; never changed.
    type: str
    choices: [STANDARD, EC2_LINUX, EC2_WINDOWS, FARGATE_LINUX, EC2, HYBRID_LINUX, HYPERPOD_LINUX]
    default: STANDARD
  kubernetes_groups:
    description: Groups in Kubernetes that the principal is in; others are left.
    type: list
    elements: str
  username:
    description: Name of the principal in Kubernetes; if none is given, EKS makes one of the ARN.
    type: str
  policies:
    description: Access policies of EKS that the principal has.
    type: list
    elements: dict
    suboptions:
      policy_arn:
        description: ARN of the policy, such as V(arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy).
        type: str
        required: true
      scope:
        description: Where the policy holds.
        type: str
        choices: [cluster, namespace]
        default: cluster
      namespaces:
        description: Namespaces where the policy holds, if O(policies[].scope=namespace).
        type: list
        elements: str
        default: []
  purge_policies:
    description: Whether policies that O(policies) does not name are taken away.
    type: bool
    default: true
extends_documentation_fragment:
  - lambdafs.cluster.eks
  - lambdafs.cluster.attributes
  - amazon.aws.tags
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
seealso:
  - module: lambdafs.cluster.eks_access_entry_info
  - module: lambdafs.cluster.eks_cluster
"""

EXAMPLES = r"""
- name: Let a role administer the cluster
  lambdafs.cluster.eks_access_entry:
    region: us-east-1
    cluster_name: lambda-fs-eks-cluster
    principal_arn: arn:aws:iam::123456789012:role/operator
    policies:
      - policy_arn: arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy
"""

RETURN = r"""
access_entry:
  description: The access entry; none in check mode before it is made, and when it is deleted.
  returned: success
  type: dict
  contains:
    principal_arn:
      description: ARN of the IAM role or user.
      type: str
      sample: arn:aws:iam::123456789012:role/operator
    access_entry_arn:
      description: ARN of the access entry.
      type: str
    type:
      description: Type of the access entry.
      type: str
      sample: STANDARD
    kubernetes_groups:
      description: Groups in Kubernetes that the principal is in.
      type: list
      elements: str
    username:
      description: Name of the principal in Kubernetes.
      type: str
    associated_access_policies:
      description: Access policies of EKS, each with C(policy_arn) and C(access_scope).
      type: list
      elements: dict
    tags:
      description: Tags of the access entry.
      type: dict
"""

from ansible_collections.lambdafs.cluster.plugins.module_utils.eks_access_entry import TYPES, ensure_entry
from ansible_collections.lambdafs.cluster.plugins.module_utils.eks_common import run

POLICY_SPEC = {
    "policy_arn": {"type": "str", "required": True},
    "scope": {"type": "str", "choices": ["cluster", "namespace"], "default": "cluster"},
    "namespaces": {"type": "list", "elements": "str", "default": []},
}
ARGUMENT_SPEC = {
    "cluster_name": {"type": "str", "required": True},
    "principal_arn": {"type": "str", "required": True},
    "type": {"type": "str", "choices": list(TYPES), "default": "STANDARD"},
    "kubernetes_groups": {"type": "list", "elements": "str"},
    "username": {"type": "str"},
    "policies": {"type": "list", "elements": "dict", "options": POLICY_SPEC},
    "purge_policies": {"type": "bool", "default": True},
}


def main() -> None:
    """Run the module."""
    run("eks", "access_entry", ARGUMENT_SPEC, ensure_entry)


if __name__ == "__main__":
    main()
