# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

import pytest
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_ddl import parse_statement
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_scripts import read_scripts
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_split import ScriptError

from tests.unit.plugins.module_utils.ndb_schema_cases import FINAL, OLDEST, files, scripts, step


def test_the_steps_lead_from_the_oldest_version_to_what_the_baseline_makes() -> None:
    versions = [str(step.version) for step in scripts().steps]
    assert versions[0] == OLDEST
    assert versions[-1] == FINAL
    assert len(versions) == 12
    assert scripts().steps[-1].after == scripts().baseline.after


def test_the_versions_have_the_tables_that_hopsfs_has() -> None:
    assert {str(step.version): len(step.after) for step in scripts().steps} == {
        "2.8.2.1": 57,
        "2.8.2.2": 57,
        "2.8.2.3": 57,
        "2.8.2.4": 60,
        "2.8.2.5": 64,
        "2.8.2.6": 65,
        "2.8.2.7": 65,
        "2.8.2.8": 66,
        "2.8.2.9": 70,
        "2.8.2.10": 70,
        "3.2.0.0": 60,
        "3.2.0.0.1": 65,
    }


def test_every_statement_but_data_and_disk_objects_can_be_told_by_its_effect() -> None:
    for migration in (scripts().baseline, *scripts().steps):
        for number, statement in enumerate(migration.statements):
            same = migration.states[number] == migration.states[number + 1]
            assert same is (statement.verb in ("data", "truncate", "logfile_group", "tablespace")), statement.sql


def test_a_step_changes_each_table_by_as_few_statements_as_its_parts_allow() -> None:
    altered = [statement.names[0] for statement in step("2.8.2.6").statements if statement.verb == "alter"]
    assert len(altered) == len(set(altered)) == 22


def test_templates_make_the_table_of_a_deployment() -> None:
    assert [template.prefix for template in scripts().templates] == [
        "invalidations_deployment",
        "write_acks_deployment",
    ]
    template = scripts().templates[0]
    assert parse_statement(template.statement(12)).names == ("invalidations_deployment12",)
    assert template.number("invalidations_deployment7") == 7
    assert template.number("invalidations_deployment07") is None
    assert template.number("write_acks_deployment7") is None


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"B3.2.0.0.1__lambdafs.sql": None}, "the scripts lack a baseline"),
        ({"deployment_tables.sql.template": None}, "lack deployment_tables.sql.template"),
        ({"V3.2.0.0.1__lambdafs.sql": None}, "the last step leads to another one"),
        ({"V2.8.2.10__hopsfs.sql": "SELECT 1;"}, "V2.8.2.10__hopsfs.sql: 'SELECT 1' is not understood"),
        ({"V2.8.2.10__hopsfs.sql": "-- nothing"}, "hdfs_file_provenance_xattrs_buffer: partition key is none"),
        ({"V2.8.2.10__hopsfs.sql": "SELECT 'a"}, "V2.8.2.10__hopsfs.sql: line 1: a ' is never closed"),
        ({"deployment_tables.sql.template": "CREATE TABLE t (a INT);"}, "makes no table that ends with ${deployment}"),
    ],
)
def test_wrong_scripts_are_refused(change: dict[str, str | None], message: str) -> None:
    changed = {name: text for name, text in {**files(), **change}.items() if text is not None}
    with pytest.raises(ScriptError) as error:
        read_scripts(changed)
    assert message in str(error.value)
