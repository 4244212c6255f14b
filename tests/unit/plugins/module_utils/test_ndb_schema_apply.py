# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

from collections.abc import Iterator

import pytest
from ansible_collections.lambdafs.cluster.plugins.module_utils import ndb_sql_connection
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_apply import has_effect
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_catalogue import Catalogue
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_lock import Holder, Watch
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_plan import Action, make_plan
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_sql_connection import SqlError, patiently

from tests.unit.plugins.module_utils.ndb_schema_cases import FINAL, OLDEST, database, row, scripts, step

BUSY = SqlError(1297, ["Got temporary error 4010 from NDBCLUSTER"], "here")
REFUSED = SqlError(1064, ["You have an error in your SQL syntax"], "here")


def actions(version: str) -> Iterator[tuple[Action, int]]:
    """The statements of the step to a version, with their places."""
    before = scripts().steps[[str(one.version) for one in scripts().steps].index(version) - 1]
    plan = make_plan(scripts(), database(before.after, row(str(before.version))), 0, prune=False)
    return zip(plan.actions, range(len(step(version).statements)), strict=False)


@pytest.mark.parametrize("version", ["2.8.2.4", "2.8.2.5", "2.8.2.8", "3.2.0.0"])
def test_the_catalogue_tells_what_took_effect(version: str) -> None:
    states = step(version).states
    for action, place in actions(version):
        assert not has_effect(action, database(states[place]))
        visible = action.verb not in ("data", "truncate")
        assert has_effect(action, database(states[place + 1])) is visible, action.sql


def test_a_record_took_effect_when_the_history_holds_it() -> None:
    plan = make_plan(scripts(), database(step(OLDEST).after), 0, prune=False)
    assert not has_effect(plan.actions[0], database({}, row(FINAL)))
    assert has_effect(plan.actions[0], database({}, row(OLDEST)))


def test_disk_objects_took_effect_when_they_exist() -> None:
    for action in make_plan(scripts(), Catalogue(), 0, prune=False).actions[:2]:
        assert not has_effect(action, Catalogue())
        assert has_effect(action, database({}))


def test_temporary_errors_are_borne(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ndb_sql_connection, "FIRST_PAUSE", 0.001)
    answers: list[SqlError | int] = [BUSY, BUSY, 7]

    def call() -> int:
        answer = answers.pop(0)
        if isinstance(answer, SqlError):
            raise answer
        return answer

    assert patiently(call, 10) == 7


@pytest.mark.parametrize(("error", "calls"), [(REFUSED, 1), (BUSY, 3)])
def test_other_errors_and_the_last_one_are_raised(error: SqlError, calls: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ndb_sql_connection, "FIRST_PAUSE", 0.01)
    seen = []

    def call() -> int:
        seen.append(1)
        raise error

    with pytest.raises(SqlError):
        patiently(call, 0.05)
    assert len(seen) == calls


def test_a_holder_is_silent_from_its_last_sign_of_life_on() -> None:
    now = 100.0
    watch = Watch(lambda: now)
    assert watch.silent_for(Holder("a", 1)) == 0
    now = 110.0
    assert watch.silent_for(Holder("a", 1)) == 10
    assert watch.silent_for(Holder("a", 2)) == 0
    now = 111.0
    assert watch.silent_for(Holder("a", 2)) == 1
    assert watch.silent_for(Holder("b", 2)) == 0
