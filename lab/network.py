"""The lab's podman network: one bridge that stands in for every VPC of the lab."""

from __future__ import annotations

from lab import podman, routes
from lab.settings import LabSettings


def network_name(lab: str) -> str:
    """The name of a lab's network in podman."""
    return f"lambdafs-lab-{lab}"


def bridge(lab: str) -> str | None:
    """The device of the lab's network, or None where there is no network yet."""
    name = network_name(lab)
    return podman.network_device(name) if name in podman.networks(lab) else None


def ensure(settings: LabSettings) -> bool:
    """Make the network if it is absent or has another subnet; returns whether it was made."""
    name = network_name(settings.name)
    is_there = name in podman.networks(settings.name)
    if is_there and podman.network_subnets(name) != [settings.subnet]:
        remove(settings.name)
        is_there = False
    if not is_there:
        podman.create_network(settings.name, name, settings.subnet, str(settings.network.network_address + 1))
    routes.fence(settings.subnet)
    return not is_there


def remove(lab: str) -> None:
    """Remove the lab's containers and then its network, as far as they exist."""
    podman.remove(*(container.name for container in podman.containers(lab)))
    for name in podman.networks(lab):
        for subnet in podman.network_subnets(name):
            routes.unfence(subnet)
        podman.remove_network(name)
