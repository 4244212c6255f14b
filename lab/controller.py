"""What to do so that a lab's containers follow its EC2 instances: a pure function of both."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import Enum

from lab.podman import Container

LAB_REASON = "Server.InternalError: lab:"
"""How the StateReason of an instance begins that the lab could not run."""


@dataclass(frozen=True)
class Vm:
    """One EC2 instance as the API shows it.

    Attributes:
        state: pending, running, stopping, stopped, shutting-down or terminated.
        authorized_key: public key of the instance's key pair in OpenSSH form, or an empty text.
        reboot_asked: RebootInstances was called and not yet carried out.
    """

    instance_id: str
    address: str
    hostname: str
    state: str
    authorized_key: str = ""
    reboot_asked: bool = False


class Kind(Enum):
    """What can be done for one instance."""

    LAUNCH = "launch"
    START = "start"
    AWAIT_SSH = "await ssh"
    RESTART = "restart"
    STOP = "stop"
    REMOVE = "remove"
    MARK_STOPPED = "mark stopped"
    MARK_TERMINATED = "mark terminated"
    REFUSE = "refuse"


@dataclass(frozen=True)
class Action:
    """One thing to do.

    Attributes:
        container: name of the container concerned, or an empty text where there is none yet.
        reason: why an instance is given up; only for REFUSE.
    """

    kind: Kind
    instance_id: str
    container: str = ""
    reason: str = ""


def plan(
    vms: Iterable[Vm],
    containers: Iterable[Container],
    network: ipaddress.IPv4Network,
    busy: Collection[str] = (),
) -> list[Action]:
    """The actions that bring the containers nearer to the instances.

    Args:
        vms: all instances of the lab.
        containers: all containers of the lab.
        network: the lab's subnet.
        busy: ids of instances for which an action is under way; they are left alone.
    """
    by_instance = {container.instance_id: container for container in containers}
    known = {vm.instance_id: vm for vm in vms}
    holders = {container.address: container.instance_id for container in by_instance.values()}
    actions = []
    for vm in known.values():
        if vm.instance_id in busy:
            continue
        action = _for_vm(vm, by_instance.get(vm.instance_id), network, holders, known)
        if action is not None:
            actions.append(action)
            if action.kind is Kind.LAUNCH:
                holders[vm.address] = vm.instance_id
    actions += [
        Action(Kind.REMOVE, container.instance_id, container.name)
        for container in by_instance.values()
        if container.instance_id not in known and container.instance_id not in busy
    ]
    return actions


def _for_vm(
    vm: Vm,
    container: Container | None,
    network: ipaddress.IPv4Network,
    holders: dict[str, str],
    known: dict[str, Vm],
) -> Action | None:
    """The next action for one instance, or None where there is nothing to do."""
    match vm.state:
        case "pending":
            return _towards_running(vm, container, network, holders, known)
        case "running":
            return _while_running(vm, container)
        case "stopping" | "stopped":
            if container is not None and container.is_running:
                return Action(Kind.STOP, vm.instance_id, container.name)
            return Action(Kind.MARK_STOPPED, vm.instance_id) if vm.state == "stopping" else None
        case _:
            if container is not None:
                return Action(Kind.REMOVE, vm.instance_id, container.name)
            return Action(Kind.MARK_TERMINATED, vm.instance_id) if vm.state == "shutting-down" else None


def _towards_running(
    vm: Vm,
    container: Container | None,
    network: ipaddress.IPv4Network,
    holders: dict[str, str],
    known: dict[str, Vm],
) -> Action | None:
    if container is not None:
        match container.state:
            case "running":
                return Action(Kind.AWAIT_SSH, vm.instance_id, container.name)
            case "created" | "configured":
                return Action(Kind.REMOVE, vm.instance_id, container.name)
            case _:
                return Action(Kind.START, vm.instance_id, container.name)
    if ipaddress.IPv4Address(vm.address) not in network:
        return Action(
            Kind.REFUSE,
            vm.instance_id,
            reason=f"address {vm.address} is outside the lab's subnet {network}; use a VPC and a subnet inside it",
        )
    holder = holders.get(vm.address)
    if holder is None:
        return Action(Kind.LAUNCH, vm.instance_id)
    if holder in known and known[holder].state in ("pending", "running", "stopping", "stopped"):
        return Action(
            Kind.REFUSE,
            vm.instance_id,
            reason=f"address {vm.address} belongs to {holder} already, and all VPCs of a lab share one network",
        )
    return None


def _while_running(vm: Vm, container: Container | None) -> Action | None:
    if container is None:
        return Action(Kind.REFUSE, vm.instance_id, reason="its container was removed by something other than the lab")
    if not container.is_running:
        return Action(Kind.MARK_STOPPED, vm.instance_id, container.name)
    if vm.reboot_asked:
        return Action(Kind.RESTART, vm.instance_id, container.name)
    return None
