#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: eks_access_entry_info
version_added: 0.1.0
short_description: List access entries of an EKS cluster
description:
  - Describes access entries of an EKS cluster as AWS does, in snake_case; tags and labels keep their spelling.
  - What does not exist is left out, so that an empty list means that there is none.
author:
  - lambdafs.cluster developers (@lambdafs)
options:
  principal_arns:
    description: ARNs of the principals; all of the cluster by default.
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
- name: List access entries of an EKS cluster
  lambdafs.cluster.eks_access_entry_info:
    region: us-east-1
    cluster_name: lambda-fs-eks-cluster
  register: found
"""

RETURN = r"""
access_entries:
  description: The access entries of an EKS cluster.
  returned: success
  type: list
  elements: dict
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

from ansible_collections.lambdafs.cluster.plugins.module_utils.eks_access_entry import list_entries
from ansible_collections.lambdafs.cluster.plugins.module_utils.eks_common import run_info

ARGUMENT_SPEC = {
    "cluster_name": {"type": "str", "required": True},
    "principal_arns": {"type": "list", "elements": "str", "default": []},
}


def main() -> None:
    """Run the module."""
    run_info("eks", "access_entries", ARGUMENT_SPEC, list_entries)


if __name__ == "__main__":
    main()
