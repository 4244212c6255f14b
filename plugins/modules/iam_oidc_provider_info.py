#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: iam_oidc_provider_info
version_added: 0.1.0
short_description: List OpenID Connect providers of IAM
description:
  - Describes OpenID Connect providers of IAM as AWS does, in snake_case; tags and labels keep their spelling.
  - What does not exist is left out, so that an empty list means that there is none.
author:
  - lambdafs.cluster developers (@lambdafs)
options:
  urls:
    description: Issuers; those of all providers by default.
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
- name: List OpenID Connect providers of IAM
  lambdafs.cluster.iam_oidc_provider_info:
    region: us-east-1
  register: found
"""

RETURN = r"""
providers:
  description: The OpenID Connect providers of IAM.
  returned: success
  type: list
  elements: dict
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

from ansible_collections.lambdafs.cluster.plugins.module_utils.eks_common import run_info
from ansible_collections.lambdafs.cluster.plugins.module_utils.iam_oidc_provider import list_providers

ARGUMENT_SPEC = {"urls": {"type": "list", "elements": "str", "default": []}}


def main() -> None:
    """Run the module."""
    run_info("iam", "providers", ARGUMENT_SPEC, list_providers)


if __name__ == "__main__":
    main()
