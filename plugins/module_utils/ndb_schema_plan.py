# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What is to be done to a database, statement by statement."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_catalogue import LOCK_TABLE, Catalogue
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_compare import same, table_differences
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_ddl import Statement
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_flyway import (
    BASELINE_TEXT,
    HistoryRow,
    Version,
    history_statement,
)
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_scripts import Migration, Scripts
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_shape import Table
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_standing import (
    Standing,
    find_standing,
    own_shapes,
)


@dataclass(frozen=True)
class Action:
    """A statement to send, or a row of the history to write.

    Attributes:
        sql: the statement; of a row a description.
        verb: as in `Statement`, or record.
        tables: what its tables are afterwards; None for one that is gone.
        record: the row to write, whose rank is given when it is written.
        losing: tables whose rows are gone afterwards.
    """

    sql: str
    verb: str
    tables: Mapping[str, Table | None] = field(default_factory=dict)
    record: HistoryRow | None = None
    losing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """What is to be done, and what was found.

    Attributes:
        version: the version that the database has now; None if it has none.
        adopted: whether the database was made by other means and is taken over.
        actions: what is to be done, in this order.
        drift: tables that are not what they should be, with a line for each difference.
        surplus: tables of deployments beyond the wanted number.
        losing: tables whose rows the actions would lose.
        prepared: whether database, history and lock exist.
    """

    version: Version | None
    adopted: bool
    actions: tuple[Action, ...]
    drift: Mapping[str, list[str]]
    surplus: tuple[str, ...]
    losing: tuple[str, ...]
    prepared: bool

    def statements(self, database: str) -> list[str]:
        """The statements as text, those that make history and lock included."""
        if not self.actions:
            return []
        return [*([] if self.prepared else preparations(database)), *(action.sql for action in self.actions)]


def preparations(database: str) -> list[str]:
    """The statements that make the database, the history and the lock where they are missing."""
    return [
        f"CREATE DATABASE IF NOT EXISTS `{database}`",
        history_statement(database),
        f"CREATE TABLE IF NOT EXISTS `{database}`.`{LOCK_TABLE}` (\n"
        "  id TINYINT NOT NULL,\n"
        "  owner VARCHAR(200) NOT NULL DEFAULT '',\n"
        "  beat BIGINT NOT NULL DEFAULT 0,\n"
        "  PRIMARY KEY (id)\n"
        ") ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_bin",
    ]


def lock_row(database: str) -> str:
    """The statement that makes the lock's row where it is missing."""
    return f"INSERT IGNORE INTO `{database}`.`{LOCK_TABLE}` (id) VALUES (1)"  # noqa: S608 # a checked name


def _record(version: Version, description: str, kind: str, script: str, number: int | None) -> Action:
    row = HistoryRow(0, version, description, kind, script, number, success=True)
    return Action(f"-- version {version} is recorded ({kind})", "record", record=row)


def _baseline_record(version: Version) -> Action:
    """The row that Flyway's own command `baseline` would write."""
    return _record(version, BASELINE_TEXT, "BASELINE", BASELINE_TEXT, None)


def _action(statement: Statement, before: Mapping[str, Table], after: Mapping[str, Table]) -> Action:
    touched = {*statement.names, *(name for name in after if name not in before)}
    changes = {name: after.get(name) for name in touched} if statement.verb not in ("data", "truncate") else {}
    if statement.verb in ("logfile_group", "tablespace"):
        changes = {}
    losing = statement.names if statement.loses_rows else ()
    return Action(statement.sql, statement.verb, changes, losing=losing)


def _migration_actions(migration: Migration, catalogue: Catalogue, done: int) -> Iterator[Action]:
    """The statements of a script from the given one on, less those that make a disk object which exists."""
    existing = {"logfile_group": catalogue.logfile_groups, "tablespace": catalogue.tablespaces}
    for number, statement in enumerate(migration.statements):
        if number >= done and statement.names[0] not in existing.get(statement.verb, ()):
            yield _action(statement, migration.states[number], migration.states[number + 1])


def _baseline_actions(scripts: Scripts, catalogue: Catalogue) -> Iterator[Action]:
    for action in _migration_actions(scripts.baseline, catalogue, 0):
        if not action.tables or not all(name in catalogue.tables for name in action.tables):
            yield action
    yield _baseline_record(scripts.baseline.version)


def _step_actions(scripts: Scripts, catalogue: Catalogue, standing: Standing) -> Iterator[Action]:
    if standing.version is None:
        return
    if not standing.recorded:
        yield _baseline_record(standing.version)
    done = standing.done
    for step in scripts.steps:
        if standing.version < step.version:
            yield from _migration_actions(step, catalogue, done)
            yield _record(step.version, step.name.description, "SQL", step.file, step.checksum)
            done = 0


def missing_deployment_tables(scripts: Scripts, catalogue: Catalogue, deployments: int) -> list[Action]:
    """The statements that make the tables of the deployments where they are missing."""
    return [
        Action(template.statement(number), "create", {f"{template.prefix}{number}": template.table})
        for number in range(deployments)
        for template in scripts.templates
        if f"{template.prefix}{number}" not in catalogue.tables
    ]


def surplus_tables(scripts: Scripts, catalogue: Catalogue, deployments: int) -> list[str]:
    """The tables of deployments beyond the wanted number, by that number."""
    owners = {name: scripts.deployment_table(name) for name in catalogue.tables}
    numbers = {name: owner[1] for name, owner in owners.items() if owner is not None and owner[1] >= deployments}
    return sorted(numbers, key=lambda name: (numbers[name], name))


def deployment_drift(scripts: Scripts, catalogue: Catalogue) -> dict[str, list[str]]:
    """The tables of deployments that are not what their template makes."""
    found: dict[str, list[str]] = {}
    for name, table in catalogue.tables.items():
        owner = scripts.deployment_table(name)
        if owner is not None and not same(owner[0].table, table):
            found[name] = table_differences(owner[0].table, table)
    return found


def make_plan(scripts: Scripts, catalogue: Catalogue, deployments: int, prune: bool) -> Plan:
    """Compare what is with what should be.

    Args:
        scripts: what should be.
        catalogue: what is.
        deployments: how many deployments have tables of their own.
        prune: whether the tables of further deployments are to go.

    Raises:
        UnknownDatabase: none of the scripts made the database, or its history does not fit the scripts.
    """
    standing = find_standing(scripts, catalogue)
    surplus = surplus_tables(scripts, catalogue, deployments)
    actions: list[Action] = []
    if standing.version is None:
        actions += _baseline_actions(scripts, catalogue)
    else:
        actions += _step_actions(scripts, catalogue, standing)
    actions += missing_deployment_tables(scripts, catalogue, deployments)
    if prune:
        actions += [Action(f"DROP TABLE IF EXISTS {name}", "drop", {name: None}, losing=(name,)) for name in surplus]
    present = {*own_shapes(scripts, catalogue), *surplus}
    losing = [name for action in actions for name in action.losing if name in present]
    return Plan(
        standing.version,
        adopted=not standing.recorded,
        actions=tuple(actions),
        drift={**standing.drift, **deployment_drift(scripts, catalogue)},
        surplus=tuple(surplus),
        losing=tuple(dict.fromkeys(losing)),
        prepared=catalogue.has_own_tables,
    )
