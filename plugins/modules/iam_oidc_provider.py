#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: iam_oidc_provider
version_added: 0.1.0
short_description: Make, change or delete an OpenID Connect provider of IAM
description:
  - Makes the provider of an issuer, or brings an existing one in step with what is asked for.
  - With it, roles can trust tokens of the issuer, such as those of the service accounts of an EKS cluster.
author:
  - lambdafs.cluster developers (@lambdafs)
options:
  url:
    description: Issuer of the tokens, beginning with C(https://).
    type: str
    required: true
  state:
    description: Whether the provider exists.
    type: str
    choices: [present, absent]
    default: present
  client_ids:
    description: Audiences that tokens may have.
    type: list
    elements: str
    default: [sts.amazonaws.com]
  purge_client_ids:
    description: Whether audiences that O(client_ids) does not name are taken away.
    type: bool
    default: true
  thumbprints:
    description: Fingerprints (SHA-1) of certificates of the issuer; if none are given, IAM finds them itself.
    type: list
    elements: str
extends_documentation_fragment:
  - lambdafs.cluster.attributes
  - amazon.aws.tags
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
seealso:
  - module: lambdafs.cluster.iam_oidc_provider_info
"""

EXAMPLES = r"""
- name: Trust the service accounts of a cluster
  lambdafs.cluster.iam_oidc_provider:
    url: "{{ cluster.identity.oidc.issuer }}"
"""

RETURN = r"""
provider:
  description: The provider; none in check mode before it is made, and when it is deleted.
  returned: success
  type: dict
  contains:
    arn:
      description: ARN of the provider.
      type: str
    url:
      description: Issuer, without its scheme.
      type: str
      sample: oidc.eks.us-east-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF
    client_ids:
      description: Audiences that tokens may have.
      type: list
      elements: str
      sample: [sts.amazonaws.com]
    thumbprints:
      description: Fingerprints of the certificates of the issuer.
      type: list
      elements: str
    tags:
      description: Tags of the provider.
      type: dict
"""

from ansible_collections.lambdafs.cluster.plugins.module_utils.eks_common import run
from ansible_collections.lambdafs.cluster.plugins.module_utils.iam_oidc_provider import ensure_provider

ARGUMENT_SPEC = {
    "url": {"type": "str", "required": True},
    "client_ids": {"type": "list", "elements": "str", "default": ["sts.amazonaws.com"]},
    "purge_client_ids": {"type": "bool", "default": True},
    "thumbprints": {"type": "list", "elements": "str"},
}


def main() -> None:
    """Run the module."""
    run("iam", "provider", ARGUMENT_SPEC, ensure_provider)


if __name__ == "__main__":
    main()
