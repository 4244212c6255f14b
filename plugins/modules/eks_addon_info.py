#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: eks_addon_info
version_added: 0.1.0
short_description: List add-ons of an EKS cluster
description:
  - Describes add-ons of an EKS cluster as AWS does, in snake_case; tags and labels keep their spelling.
  - What does not exist is left out, so that an empty list means that there is none.
author:
  - lambdafs.cluster developers (@lambdafs)
options:
  names:
    description: Names of the add-ons; all of the cluster by default.
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
- name: List add-ons of an EKS cluster
  lambdafs.cluster.eks_addon_info:
    region: us-east-1
    cluster_name: lambda-fs-eks-cluster
  register: found
"""

RETURN = r"""
addons:
  description: The add-ons of an EKS cluster.
  returned: success
  type: list
  elements: dict
  contains:
    addon_name:
      description: Name of the add-on.
      type: str
      sample: coredns
    addon_version:
      description: Version of the add-on.
      type: str
      sample: v1.13.1-eksbuild.1
    addon_arn:
      description: ARN of the add-on.
      type: str
    status:
      description: V(CREATING), V(ACTIVE), V(UPDATING), V(DELETING), V(DEGRADED) or a failure.
      type: str
      sample: ACTIVE
    service_account_role_arn:
      description: Role of the add-on's service account, if it has one.
      type: str
    configuration_values:
      description: Configuration of the add-on, as JSON or YAML.
      type: str
    health:
      description: What EKS says is wrong, below C(issues).
      type: dict
    tags:
      description: Tags of the add-on.
      type: dict
"""

from ansible_collections.lambdafs.cluster.plugins.module_utils.eks_addon import list_addons
from ansible_collections.lambdafs.cluster.plugins.module_utils.eks_common import run_info

ARGUMENT_SPEC = {
    "cluster_name": {"type": "str", "required": True},
    "names": {"type": "list", "elements": "str", "default": []},
}


def main() -> None:
    """Run the module."""
    run_info("eks", "addons", ARGUMENT_SPEC, list_addons)


if __name__ == "__main__":
    main()
