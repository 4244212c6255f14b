#!/usr/bin/python
# Copyright: (c) lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: aws_preflight_info
short_description: Check that an AWS account can take a deployment
version_added: 0.1.0
description:
  - Reads the account and reports every reason why the asked VMs could not be made, one line each.
  - Checked are credentials, region, availability zones, instance types and their memory, AMIs, the vCPU and Elastic IP
    quotas, and the key pair.
  - With an EKS cluster, that its Kubernetes version is offered, and, when it runs, that the principal administers it.
  - A quota that cannot be read is a warning.
  - Finds the newest official Ubuntu LTS for each tier that names no AMI.
author:
  - lambdafs.cluster developers (@lambdafs)
options:
  cluster_name:
    description: Value of the tag C(Cluster) of what exists already for this deployment, which is not counted twice.
    type: str
    required: true
  tiers:
    description: The VMs that the account must be able to run.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: What messages and the result call the tier.
        type: str
        required: true
      count:
        description: How many VMs; a tier of 0 is never a problem.
        type: int
        required: true
      instance_type:
        description: EC2 instance type.
        type: str
        required: true
      image_id:
        description: AMI; empty for the newest Ubuntu LTS of the instance type's architecture.
        type: str
        default: ''
      memory_mib:
        description:
          - Memory in MiB that the settings make the tier's software take of each VM.
          - More than the instance type has is a problem; 0 is not looked at.
        type: int
        default: 0
      managed:
        description: Whether AWS chooses the AMI, as it does for a node group of EKS.
        type: bool
        default: false
  availability_zones:
    description: Zones that must be available; empty for any.
    type: list
    elements: str
    default: []
  zone_count:
    description: How many zones are needed.
    type: int
    default: 2
  ubuntu_release:
    description: Release such as V(22.04); empty for the newest LTS.
    type: str
    default: ''
  key_name:
    description: EC2 key pair to look at; empty for none.
    type: str
    default: ''
  public_key:
    description: Text of the public key that the key pair must hold, or will be made of.
    type: str
    default: ''
  elastic_ips:
    description: How many Elastic IPs the deployment needs in all.
    type: int
    default: 0
  eks_cluster:
    description: Name of the EKS cluster that is made, or looked at; empty for none.
    type: str
    default: ''
  eks_version:
    description: Kubernetes version that EKS must offer for it.
    type: str
    default: ''
  fail:
    description: Whether a problem makes the task fail.
    type: bool
    default: true
extends_documentation_fragment:
  - lambdafs.cluster.attributes.info
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
seealso:
  - module: lambdafs.cluster.validate_settings
"""

EXAMPLES = r"""
- name: Check that three ZooKeeper servers can be made
  lambdafs.cluster.aws_preflight_info:
    region: eu-central-1
    cluster_name: lambdafs
    tiers:
      - name: zookeeper
        count: 3
        instance_type: r5.4xlarge
    key_name: lambdafs-key
    public_key: "{{ lookup('ansible.builtin.file', '~/.ssh/id_ed25519.pub') }}"
"""

RETURN = r"""
problems:
  description: One line for each reason why the deployment would fail, with what was found, expected and to be done.
  returned: always
  type: list
  elements: str
warnings:
  description: What could not be checked.
  returned: when there is any
  type: list
  elements: str
account_id:
  description: Id of the AWS account; empty when the credentials are refused.
  returned: success
  type: str
  sample: '123456789012'
zones:
  description: Names of the availability zones to use.
  returned: success
  type: list
  elements: str
  sample: [us-east-1a, us-east-1b]
images:
  description: The AMI of each tier; its values are empty where there is none.
  returned: success
  type: dict
  sample:
    zookeeper:
      id: ami-0700bf4465e5fd16d
      name: lambdafs-zookeeper
      root_device_name: /dev/sda1
      architecture: x86_64
"""

from dataclasses import asdict

from ansible.module_utils.common.warnings import warn
from ansible_collections.amazon.aws.plugins.module_utils.botocore import get_aws_connection_info
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.lambdafs.cluster.plugins.module_utils.aws_preflight import Tier
from ansible_collections.lambdafs.cluster.plugins.module_utils.aws_preflight_api import (
    Account,
    Refusal,
    Report,
    Wanted,
    examine,
)

ARGUMENT_SPEC = {
    "cluster_name": {"type": "str", "required": True},
    "tiers": {
        "type": "list",
        "elements": "dict",
        "required": True,
        "options": {
            "name": {"type": "str", "required": True},
            "count": {"type": "int", "required": True},
            "instance_type": {"type": "str", "required": True},
            "image_id": {"type": "str", "default": ""},
            "memory_mib": {"type": "int", "default": 0},
            "managed": {"type": "bool", "default": False},
        },
    },
    "availability_zones": {"type": "list", "elements": "str", "default": []},
    "zone_count": {"type": "int", "default": 2},
    "ubuntu_release": {"type": "str", "default": ""},
    "key_name": {"type": "str", "default": "", "no_log": False},
    "public_key": {"type": "str", "default": "", "no_log": False},
    "elastic_ips": {"type": "int", "default": 0},
    "eks_cluster": {"type": "str", "default": ""},
    "eks_version": {"type": "str", "default": ""},
    "fail": {"type": "bool", "default": True},
}


def examine_account(module: AnsibleAWSModule) -> Report:
    """Open the account that the module's parameters and environment name, and examine it."""
    params = module.params
    region, endpoint_url, connection = get_aws_connection_info(module)
    wanted = Wanted(
        cluster_name=params["cluster_name"],
        tiers=[Tier(**tier) for tier in params["tiers"]],
        zones=params["availability_zones"],
        zone_count=params["zone_count"],
        ubuntu_release=params["ubuntu_release"],
        key_name=params["key_name"],
        public_key=params["public_key"],
        elastic_ips=params["elastic_ips"],
        eks_cluster=params["eks_cluster"],
        eks_version=params["eks_version"],
    )
    try:
        return examine(Account(region or "", endpoint_url, connection), wanted)
    except Refusal as refusal:
        return Report(problems=[str(refusal)])


def main() -> None:
    """Run the module."""
    module = AnsibleAWSModule(argument_spec=ARGUMENT_SPEC, supports_check_mode=True)
    report = examine_account(module)
    for warning in report.warnings:
        warn(warning)
    if report.problems and module.params["fail"]:
        module.fail_json(msg="\n".join(report.problems), problems=report.problems)
    module.exit_json(
        changed=False,
        problems=report.problems,
        account_id=report.account_id,
        zones=report.zones,
        images={tier: asdict(image) for tier, image in report.images.items()},
    )


if __name__ == "__main__":
    main()
