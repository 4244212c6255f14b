# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The work of the modules ndb_schema and ndb_schema_info."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_apply import (
    Outcome,
    Refused,
    Wanted,
    migrate,
)
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_catalogue import Catalogue
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_compare import drift_lines
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_info import SchemaReport, read_report
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_lock import LockLost
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_plan import make_plan
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_scripts import Scripts, read_scripts
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_split import ScriptError
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_standing import UnknownDatabase
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_sql_connection import (
    PYMYSQL_ERROR,
    Login,
    SqlError,
    login_of,
    require_database_name,
    require_pymysql,
)

if TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule

MOST_DEPLOYMENTS = 10000


def wanted_of(parameters: Mapping[str, Any], check_mode: bool) -> Wanted:
    """What a module's parameters ask for; a dry run does not wait for a server that is not there."""
    return Wanted(
        parameters["database"],
        parameters["deployments"],
        parameters["prune"],
        frozenset(parameters["confirm_loss"]),
        parameters["on_drift"] == "warn",
        0 if check_mode else parameters["patience"],
        parameters["lock_timeout"],
        parameters["lock_expiry"],
    )


def scripts_of(module: AnsibleModule) -> Scripts:
    """The scripts that came with the task; ends the module where they or other arguments are wrong."""
    require_database_name(module, module.params["database"])
    count = module.params["deployments"]
    if not 1 <= count <= MOST_DEPLOYMENTS:
        module.fail_json(msg=f"deployments is {count}, expected 1 to {MOST_DEPLOYMENTS}: give another number")
    try:
        return read_scripts({file["name"]: file["content"] for file in module.params["files"]})
    except ScriptError as error:
        module.fail_json(msg=str(error))
        raise


def run_schema(module: AnsibleModule) -> dict[str, Any]:
    """The result of ndb_schema."""
    scripts = scripts_of(module)
    wanted = wanted_of(module.params, module.check_mode)
    if not module.check_mode:
        require_pymysql(module)
    try:
        outcome = _outcome(login_of(module.params), scripts, wanted, module.check_mode)
    except (LockLost, Refused, SqlError, UnknownDatabase) as error:
        module.fail_json(msg=f"{wanted.database}: {error}")
        raise
    for line in drift_lines(dict(outcome.plan.drift)):
        module.warn(f"{wanted.database}: {line}")
    return schema_result(outcome, scripts)


def _outcome(login: Login, scripts: Scripts, wanted: Wanted, check_mode: bool) -> Outcome:
    """What was done; a dry run where nothing answers or PyMySQL is not installed yet plans from nothing."""
    empty = make_plan(scripts, Catalogue(), wanted.deployments, wanted.prune)
    if check_mode and PYMYSQL_ERROR:
        return Outcome(empty, empty.statements(wanted.database))
    try:
        return migrate(login, scripts, wanted, check_mode)
    except SqlError as error:
        if not (check_mode and error.lost):
            raise
        return Outcome(empty, empty.statements(wanted.database))


def schema_result(outcome: Outcome, scripts: Scripts) -> dict[str, Any]:
    """What ndb_schema returns for an outcome."""
    plan = outcome.plan
    before = str(plan.version) if plan.version else ""
    after = str(scripts.baseline.version)
    sent = "".join(f"{statement.rstrip(';')};\n" for statement in outcome.statements)
    return {
        "changed": bool(outcome.statements),
        "statements": outcome.statements,
        "version": after,
        "version_before": before,
        "adopted": plan.adopted,
        "drift": dict(plan.drift),
        "surplus": list(plan.surplus),
        "diff": {"before": "", "after": sent},
    }


def run_info(module: AnsibleModule) -> SchemaReport:
    """The result of ndb_schema_info."""
    scripts = scripts_of(module)
    require_pymysql(module)
    try:
        return read_report(
            login_of(module.params),
            scripts,
            module.params["database"],
            module.params["deployments"],
            module.params["count_rows"],
        )
    except (SqlError, UnknownDatabase) as error:
        module.fail_json(msg=f"{module.params['database']}: {error}")
        raise
