# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_catalogue import Catalogue
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_flyway import Version
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_shape import Table
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_standing import (
    Standing,
    UnknownDatabase,
    find_standing,
)

from tests.unit.plugins.module_utils.ndb_schema_cases import FINAL, OLDEST, database, row, scripts, step

VERSIONS = [str(step.version) for step in scripts().steps]


def standing(catalogue: Catalogue) -> Standing:
    return find_standing(scripts(), catalogue)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_database_without_history_is_known_by_its_shape(version: str) -> None:
    found = standing(database(step(version).after, deployments=3))
    # Two versions of one shape would be told as the newer one, whose steps are then not done: there are none
    assert found == Standing(Version(version), recorded=False)


@pytest.mark.parametrize("version", VERSIONS)
def test_the_history_is_believed_where_the_shape_agrees(version: str) -> None:
    assert standing(database(step(version).after, row(version))) == Standing(Version(version))


@pytest.mark.parametrize("version", VERSIONS[1:])
def test_a_step_that_was_cut_off_is_found_at_every_statement(version: str) -> None:
    migration = step(version)
    before = VERSIONS[VERSIONS.index(version) - 1]
    for number, state in enumerate(migration.states):
        found = standing(database(state, row(before)))
        assert found.version == Version(before)
        assert not found.drift
        assert migration.states[found.done] == state
        repeated = migration.statements[found.done : number]
        assert all(statement.verb in ("data", "truncate", "logfile_group", "tablespace") for statement in repeated)


def test_nothing_and_foreign_tables_are_an_empty_database() -> None:
    assert standing(Catalogue()) == Standing(None)
    assert standing(database({"somebody_else": Table(())})) == Standing(None)


def test_a_baseline_that_was_cut_off_is_gone_on_with() -> None:
    final = step(FINAL).after
    for count in (1, 20, len(final) - 1):
        found = standing(database(dict(list(final.items())[:count])))
        assert found.version in (None, Version("3.2.0.0"))


def test_drift_is_told_against_the_nearest_state() -> None:
    shapes = dict(step(FINAL).after)
    del shapes["hdfs_users_groups"]
    inodes = shapes["hdfs_inodes"]
    shapes["hdfs_inodes"] = replace(inodes, indexes={k: v for k, v in inodes.indexes.items() if k != "pidex"})
    found = standing(database(shapes, row(FINAL)))
    assert found.drift == {
        "hdfs_inodes": ["index pidex is missing, expected (parent_id)"],
        "hdfs_users_groups": ["the table is missing"],
    }


def test_an_unknown_database_is_refused_with_the_nearest_version() -> None:
    shapes = dict(step("2.8.2.6").after)
    del shapes["hdfs_storages"]
    with pytest.raises(UnknownDatabase, match=r"the nearest is 2\.8\.2\.6.*hdfs_storages: the table is missing"):
        standing(database(shapes))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"version": Version("4.0")}, "holds version 4.0, expected at most 3.2.0.0.1"),
        ({"success": False, "script": "V1__x.sql"}, "V1__x.sql failed"),
        ({"script": "V2.8.2.1__hopsfs.sql", "checksum": 1}, "was applied with checksum 1, expected"),
    ],
)
def test_a_history_that_does_not_fit_is_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(UnknownDatabase) as error:
        standing(database(step(OLDEST).after, replace(row(OLDEST), **change)))
    assert message in str(error.value)


def test_repeatable_scripts_of_others_do_not_matter() -> None:
    history = (row(FINAL), replace(row(FINAL), rank=2, version=None, script="R__views.sql", checksum=5))
    assert standing(database(step(FINAL).after, *history)) == Standing(Version(FINAL))
