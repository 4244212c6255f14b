"""The ExecStop of a data node: what it makes of the management servers' words."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from importlib.util import module_from_spec, spec_from_file_location
from types import ModuleType
from typing import Any

import pytest
from ansible_collections.lambdafs.cluster.plugins.module_utils import ndb_management

from tests.repository import ROOT

MANAGER = ndb_management.Address("10.0.6.227")


@pytest.fixture
def stopper(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The program, which finds its library beside itself on a VM."""
    monkeypatch.setitem(sys.modules, "ndb_management", ndb_management)
    spec = spec_from_file_location("ndb_stop_node", ROOT / "roles/ndb_datanode/files/ndb_stop_node.py")
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Process:
    """Ends when the node was asked to stop."""

    def __init__(self) -> None:
        self.asked = 0

    def ends_within(self, _seconds: float) -> bool:
        return self.asked > 0


def stop(
    stopper: ModuleType, monkeypatch: pytest.MonkeyPatch, states: Sequence[str], seconds: Sequence[float]
) -> tuple[str, int]:
    """Stop node 3, whose state a management server tells in turn ("" when none answers); `seconds` is the clock."""
    process = Process()
    told: Iterator[str] = iter(states)
    clock = iter(seconds)

    def own_node(_addresses: Any, node_id: int) -> tuple[ndb_management.Address, ndb_management.Node] | None:
        state = next(told)
        return (MANAGER, ndb_management.Node(node_id, "datanode", state)) if state else None

    def ask(_address: Any, _node_id: int, _seconds: float) -> None:
        process.asked += 1

    monkeypatch.setattr(stopper, "own_node", own_node)
    monkeypatch.setattr(stopper, "ask", ask)
    monkeypatch.setattr(stopper, "monotonic", lambda: next(clock))
    return stopper.stop(process, [MANAGER], 3, 15, 300), process.asked


def test_a_node_without_contact_is_asked_for_again(stopper: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    found = stop(stopper, monkeypatch, ["no_contact", "", "unknown", "started"], [0, 0, 1, 2, 3, 4, 5, 6, 7])
    assert found == ("node 3 has stopped", 1)


def test_a_node_without_contact_is_given_up_after_the_managers_time(
    stopper: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = stop(stopper, monkeypatch, ["no_contact", "no_contact"], [0, 0, 1, 1, 16])
    assert found == ("no management server has contact with node 3 within 15 s", 0)


def test_silence_is_given_up_after_the_managers_time(stopper: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    assert stop(stopper, monkeypatch, [""], [0, 0, 16]) == ("no management server answers within 15 s", 0)


def test_a_node_that_starts_holds_nothing(stopper: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    text, asked = stop(stopper, monkeypatch, ["starting"], [0, 0, 1])
    assert (text, asked) == ("node 3 is starting and holds nothing that a signal could lose", 0)
