# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What has to be done to a deployment's VMs, decided from its settings and from what EC2 lists.

Nothing here talks to AWS: tiers, subnets and instances come in as plain data, a plan goes out.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from typing import Any

Instance = Mapping[str, Any]
Tier = Mapping[str, Any]

LIVE_STATES = frozenset({"pending", "running", "stopping", "stopped"})
"""States of an instance that will run, or can be made to run, again."""

DATA_DEVICE = "/dev/sdf"
"""The first of the names that AWS recommends for EBS data volumes (sdf to sdp)."""


def quorum(count: int) -> int:
    """How many of `count` members are a majority."""
    return count // 2 + 1


def subnet_of(address: str, subnets: Mapping[str, str]) -> str | None:
    """The id of the subnet whose CIDR holds `address`; `subnets` maps CIDR to id."""
    wanted = ipaddress.ip_address(address)
    return next((key for cidr, key in subnets.items() if wanted in ipaddress.ip_network(cidr)), None)


def tier_instances(tier: Tier, instances: Sequence[Instance]) -> tuple[dict[int, Instance], list[str]]:
    """The live instances of one tier by their tag `Index`, and a line for each that has none of its own."""
    found: dict[int, Instance] = {}
    problems = []
    for instance in instances:
        tags = instance["tags"]
        if tags.get("Component") != tier["component"] or instance["state"] not in LIVE_STATES:
            continue
        index = tags.get("Index", "")
        if not index.isdecimal():
            problems.append(
                f"Found {instance['id']} of component {tier['component']} with Index tag {index!r}, expected a "
                "number from 0: give it the index of the VM it replaces, or terminate it."
            )
        elif int(index) in found:
            problems.append(
                f"Found {found[int(index)]['id']} and {instance['id']} as {tier['name']} {index}, expected one: "
                "terminate the one that holds no data."
            )
        else:
            found[int(index)] = instance
    return found, problems


def volume(device: str, size: int) -> dict[str, Any]:
    """A block device mapping: `size` GiB of gp3, encrypted, deleted with the VM."""
    disk = {"volume_size": size, "volume_type": "gp3", "encrypted": True, "delete_on_termination": True}
    return {"device_name": device, "ebs": disk}


def wanted_instance(tier: Tier, index: int, subnets: Mapping[str, str]) -> dict[str, Any]:
    """The VM number `index` of a tier: its name, image, address, subnet, volumes and tags."""
    addresses = tier["private_ips"]
    address = addresses[index] if index < len(addresses) else None
    subnet = subnet_of(address, subnets) if address else next(iter(subnets.values()))
    image = tier["images"][index % len(tier["images"])]
    number = index % len(tier["images"]) + 1
    name = tier["vm_name"].format(index=index, type=number)
    return {
        "tier": tier["name"],
        "name": name,
        "index": index,
        "instance_type": tier["instance_type"],
        "image_id": image["id"],
        "private_ip_address": address,
        "subnet_id": subnet,
        "volumes": [
            volume(device, size)
            for device, size in (
                (image["root_device_name"], tier["root_volume_gib"]),
                (DATA_DEVICE, tier["data_volume_gib"]),
            )
            if size
        ],
        "tags": {"Name": name, "Component": tier["component"], "Index": str(index)},
    }


def shrink_refusal(tier: Tier, present: int, leaving: Sequence[Instance]) -> str | None:
    """Why this many VMs of a tier may not go without a confirmation; None when they may.

    A ZooKeeper ensemble may shrink as long as a majority of it stays: its members leave it first. What clients or
    other tiers depend on needs the confirmation for every shrink.
    """
    if not leaving:
        return None
    names = ", ".join(instance["name"] for instance in leaving)
    staying = present - len(leaving)
    if tier["shrink"] == "never_below_quorum" and staying < quorum(present):
        return (
            f"Found {present} {tier['name']} VMs and a count of {tier['count']}: {names} would be terminated, "
            f"which leaves fewer than the {quorum(present)} that a quorum needs"
        )
    if tier["shrink"] == "confirmed":
        return f"Found {present} {tier['name']} VMs and a count of {tier['count']}: {names} would be terminated"
    return None


def shrink_problem(tier: Tier, present: int, leaving: Sequence[Instance], confirmed: bool) -> str | None:
    """The line for VMs of a tier that may not go; None when they may.

    NDB's data nodes never do: a node group cannot be taken out while it holds data, and holds some from its start.
    """
    if tier["shrink"] == "never" and leaving:
        return (
            f"Found {present} {tier['name']} VMs and a count of {tier['count']}, expected {present} or more, since "
            f"they hold data that does not move to others: set lambdafs_{tier['name']}_count to {present}; only a VM "
            "that has not joined yet may be terminated by hand."
        )
    refusal = shrink_refusal(tier, present, leaving)
    return f"{refusal}: confirm it with -e confirm_shrink=<cluster name>." if refusal and not confirmed else None


def moved_addresses(tier: Tier, found: Mapping[int, Instance]) -> list[str]:
    """A line for each live VM whose address is not the one in the settings."""
    problems = []
    for index, address in enumerate(tier["private_ips"][: tier["count"]]):
        instance = found.get(index)
        if instance and instance["private_ip_address"] != address:
            problems.append(
                f"Found {instance['name']} at {instance['private_ip_address']}, expected {address}: a VM keeps its "
                f"address for life: correct lambdafs_{tier['name']}_private_ips, or terminate the VM to have it made "
                "anew."
            )
    return problems


def unreserved(
    tier: Tier, subnets: Mapping[str, str], reservations: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """The fixed addresses of a tier's VMs that the deployment has not reserved: `address`, `subnet_id`, `name`.

    Without a reservation, AWS gives the address of a terminated VM to any VM that asks for none.
    """
    reserved = {one["cidr"] for one in reservations}
    wanted = [wanted_instance(tier, index, subnets) for index in range(tier["count"])]
    return [
        {"address": one["private_ip_address"], "subnet_id": one["subnet_id"], "name": one["name"]}
        for one in wanted
        if one["private_ip_address"] and f"{one['private_ip_address']}/32" not in reserved
    ]


def instance_plan(
    tiers: Sequence[Tier],
    instances: Sequence[Instance],
    subnets: Mapping[str, str],
    confirmed: bool,
    reservations: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """What to do so that each tier has its VMs.

    Args:
        tiers: dicts with `name`, `component`, `vm_name` (a format of `index` and `type`), `count`,
            `instance_type`, `images` (dicts `id`, `root_device_name`; taken in turn), `private_ips`,
            `root_volume_gib`, `data_volume_gib`, and `shrink`: free, never_below_quorum, confirmed or never.
        instances: the deployment's instances: `id`, `name`, `state`, `private_ip_address`, `instance_type`,
            `image_id`, `tags`.
        subnets: CIDR to id of the subnets that VMs may be in; those without an address go to the first.
        confirmed: whether the user confirmed a shrink that needs it.
        reservations: the deployment's subnet CIDR reservations, each with `cidr`.

    Returns:
        `reserve` (unreserved() dicts), `create` (wanted_instance() dicts), `keep` (names of VMs that exist), `start`
        (ids of stopped VMs), `retag` (`id`, `tags`), `retire` (`id`, `name`, `tier`, `index` of surplus VMs), `stale`
        (lines on VMs that differ in a way that is never mended by itself), `leaving` (ids of VMs that are stopping or
        shutting down), and `problems` (lines: with any of them nothing of the plan may be done).
    """
    keys = ("reserve", "create", "keep", "start", "retag", "retire", "stale", "problems")
    plan: dict[str, Any] = {key: [] for key in keys}
    plan["leaving"] = [one["id"] for one in instances if one["state"] in ("stopping", "shutting-down")]
    for tier in tiers:
        found, problems = tier_instances(tier, instances)
        surplus = [found[index] for index in sorted(found) if index >= tier["count"]]
        refusal = shrink_problem(tier, len(found), surplus, confirmed)
        plan["reserve"] += unreserved(tier, subnets, reservations)
        plan["problems"] += problems + [refusal] * bool(refusal) + moved_addresses(tier, found)
        plan["retire"] += [
            {"id": one["id"], "name": one["name"], "tier": tier["name"], "index": int(one["tags"]["Index"])}
            for one in surplus
        ]
        for index in range(tier["count"]):
            wanted = wanted_instance(tier, index, subnets)
            if index not in found:
                plan["create"].append(wanted)
            else:
                _compare(wanted, found[index], plan)
    return plan


def _compare(wanted: Mapping[str, Any], instance: Instance, plan: dict[str, Any]) -> None:
    """Add to `plan` what the existing `instance` lacks of what is wanted."""
    plan["keep"].append(wanted["name"])
    if instance["state"] in ("stopped", "stopping"):
        plan["start"].append(instance["id"])
    missing = {key: value for key, value in wanted["tags"].items() if instance["tags"].get(key) != value}
    if missing:
        plan["retag"].append({"id": instance["id"], "tags": missing})
    plan["stale"] += [
        f"{instance['name']}: {what} is {instance[what]}, the settings say {wanted[what]}; it is kept: terminate the "
        "VM to have it made anew"
        for what in ("instance_type", "image_id")
        if instance[what] != wanted[what]
    ]
