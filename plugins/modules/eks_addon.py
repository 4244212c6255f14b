#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: eks_addon
version_added: 0.1.0
short_description: Make, change or delete an add-on of an EKS cluster
description:
  - Makes an add-on, or brings an existing one in step with what is asked for.
  - What is not asked for stays as it is; an add-on is never upgraded unasked.
author:
  - lambdafs.cluster developers (@lambdafs)
options:
  name:
    description: Name of the add-on, such as V(vpc-cni).
    type: str
    required: true
  state:
    description: Whether the add-on exists.
    type: str
    choices: [present, absent]
    default: present
  version:
    description: Version of the add-on; when it is made and nothing is asked for, EKS's default for the cluster.
    type: str
  resolve_conflicts:
    description:
      - What becomes of settings that somebody changed in the cluster.
      - V(none) refuses, V(overwrite) takes EKS's, V(preserve) keeps them.
    type: str
    choices: [none, overwrite, preserve]
    default: none
  service_account_role_arn:
    description: ARN of the role that the add-on's service account takes on.
    type: str
  configuration_values:
    description: Configuration of the add-on, in the add-on's own schema.
    type: dict
  preserve:
    description: Whether what the add-on has in the cluster stays when it is deleted.
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
  - module: lambdafs.cluster.eks_addon_info
  - module: lambdafs.cluster.eks_cluster
"""

EXAMPLES = r"""
- name: The driver of EBS volumes, with a role of its own
  lambdafs.cluster.eks_addon:
    region: us-east-1
    cluster_name: lambda-fs-eks-cluster
    name: aws-ebs-csi-driver
    resolve_conflicts: overwrite
    service_account_role_arn: arn:aws:iam::123456789012:role/lambdafs-us-east-1-eks-csi
    configuration_values:
      controller:
        extraVolumeTags:
          Project: LambdaFS
"""

RETURN = r"""
addon:
  description: The add-on; none in check mode before it is made, and when it is deleted.
  returned: success
  type: dict
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

from ansible_collections.lambdafs.cluster.plugins.module_utils.eks_addon import ensure_addon
from ansible_collections.lambdafs.cluster.plugins.module_utils.eks_common import run, wait_spec

ARGUMENT_SPEC = {
    "cluster_name": {"type": "str", "required": True},
    "name": {"type": "str", "required": True},
    "version": {"type": "str"},
    "resolve_conflicts": {"type": "str", "choices": ["none", "overwrite", "preserve"], "default": "none"},
    "service_account_role_arn": {"type": "str"},
    "configuration_values": {"type": "dict"},
    "preserve": {"type": "bool", "default": False},
    **wait_spec(1800),
}


def main() -> None:
    """Run the module."""
    run("eks", "addon", ARGUMENT_SPEC, ensure_addon)


if __name__ == "__main__":
    main()
