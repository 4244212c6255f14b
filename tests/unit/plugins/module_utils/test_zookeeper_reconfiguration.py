# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from ansible_collections.lambdafs.cluster.plugins.module_utils import zookeeper_reconfiguration as reconfiguration
from ansible_collections.lambdafs.cluster.plugins.module_utils.zookeeper_members import (
    Member,
    parse_members,
    plan_addition,
    plan_removal,
)
from kazoo import exceptions

LINES = [f"server.{number}=10.0.0.{number}:2888:3888:participant;2181" for number in range(5)]
FIVE = parse_members("\n".join(LINES))


class Ensemble:
    """A kazoo client of an ensemble in memory; `failures` are raised first, after the change where `late`."""

    def __init__(
        self, members: tuple[Member, ...], failures: list[Exception] | None = None, late: bool = False
    ) -> None:
        self.members = members
        self.version = 0x100000000
        self.failures = failures or []
        self.late = late
        self.changes: list[dict[str, Any]] = []

    def sync(self, _path: str) -> None:
        return

    def get(self, _path: str) -> tuple[bytes, None]:
        lines = [member.line for member in self.members]
        return "\n".join([*lines, f"version={self.version:x}"]).encode(), None

    def reconfig(self, **change: Any) -> tuple[bytes, None]:
        if self.failures and not self.late:
            raise self.failures.pop(0)
        assert change["from_config"] == self.version
        self.changes.append(change)
        gone = {int(number) for number in (change["leaving"] or "").split(",") if number}
        staying = [member for member in self.members if member.id not in gone]
        self.members = (*staying, *parse_members((change["joining"] or "").replace(",", "\n")))
        self.version += 1
        if self.failures:
            raise self.failures.pop(0)
        return self.get("")


def test_servers_are_added_in_one_step() -> None:
    ensemble = Ensemble(FIVE[:3])
    members = reconfiguration.reconfigure(ensemble, partial(plan_addition, wanted=FIVE), timeout=0)
    assert members == FIVE
    assert [(change["joining"], change["leaving"]) for change in ensemble.changes] == [(",".join(LINES[3:]), None)]


def test_nothing_is_asked_when_nothing_is_to_change() -> None:
    ensemble = Ensemble(FIVE)
    assert reconfiguration.reconfigure(ensemble, partial(plan_addition, wanted=FIVE), timeout=0) == FIVE
    assert ensemble.changes == []


def test_servers_leave_by_their_ids() -> None:
    ensemble = Ensemble(FIVE)
    assert reconfiguration.reconfigure(ensemble, partial(plan_removal, ids=[3, 4]), timeout=0) == FIVE[:3]
    assert ensemble.changes[0]["leaving"] == "3,4"


def test_a_change_whose_answer_was_lost_is_not_made_twice() -> None:
    ensemble = Ensemble(FIVE[:3], [exceptions.ConnectionLoss()], late=True)
    assert reconfiguration.reconfigure(ensemble, partial(plan_addition, wanted=FIVE), timeout=30) == FIVE
    assert len(ensemble.changes) == 1


def test_time_that_is_over_is_an_error_with_the_last_answer() -> None:
    ensemble = Ensemble(FIVE[:3], [exceptions.NewConfigNoQuorumError()])
    with pytest.raises(reconfiguration.ReconfigurationFailed, match="last answer NewConfigNoQuorumError"):
        reconfiguration.reconfigure(ensemble, partial(plan_addition, wanted=FIVE), timeout=0)


def test_a_refusal_is_not_repeated() -> None:
    ensemble = Ensemble(FIVE[:3], [exceptions.NoAuthError()])
    with pytest.raises(reconfiguration.ReconfigurationFailed, match="refused the change of members: NoAuthError"):
        reconfiguration.reconfigure(ensemble, partial(plan_addition, wanted=FIVE), timeout=30)
