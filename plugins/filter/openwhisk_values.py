# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The filter openwhisk_values."""

from __future__ import annotations

DOCUMENTATION = r"""
name: openwhisk_values
short_description: Compose the values of OpenWhisk's chart
version_added: 0.1.0
author:
  - lambdafs.cluster developers (@lambdafs)
description:
  - Makes values in the names of openwhisk-deploy-kube out of typed settings.
positional: own
options:
  _input:
    description: The settings by their names in the role eks_openwhisk, without its prefix.
    type: dict
    required: true
  own:
    description: Values in the chart's own names, merged last.
    type: dict
    default: {}
"""

EXAMPLES = r"""
- name: Show the values of the release
  ansible.builtin.debug:
    msg: "{{ settings | lambdafs.cluster.openwhisk_values({'controller': {'loglevel': 'DEBUG'}}) }}"
"""

RETURN = r"""
_value:
  description: The values.
  type: dict
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.lambdafs.cluster.plugins.module_utils.openwhisk_values import openwhisk_values


class FilterModule:
    """The filters of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name to function."""
        return {"openwhisk_values": openwhisk_values}
