# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Filter for ZooKeeper's servers: the inventory's hosts as ids, addresses and server lines."""

from __future__ import annotations

DOCUMENTATION = r"""
name: zookeeper_servers
version_added: 0.1.0
short_description: Describe the servers of a ZooKeeper ensemble by the inventory
description:
  - Makes of host names the list that M(lambdafs.cluster.zookeeper_info) asks, with every server's id and server line.
  - The id comes from the host's C(lambdafs_index), never from its place in the list.
author:
  - lambdafs.cluster developers (@lambdafs)
positional: hostvars
options:
  _input:
    description: Names of hosts in the inventory.
    type: list
    elements: str
    required: true
  hostvars:
    description: Variables of all hosts.
    type: dict
    required: true
  first_id:
    description: Id of the server whose index is 0.
    type: int
    default: 0
  ports:
    description: The ports C(client), C(quorum) and C(election).
    type: dict
    default: {client: 2181, quorum: 2888, election: 3888}
"""

EXAMPLES = r"""
- name: Show the ensemble
  ansible.builtin.debug:
    msg: "{{ groups['zookeeper'] | lambdafs.cluster.zookeeper_servers(hostvars) }}"
"""

RETURN = r"""
_value:
  description: One dictionary a server, by id. C(id) is null and C(host) empty where the inventory does not tell.
  type: list
  elements: dict
  sample:
    - name: zookeeper-0
      id: 0
      host: 10.0.8.233
      port: 2181
      line: server.0=10.0.8.233:2888:3888:participant;2181
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible_collections.lambdafs.cluster.plugins.module_utils.zookeeper_inventory import describe_servers

DEFAULT_PORTS = {"client": 2181, "quorum": 2888, "election": 3888}


def zookeeper_servers(
    names: Sequence[str],
    hostvars: Mapping[str, Mapping[str, Any]],
    first_id: int = 0,
    ports: Mapping[str, int] | None = None,
) -> list[dict[str, Any]]:
    """See DOCUMENTATION."""
    return describe_servers(names, hostvars, first_id, ports or DEFAULT_PORTS)


class FilterModule:
    """The filter by its name."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name and function."""
        return {"zookeeper_servers": zookeeper_servers}
