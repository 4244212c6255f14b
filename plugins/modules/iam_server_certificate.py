#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: iam_server_certificate
version_added: 0.1.0
short_description: Upload a server certificate to IAM under a name that follows its content
description:
  - Uploads a certificate with its key, unless it is there. IAM lets no certificate change, so another content gets
    another name, and both exist until nothing uses the first.
  - White space in the certificate, which IAM does not keep, makes no difference.
author:
  - lambdafs.cluster developers (@lambdafs)
options:
  path:
    description: Path of the certificates in IAM, with a slash at both ends.
    type: str
    required: true
  prefix:
    description: Name of the certificates less the digest of their content.
    type: str
    required: true
  state:
    description: Whether the certificate exists; V(absent) deletes all of this path and prefix.
    type: str
    choices: [present, absent]
    default: present
  certificate_file:
    description: The certificate (PEM).
    type: path
  chain_file:
    description: Certificates between it and the root (PEM).
    type: path
  key_file:
    description: Its key (PEM).
    type: path
  purge:
    description: Whether earlier certificates of this path and prefix are deleted; one in use is an error.
    type: bool
    default: false
extends_documentation_fragment:
  - lambdafs.cluster.attributes
  - amazon.aws.tags
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
notes:
  - Tags are set at the upload and not compared later.
"""

EXAMPLES = r"""
- name: Upload the certificate of the load balancer
  lambdafs.cluster.iam_server_certificate:
    path: /lambdafs/lambdafs/us-east-1/
    prefix: lambdafs-us-east-1-openwhisk
    certificate_file: tls.crt
    key_file: tls.key
"""

RETURN = r"""
certificate:
  description: The certificate; without a name and an ARN in check mode before the upload, none when deleted.
  returned: success
  type: dict
  contains:
    name:
      description: Its name.
      type: str
      sample: lambdafs-us-east-1-openwhisk-0123456789ab
    arn:
      description: Its ARN.
      type: str
    others:
      description: Names of further certificates of this path and prefix.
      type: list
      elements: str
"""

from ansible_collections.lambdafs.cluster.plugins.module_utils.eks_common import run
from ansible_collections.lambdafs.cluster.plugins.module_utils.iam_server_certificate import ensure_certificate

ARGUMENT_SPEC = {
    "path": {"type": "str", "required": True},
    "prefix": {"type": "str", "required": True},
    "certificate_file": {"type": "path"},
    "chain_file": {"type": "path"},
    "key_file": {"type": "path", "no_log": False},
    "purge": {"type": "bool", "default": False},
}


def main() -> None:
    """Run the module."""
    run(
        "iam",
        "certificate",
        ARGUMENT_SPEC,
        ensure_certificate,
        required_if=[("state", "present", ("certificate_file", "key_file"))],
    )


if __name__ == "__main__":
    main()
