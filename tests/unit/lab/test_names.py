"""Host names of load balancers, as the lab's VMs get to know them."""

from __future__ import annotations

import pytest

from lab import names, podman
from lab.errors import LabError
from lab.podman import Container


@pytest.fixture
def states(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The states of the lab's one container, one for each look at it; nobody can talk to it."""
    states: list[str] = []

    def refuse(*_: object) -> None:
        raise LabError("can only create exec sessions on running containers")

    monkeypatch.setattr(names, "write", lambda *_: None)
    monkeypatch.setattr(names, "tell", refuse)
    monkeypatch.setattr(podman, "containers", lambda _: [Container("vm", "i-1", "10.0.0.5", states.pop(0))])
    return states


def test_a_vm_that_ends_meanwhile_need_not_know(states: list[str]) -> None:
    states += ["running", "stopping"]
    names.publish("lab", {"balancer": "10.0.0.9"})
    assert states == []


def test_a_running_vm_that_cannot_be_told_is_an_error(states: list[str]) -> None:
    states += ["running", "running"]
    with pytest.raises(LabError, match="exec sessions"):
        names.publish("lab", {"balancer": "10.0.0.9"})
