# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The servers of an ensemble as the inventory describes them, and what is wrong with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.lambdafs.cluster.plugins.module_utils.zookeeper_members import (
    ENSEMBLE_SIZES,
    Member,
    sizes,
)


@dataclass(frozen=True)
class Ports:
    """The TCP ports that every server of an ensemble uses."""

    client: int
    quorum: int
    election: int


def describe_server(name: str, variables: Mapping[str, Any], first_id: int, ports: Ports) -> dict[str, Any]:
    """One server by its inventory variables. `id` is None and `host` empty where the inventory has none.

    Args:
        name: the host's name in the inventory.
        variables: its variables: lambdafs_index, private_ip_address, ansible_host.
        first_id: id of the server whose index is 0.
        ports: the ensemble's ports.
    """
    index = str(variables.get("lambdafs_index", ""))
    server_id = first_id + int(index) if index.isdigit() else None
    address = str(variables.get("private_ip_address") or variables.get("ansible_host") or "")
    known = server_id is not None and address
    member = Member(server_id or 0, address, ports.quorum, ports.election, "participant", ports.client)
    return {
        "name": name,
        "id": server_id,
        "host": address,
        "port": ports.client,
        "line": member.line if known else "",
    }


def repeated(values: Iterable[Any]) -> list[str]:
    """The values that occur more than once, as text."""
    return [str(value) for value, times in Counter(values).items() if times > 1]


def problems(servers: Sequence[Mapping[str, Any]]) -> list[str]:
    """What keeps the servers from being an ensemble, one sentence each."""
    found: list[str] = []
    if len(servers) not in ENSEMBLE_SIZES:
        found.append(f"{len(servers)} ZooKeeper servers found, expected {sizes()}: change zookeeper_hosts")
    for server in servers:
        if server["id"] is None:
            found.append(f"{server['name']} has no lambdafs_index, expected a number: set its tag Index")
        if not server["host"]:
            found.append(f"{server['name']} has no private_ip_address and no ansible_host, expected an address")
    shared_ids = repeated(server["id"] for server in servers if server["id"] is not None)
    shared_hosts = repeated(server["host"] for server in servers if server["host"])
    found += [f"more than one server has id {value}, expected different indexes" for value in shared_ids]
    found += [f"more than one server has address {value}, expected different ones" for value in shared_hosts]
    return found


def describe_servers(
    names: Sequence[str], hostvars: Mapping[str, Mapping[str, Any]], first_id: int, ports: Mapping[str, int]
) -> list[dict[str, Any]]:
    """Every server of the inventory that is named, by id.

    Args:
        names: hosts of the inventory.
        hostvars: variables of every host.
        first_id: id of the server whose index is 0.
        ports: the fields of `Ports`.
    """
    known = Ports(**{name: int(port) for name, port in ports.items()})
    servers = [describe_server(name, hostvars[name], int(first_id), known) for name in names]
    return sorted(servers, key=lambda server: (server["id"] is None, server["id"] or 0))
