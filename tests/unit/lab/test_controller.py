"""The plan: what is done for which pair of instance and container."""

from __future__ import annotations

from ipaddress import IPv4Network

import pytest

from lab.controller import Action, Kind, Vm, plan
from lab.podman import Container

NETWORK = IPv4Network("10.0.0.0/16")


def vm(state: str, instance_id: str = "i-1", address: str = "10.0.8.233", **more: bool) -> Vm:
    return Vm(instance_id, address, "ip-10-0-8-233", state, "ssh-ed25519 AAAA", **more)


def container(state: str, instance_id: str = "i-1", address: str = "10.0.8.233") -> Container:
    return Container(f"lab-{instance_id}", instance_id, address, state)


@pytest.mark.parametrize(
    ("vm_state", "container_state", "expected"),
    [
        ("pending", None, Kind.LAUNCH),
        ("pending", "created", Kind.REMOVE),
        ("pending", "exited", Kind.START),
        ("pending", "running", Kind.AWAIT_SSH),
        ("running", "running", None),
        ("running", "exited", Kind.MARK_STOPPED),
        ("running", None, Kind.REFUSE),
        ("stopping", "running", Kind.STOP),
        ("stopping", "exited", Kind.MARK_STOPPED),
        ("stopped", "running", Kind.STOP),
        ("stopped", "exited", None),
        ("shutting-down", "running", Kind.REMOVE),
        ("shutting-down", "exited", Kind.REMOVE),
        ("shutting-down", None, Kind.MARK_TERMINATED),
        ("terminated", "running", Kind.REMOVE),
        ("terminated", None, None),
    ],
)
def test_action_for_each_pair_of_states(vm_state: str, container_state: str | None, expected: Kind | None) -> None:
    containers = [container(container_state)] if container_state else []
    actions = plan([vm(vm_state)], containers, NETWORK)
    assert [action.kind for action in actions] == ([expected] if expected else [])


def test_container_without_instance_is_removed() -> None:
    assert plan([], [container("running")], NETWORK) == [Action(Kind.REMOVE, "i-1", "lab-i-1")]


def test_busy_instances_are_left_alone() -> None:
    assert plan([vm("pending")], [container("running", "i-2")], NETWORK, busy={"i-1", "i-2"}) == []


def test_reboot_restarts_a_running_container() -> None:
    actions = plan([vm("running", reboot_asked=True)], [container("running")], NETWORK)
    assert [action.kind for action in actions] == [Kind.RESTART]


def test_address_outside_the_lab_is_refused_with_a_reason() -> None:
    (action,) = plan([vm("pending", address="172.31.0.4")], [], NETWORK)
    assert action.kind is Kind.REFUSE
    assert "172.31.0.4 is outside the lab's subnet 10.0.0.0/16" in action.reason


def test_launch_waits_for_the_end_of_the_address_last_holder() -> None:
    vms = [vm("shutting-down", "i-old"), vm("pending", "i-new")]
    actions = plan(vms, [container("running", "i-old")], NETWORK)
    assert actions == [Action(Kind.REMOVE, "i-old", "lab-i-old")]


def test_second_instance_at_a_held_address_is_refused() -> None:
    vms = [vm("running", "i-1"), vm("pending", "i-2")]
    (action,) = plan(vms, [container("running", "i-1")], NETWORK)
    assert (action.kind, action.instance_id) == (Kind.REFUSE, "i-2")
    assert "belongs to i-1" in action.reason


def test_two_launches_at_one_address_in_one_round_make_one_container() -> None:
    actions = plan([vm("pending", "i-1"), vm("pending", "i-2")], [], NETWORK)
    assert [(action.kind, action.instance_id) for action in actions] == [(Kind.LAUNCH, "i-1"), (Kind.REFUSE, "i-2")]
