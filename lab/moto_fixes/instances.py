"""Instances: each change of state begins with the API call and ends when the container has followed."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from moto.core.utils import utcnow
from moto.ec2.models import ec2_backends
from moto.ec2.models.instances import Instance, InstanceState, StateReason

from lab.controller import LAB_REASON, Vm
from lab.moto_fixes.patching import ec2_error, replace

CODES = {"pending": 0, "running": 16, "shutting-down": 32, "terminated": 48, "stopping": 64, "stopped": 80}
_FINISHERS: dict[str, Any] = {}


def set_state(instance: Instance, state: str) -> None:
    """Set the name and code of an instance's state."""
    instance._state.name = state
    instance._state.code = CODES[state]


def all_instances() -> Iterator[Instance]:
    """Every instance of every account and region."""
    for account in list(ec2_backends.values()):
        for backend in list(account.values()):
            for reservation in list(backend.reservations.values()):
                yield from reservation.instances


def find(instance_id: str) -> Instance | None:
    """The instance of that id, whatever its account and region."""
    return next((instance for instance in all_instances() if instance.id == instance_id), None)


def as_vm(instance: Instance) -> Vm:
    """What the controller has to know of an instance."""
    pair = instance.ec2_backend.key_pairs.get(instance.key_name)
    address = str(instance.nics[0].private_ip_address)
    return Vm(
        instance_id=instance.id,
        address=address,
        hostname=hostname(address),
        state=instance.state,
        authorized_key=pair.public_key.strip() if pair else "",
        reboot_asked=getattr(instance, "lab_reboot_asked", False),
    )


def hostname(address: str) -> str:
    """The first label of an instance's private DNS name."""
    return f"ip-{address.replace('.', '-')}"


def finish_start(instance: Instance, host_keys: list[str]) -> None:
    """The container runs and its sshd answers."""
    if instance.state == "pending":
        instance.lab_host_keys = host_keys  # type: ignore[attr-defined]
        _FINISHERS["start"](instance)


def finish_reboot(instance: Instance) -> None:
    """The container was restarted."""
    instance.lab_reboot_asked = False  # type: ignore[attr-defined]


def finish_stop(instance: Instance) -> None:
    """The container stopped, by StopInstances or by a shutdown from inside."""
    if instance.state == "running" and instance.instance_initiated_shutdown_behavior == "terminate":
        set_state(instance, "shutting-down")
    elif instance.state in ("running", "stopping"):
        _FINISHERS["stop"](instance)


def finish_termination(instance: Instance) -> None:
    """The container is gone: only now are address, interface and volumes given back."""
    if instance.state == "shutting-down":
        reason = instance.state_reason
        _FINISHERS["terminate"](instance)
        instance.state_reason = reason
        _detach_kept_interfaces(instance)


def _detach_kept_interfaces(instance: Instance) -> None:
    """Make interfaces that outlive the instance available again; the instance still knows what it had."""
    had = dict(instance.nics)
    for interface in had.values():
        if interface.id in instance.ec2_backend.enis:
            instance.detach_eni(interface)
    instance.nics = had


def give_up(instance: Instance, message: str) -> None:
    """The lab cannot run the instance: it ends as `terminated`, and its StateReason says why."""
    set_state(instance, "shutting-down")
    instance.state_reason = StateReason(f"{LAB_REASON} {message}", "Server.InternalError")


def _start(self: Instance) -> InstanceState:
    previous = copy.copy(self._state)
    if previous.name in ("pending", "running"):
        return previous
    if previous.name != "stopped":
        raise ec2_error(
            "IncorrectInstanceState", f"The instance '{self.id}' is not in a state from which it can be started."
        )
    set_state(self, "pending")
    return previous


def _stop(self: Instance) -> InstanceState:
    previous = copy.copy(self._state)
    if previous.name in ("stopping", "stopped"):
        return previous
    if previous.name in ("shutting-down", "terminated"):
        raise ec2_error(
            "IncorrectInstanceState", f"The instance '{self.id}' is not in a state from which it can be stopped."
        )
    set_state(self, "stopping")
    return previous


def _terminate(self: Instance) -> InstanceState:
    previous = copy.copy(self._state)
    if previous.name in ("shutting-down", "terminated"):
        return previous
    set_state(self, "shutting-down")
    self._reason = f"User initiated ({utcnow().strftime('%Y-%m-%d %H:%M:%S UTC')})"
    self.state_reason = StateReason(
        "Client.UserInitiatedShutdown: User initiated shutdown", "Client.UserInitiatedShutdown"
    )
    return previous


def _reboot(self: Instance) -> None:
    if self.state != "running":
        raise ec2_error(
            "IncorrectInstanceState", f"The instance '{self.id}' is not in a state from which it can be rebooted."
        )
    self.lab_reboot_asked = True  # type: ignore[attr-defined]


def _keep_addresses(self: Instance) -> None:
    """Stands in for Instance.__del__, which gave back addresses that others may hold by then."""


def _none_after_termination(original: property) -> property:
    def value(self: Instance) -> Any:
        return None if self.state == "terminated" else original.fget(self)  # type: ignore[misc]

    return property(value)


def apply() -> None:
    """Mend the life cycle of instances."""
    original_init = Instance.__init__

    def init(self: Instance, *args: Any, **kwargs: Any) -> None:
        original_init(self, *args, **kwargs)
        set_state(self, "pending")
        self._placement.zone = self.nics[0].subnet.availability_zone

    replace(Instance, "__init__", init)
    replace(Instance, "__del__", _keep_addresses)
    _FINISHERS["start"] = replace(Instance, "start", _start)
    _FINISHERS["stop"] = replace(Instance, "stop", _stop)
    _FINISHERS["terminate"] = replace(Instance, "terminate", _terminate)
    replace(Instance, "reboot", _reboot)
    _mend_shown_addresses()


def _mend_shown_addresses() -> None:
    """A terminated instance shows no address; a public address is the private one, also with an Elastic IP."""

    def public_address(self: Instance) -> str | None:
        return self.private_ip_address if self.nics[0].public_ip else None

    def public_name(self: Instance) -> str | None:
        return self.private_dns_name if self.nics[0].public_ip else None

    substitutes = {"public_ip": property(public_address), "public_ip_address": property(public_address)}
    substitutes["public_dns_name"] = property(public_name)
    for name, substitute in substitutes.items():
        replace(Instance, name, substitute)
    for name in ("private_ip", "private_ip_address", "private_dns_name", *substitutes):
        replace(Instance, name, _none_after_termination(Instance.__dict__[name]))
    interfaces = Instance.__dict__["network_interfaces"]
    replace(
        Instance,
        "network_interfaces",
        property(lambda self: [] if self.state == "terminated" else interfaces.fget(self)),
    )
