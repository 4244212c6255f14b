# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

from collections import Counter
from dataclasses import replace

from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_catalogue import Catalogue
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_plan import Plan, make_plan, preparations
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_shape import Table

from tests.unit.plugins.module_utils.ndb_schema_cases import FINAL, OLDEST, database, row, scripts, step


def plan(catalogue: Catalogue, deployments: int = 2, prune: bool = False) -> Plan:
    return make_plan(scripts(), catalogue, deployments, prune)


def verbs(found: Plan) -> Counter[str]:
    return Counter(action.verb for action in found.actions)


def test_from_nothing() -> None:
    found = plan(Catalogue(), 20)
    assert verbs(found) == {"logfile_group": 1, "tablespace": 1, "create": 105, "record": 1}
    assert (found.version, found.adopted, found.losing) == (None, False, ())


def test_disk_objects_that_exist_are_left_alone() -> None:
    assert verbs(plan(database({}))) == {"create": 69, "record": 1}


def test_nothing_to_do() -> None:
    found = plan(database(step(FINAL).after, row(FINAL), deployments=2))
    assert found.actions == ()
    assert found.surplus == ()


def test_a_baseline_that_was_cut_off_is_finished() -> None:
    half = dict(list(step(FINAL).after.items())[:30])
    assert verbs(plan(database(half))) == {"create": 39, "record": 1}


def test_an_adopted_database_is_recorded_first_and_upgraded() -> None:
    found = plan(database(step(OLDEST).after))
    assert found.adopted
    assert found.actions[0].record is not None
    assert [str(action.record.version) for action in found.actions if action.record][:2] == [OLDEST, "2.8.2.2"]
    assert [action.record.kind for action in found.actions if action.record] == ["BASELINE", *["SQL"] * 11]
    assert "hdfs_misreplicated_range_queue" in found.losing
    assert "yarn_rmnode" in found.losing
    # Made by a step itself, so there is nothing to lose
    assert "hdfs_retry_cache_entry" not in found.losing


def test_a_step_is_gone_on_with_where_it_was_cut_off() -> None:
    migration = step("3.2.0.0")
    whole = plan(database(migration.states[0], row("2.8.2.10")))
    rest = plan(database(migration.states[5], row("2.8.2.10")))
    assert rest.actions == whole.actions[5:]


def test_deployment_tables_come_and_go() -> None:
    final = database(step(FINAL).after, row(FINAL), deployments=20)
    grown = plan(final, 22)
    assert [name for action in grown.actions for name in action.tables] == [
        "invalidations_deployment20",
        "write_acks_deployment20",
        "invalidations_deployment21",
        "write_acks_deployment21",
    ]
    kept = plan(final, 19)
    assert kept.actions == ()
    assert kept.surplus == ("invalidations_deployment19", "write_acks_deployment19")
    pruned = plan(final, 19, prune=True)
    assert verbs(pruned) == {"drop": 2}
    assert pruned.losing == kept.surplus


def test_drift_of_a_deployment_table() -> None:
    catalogue = database(step(FINAL).after, row(FINAL), deployments=2)
    name = "write_acks_deployment1"
    changed = {**catalogue.tables, name: replace(catalogue.tables[name], engine="innodb")}
    assert plan(replace(catalogue, tables=changed)).drift == {name: ["engine is innodb, expected ndbcluster"]}


def test_foreign_tables_are_left_alone() -> None:
    catalogue = database({**step(FINAL).after, "somebody_else": Table(())}, row(FINAL), deployments=2)
    assert plan(catalogue, 1, prune=True).losing == ("invalidations_deployment1", "write_acks_deployment1")


def test_the_statements_that_are_told_begin_with_history_and_lock_where_they_are_missing() -> None:
    catalogue = database(step(FINAL).after, row(FINAL))
    told = plan(replace(catalogue, has_own_tables=False)).statements("d")
    assert told[:3] == preparations("d")
    assert told[3:] == plan(catalogue).statements("d")
    assert plan(database(step(FINAL).after, row(FINAL), deployments=2)).statements("d") == []


def test_history_and_lock_lie_in_ndb() -> None:
    tables = [sql for sql in preparations("a") if sql.startswith("CREATE TABLE")]
    assert len(tables) == 2
    assert all("ENGINE=ndbcluster" in sql for sql in tables)
