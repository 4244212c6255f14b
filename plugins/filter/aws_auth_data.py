# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The filter aws_auth_data."""

from __future__ import annotations

DOCUMENTATION = r"""
name: aws_auth_data
short_description: Name administrators in the ConfigMap aws-auth
version_added: 0.1.0
author:
  - lambdafs.cluster developers (@lambdafs)
description:
  - Adds IAM principals as administrators and keeps every other entry.
positional: principals
options:
  _input:
    description: Data of the ConfigMap C(aws-auth) in namespace C(kube-system).
    type: dict
    required: true
  principals:
    description: ARNs of IAM roles and users.
    type: list
    elements: str
    required: true
"""

EXAMPLES = r"""
- name: Show the data with one more administrator
  ansible.builtin.debug:
    msg: "{{ map.data | lambdafs.cluster.aws_auth_data(['arn:aws:iam::123456789012:role/operator']) }}"
"""

RETURN = r"""
_value:
  description: Data of the ConfigMap.
  type: dict
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.lambdafs.cluster.plugins.module_utils.aws_auth import aws_auth_data


class FilterModule:
    """The filters of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name to function."""
        return {"aws_auth_data": aws_auth_data}
