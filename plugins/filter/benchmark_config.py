# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The filter benchmark_config."""

from __future__ import annotations

DOCUMENTATION = r"""
name: benchmark_config
version_added: 0.1.0
short_description: Compose the benchmark utility's config.yaml
description:
  - Makes the utility's own settings of what the inventory knows. HopsFS's branch of the utility knows fewer of them.
author:
  - lambdafs.cluster developers (@lambdafs)
options:
  _input:
    description: >-
      C(system), V(lambdafs) or V(hopsfs); C(endpoint), the NameNode's URL; C(hdfs_site), a path on the driver;
      C(commander_executes); C(followers), a list of addresses; C(user), who they are logged in to as.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Show config.yaml
  ansible.builtin.debug:
    msg: >-
      {{ {'system': 'lambdafs', 'endpoint': 'hdfs://10.0.0.1:9000/', 'hdfs_site': '/etc/hadoop/hdfs-site.xml',
          'commander_executes': true, 'followers': ['10.0.0.2'], 'user': 'ubuntu'}
         | lambdafs.cluster.benchmark_config }}
"""

RETURN = r"""
_value:
  description: The content of the file.
  type: dict
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.lambdafs.cluster.plugins.module_utils.benchmark_config import benchmark_config


class FilterModule:
    """The filter by its name."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name and function."""
        return {"benchmark_config": benchmark_config}
