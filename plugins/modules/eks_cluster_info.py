#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: eks_cluster_info
version_added: 0.1.0
short_description: List EKS clusters
description:
  - Describes EKS clusters as AWS does, in snake_case; tags and labels keep their spelling.
  - What does not exist is left out, so that an empty list means that there is none.
author:
  - lambdafs.cluster developers (@lambdafs)
options:
  names:
    description: Names of the clusters; all of the region by default.
    type: list
    elements: str
    default: []
extends_documentation_fragment:
  - lambdafs.cluster.attributes.info
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: List EKS clusters
  lambdafs.cluster.eks_cluster_info:
    region: us-east-1
    names: [lambda-fs-eks-cluster]
  register: found
"""

RETURN = r"""
clusters:
  description: The EKS clusters.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: Name of the cluster.
      type: str
      sample: lambda-fs-eks-cluster
    status:
      description: V(CREATING), V(ACTIVE), V(UPDATING), V(DELETING) or V(FAILED).
      type: str
      sample: ACTIVE
    version:
      description: Kubernetes version.
      type: str
      sample: "1.35"
    endpoint:
      description: URL of the Kubernetes API; there once the cluster is active.
      type: str
    certificate_authority:
      description: Certificate of the Kubernetes API's own authority, in Base64 below C(data).
      type: dict
    identity:
      description: Issuer of the service accounts' tokens, below C(oidc.issuer).
      type: dict
    arn:
      description: ARN of the cluster.
      type: str
    resources_vpc_config:
      description: Subnets, security groups and endpoint access.
      type: dict
    tags:
      description: Tags of the cluster.
      type: dict
"""

from ansible_collections.lambdafs.cluster.plugins.module_utils.eks_cluster import list_clusters
from ansible_collections.lambdafs.cluster.plugins.module_utils.eks_common import run_info

ARGUMENT_SPEC = {"names": {"type": "list", "elements": "str", "default": []}}


def main() -> None:
    """Run the module."""
    run_info("eks", "clusters", ARGUMENT_SPEC, list_clusters)


if __name__ == "__main__":
    main()
