#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: eks_cluster
version_added: 0.1.0
short_description: Make, change or delete an EKS cluster
description:
  - Makes an EKS cluster, or brings an existing one in step with what is asked for.
  - What is not asked for stays as it is.
  - EKS carries out one change at a time; the module waits in between.
author:
  - lambdafs.cluster developers (@lambdafs)
options:
  name:
    description: Name of the cluster.
    type: str
    required: true
  state:
    description: Whether the cluster exists.
    type: str
    choices: [present, absent]
    default: present
  version:
    description:
      - Kubernetes version.
      - A cluster is raised by one minor version at a time, and never taken back.
    type: str
  role_arn:
    description: ARN of the role that the control plane takes on; needed if O(state=present), and never changed.
    type: str
  subnets:
    description: Ids of the subnets that the control plane has interfaces in; needed if O(state=present).
    type: list
    elements: str
  security_groups:
    description: Ids of further security groups of those interfaces.
    type: list
    elements: str
  endpoint_public_access:
    description: Whether the Kubernetes API is reached from the internet.
    type: bool
  endpoint_private_access:
    description: Whether the Kubernetes API is reached from inside the VPC.
    type: bool
  public_access_cidrs:
    description: Address ranges that reach the public endpoint.
    type: list
    elements: str
  logging:
    description: Logs of the control plane that go to CloudWatch; an empty list switches all off.
    type: list
    elements: str
    choices: [api, audit, authenticator, controllerManager, scheduler]
  authentication_mode:
    description: Where the cluster finds who has access; AWS never takes away V(API) again.
    type: str
    choices: [API, API_AND_CONFIG_MAP, CONFIG_MAP]
  creator_is_admin:
    description: Whether the principal that makes the cluster administers it; looked at only then.
    type: bool
    default: true
extends_documentation_fragment:
  - lambdafs.cluster.eks.wait
  - lambdafs.cluster.attributes
  - amazon.aws.tags
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
seealso:
  - module: lambdafs.cluster.eks_cluster_info
  - module: lambdafs.cluster.eks_nodegroup
"""

EXAMPLES = r"""
- name: Ask for a cluster and go on
  lambdafs.cluster.eks_cluster:
    region: us-east-1
    name: lambda-fs-eks-cluster
    version: "1.35"
    role_arn: arn:aws:iam::123456789012:role/lambdafs-us-east-1-eks
    subnets: [subnet-0a, subnet-0b]
    endpoint_private_access: true
    wait: false

- name: Raise it to the next Kubernetes version
  lambdafs.cluster.eks_cluster:
    region: us-east-1
    name: lambda-fs-eks-cluster
    role_arn: arn:aws:iam::123456789012:role/lambdafs-us-east-1-eks
    subnets: [subnet-0a, subnet-0b]
    version: "1.36"

- name: Delete it
  lambdafs.cluster.eks_cluster:
    region: us-east-1
    name: lambda-fs-eks-cluster
    state: absent
"""

RETURN = r"""
cluster:
  description: The cluster; none in check mode before it is made, and when it is deleted.
  returned: success
  type: dict
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

from ansible_collections.lambdafs.cluster.plugins.module_utils.eks_cluster import (
    AUTHENTICATION_MODES,
    LOG_TYPES,
    ensure_cluster,
)
from ansible_collections.lambdafs.cluster.plugins.module_utils.eks_common import run, wait_spec

ARGUMENT_SPEC = {
    "name": {"type": "str", "required": True},
    "version": {"type": "str"},
    "role_arn": {"type": "str"},
    "subnets": {"type": "list", "elements": "str"},
    "security_groups": {"type": "list", "elements": "str"},
    "endpoint_public_access": {"type": "bool"},
    "endpoint_private_access": {"type": "bool"},
    "public_access_cidrs": {"type": "list", "elements": "str"},
    "logging": {"type": "list", "elements": "str", "choices": list(LOG_TYPES)},
    "authentication_mode": {"type": "str", "choices": list(AUTHENTICATION_MODES)},
    "creator_is_admin": {"type": "bool", "default": True},
    **wait_spec(1800),
}


def main() -> None:
    """Run the module."""
    run("eks", "cluster", ARGUMENT_SPEC, ensure_cluster, required_if=[("state", "present", ("role_arn", "subnets"))])


if __name__ == "__main__":
    main()
