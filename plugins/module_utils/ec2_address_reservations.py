# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Keeps single addresses of subnets from being given to a VM that does not ask for them by name."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.errors import AWSErrorHandler
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.amazon.aws.plugins.module_utils.retries import AWSRetry
from ansible_collections.amazon.aws.plugins.module_utils.tagging import boto3_tag_specifications

EXPLICIT = "explicit"
"""The type of a reservation whose addresses AWS gives only to whom they are asked for."""

RESOURCE_TYPE = "subnet-cidr-reservation"

Address = Mapping[str, Any]


def is_reserved(address: str, reservations: Iterable[Mapping[str, Any]]) -> bool:
    """Whether one of a subnet's reservations, as AWS tells of them, keeps the address already."""
    wanted = ipaddress.ip_address(address)
    return any(
        wanted in ipaddress.ip_network(one["Cidr"]) for one in reservations if one["ReservationType"] == EXPLICIT
    )


def missing(addresses: Sequence[Address], reservations: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[Address]:
    """The addresses that nothing keeps yet.

    Args:
        addresses: dicts with `address` and `subnet_id`.
        reservations: subnet id to its reservations as AWS tells of them.
    """
    return [one for one in addresses if not is_reserved(one["address"], reservations[one["subnet_id"]])]


def reservations_of(client: Any, subnet_id: str) -> list[dict[str, Any]]:
    """Return the reservations of IPv4 addresses of a subnet, whoever made them.

    Raises AnsibleAWSError when AWS refuses or cannot be reached.
    """
    asking = AWSErrorHandler.common_error_handler(f"list the CIDR reservations of subnet {subnet_id}")
    found: list[dict[str, Any]] = []
    token: dict[str, str] = {}
    while True:
        answer = asking(AWSRetry.jittered_backoff()(client.get_subnet_cidr_reservations))(SubnetId=subnet_id, **token)
        found += answer.get("SubnetIpv4CidrReservations", [])
        if not answer.get("NextToken"):
            return found
        token = {"NextToken": answer["NextToken"]}


def reserve(client: Any, one: Address, tags: Mapping[str, str]) -> None:
    """Reserve an address.

    Raises AnsibleAWSError when AWS refuses or cannot be reached.
    """
    asking = AWSErrorHandler.common_error_handler(f"reserve {one['address']} in subnet {one['subnet_id']}")
    asking(AWSRetry.jittered_backoff()(client.create_subnet_cidr_reservation))(
        SubnetId=one["subnet_id"],
        Cidr=f"{one['address']}/32",
        ReservationType=EXPLICIT,
        Description=one["name"],
        TagSpecifications=boto3_tag_specifications({**tags, "Name": one["name"]}, types=RESOURCE_TYPE),
    )


def lines(addresses: Iterable[Address]) -> str:
    """Return one line for each address, for a diff."""
    return "".join(f"{one['address']} in {one['subnet_id']} for {one['name']}\n" for one in addresses)


def run(module: AnsibleAWSModule) -> dict[str, Any]:
    """Carry the module out and return its result.

    Raises AnsibleAWSError when AWS refuses or cannot be reached.
    """
    client = module.client("ec2")
    addresses = module.params["addresses"]
    subnets = {one["subnet_id"] for one in addresses}
    reservations = {subnet: reservations_of(client, subnet) for subnet in sorted(subnets)}
    made = missing(addresses, reservations)
    if not module.check_mode:
        for one in made:
            reserve(client, one, module.params["tags"])
    kept = [one for one in addresses if one not in made]
    return {
        "changed": bool(made),
        "reserved": [one["address"] for one in made],
        "diff": {"before": lines(kept), "after": lines([*kept, *made])},
    }
