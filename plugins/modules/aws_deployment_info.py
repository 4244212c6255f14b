#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: aws_deployment_info
version_added: 0.1.0
short_description: List the AWS resources of a cluster
description:
  - Lists every AWS resource that carries the tags C(Cluster) and C(Project) of a cluster.
  - What Kubernetes made for O(eks_cluster_name) is known by Kubernetes' own tags, what the cluster has in IAM by its
    path C(/project/cluster_name/region/).
  - Terminated instances, deleted volumes and deleted NAT gateways are left out.
author:
  - lambdafs.cluster developers (@lambdafs)
options:
  kinds:
    description: The kinds of resources to list; all of them by default.
    type: list
    elements: str
    choices:
      - vpcs
      - subnets
      - internet_gateways
      - nat_gateways
      - elastic_ips
      - route_tables
      - security_groups
      - instances
      - volumes
      - network_interfaces
      - key_pairs
      - launch_templates
      - auto_scaling_groups
      - subnet_reservations
      - eks_clusters
      - eks_nodegroups
      - eks_addons
      - eks_access_entries
      - oidc_providers
      - iam_roles
      - instance_profiles
      - server_certificates
      - load_balancers
      - kubernetes_security_groups
      - kubernetes_volumes
      - kubernetes_network_interfaces
extends_documentation_fragment:
  - lambdafs.cluster.deployment
  - lambdafs.cluster.deployment.eks_cluster
  - lambdafs.cluster.attributes.info
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: List all that belongs to the cluster
  lambdafs.cluster.aws_deployment_info:
    region: us-east-1
    cluster_name: lambdafs
  register: deployment

- name: List the machines alone
  lambdafs.cluster.aws_deployment_info:
    region: us-east-1
    cluster_name: lambdafs
    kinds: [instances]
  register: machines
"""

RETURN = r"""
resources:
  description: The resources by kind, each kind a list ordered by name, with every key that AWS tells of a resource.
  returned: always
  type: dict
  contains:
    instances:
      description: One of the kinds; the others have the same common keys.
      returned: when the kind was asked for
      type: list
      elements: dict
      contains:
        id:
          description: Identifier of the resource.
          type: str
          sample: i-0123456789abcdef0
        name:
          description: Tag C(Name) of the resource, or what AWS calls it, or empty.
          type: str
          sample: lambdafs-zookeeper-0
        state:
          description: State of the resource, for kinds that have one.
          type: str
          sample: running
        tags:
          description: Tags of the resource.
          type: dict
          sample: {"Cluster": "lambdafs", "Project": "LambdaFS"}
total:
  description: Number of resources in all the kinds.
  returned: always
  type: int
  sample: 42
"""

from ansible_collections.amazon.aws.plugins.module_utils.exceptions import AnsibleAWSError
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.lambdafs.cluster.plugins.module_utils.aws_deployment_kinds import (
    EKS_SPEC,
    KIND_NAMES,
    OWNER_SPEC,
)
from ansible_collections.lambdafs.cluster.plugins.module_utils.aws_deployment_listing import (
    connect,
    list_resources,
    owner_of,
)


def main() -> None:
    """Run the module."""
    module = AnsibleAWSModule(
        argument_spec={
            **OWNER_SPEC,
            **EKS_SPEC,
            "kinds": {"type": "list", "elements": "str", "choices": list(KIND_NAMES)},
        },
        supports_check_mode=True,
    )
    kinds = module.params["kinds"] or list(KIND_NAMES)
    owner = owner_of(module)
    try:
        resources = list_resources(connect(module, kinds), kinds, owner)
    except AnsibleAWSError as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=False, resources=resources, total=sum(map(len, resources.values())))


if __name__ == "__main__":
    main()
