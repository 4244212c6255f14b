# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The scripts of the schema: the baseline, the steps from older versions, the tables of one deployment."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_compare import drift_lines, shape_differences
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_ddl import (
    Statement,
    UnknownStatement,
    parse_statement,
)
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_flyway import (
    ScriptName,
    Version,
    checksum,
    parse_script_name,
)
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_shape import Shapes, Table
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_split import ScriptError, split_statements

TEMPLATE_FILE = "deployment_tables.sql.template"
PLACEHOLDER = "${deployment}"


@dataclass(frozen=True)
class Migration:
    """One script: its statements, and the shapes before the first and after each of them."""

    file: str
    name: ScriptName
    checksum: int
    statements: tuple[Statement, ...]
    states: tuple[Shapes, ...]

    @property
    def version(self) -> Version:
        return self.name.version

    @property
    def after(self) -> Shapes:
        return self.states[-1]


@dataclass(frozen=True)
class Template:
    """A table that each deployment has of its own; its name is the prefix and the deployment's number."""

    prefix: str
    sql: str
    table: Table

    def statement(self, number: int) -> str:
        """The statement that makes the table of one deployment."""
        return self.sql.replace(PLACEHOLDER, str(number))

    def number(self, table: str) -> int | None:
        """The number of the deployment that a table belongs to, or None if it is another table."""
        found = re.fullmatch(rf"{re.escape(self.prefix)}(0|[1-9]\d*)", table)
        return int(found[1]) if found else None


@dataclass(frozen=True)
class Scripts:
    """All scripts; the steps are in the order of their versions and end with the baseline's version."""

    baseline: Migration
    steps: tuple[Migration, ...]
    templates: tuple[Template, ...]

    @property
    def known_tables(self) -> frozenset[str]:
        """Names of the tables that any version has."""
        return frozenset(name for step in self.steps for state in step.states for name in state)

    def deployment_table(self, table: str) -> tuple[Template, int] | None:
        """The template and number of a deployment's table, or None if it is another table."""
        for template in self.templates:
            number = template.number(table)
            if number is not None:
                return template, number
        return None


def read_migration(file: str, text: str, before: Shapes) -> Migration:
    """One script.

    Args:
        file: its name.
        text: its text.
        before: the shapes that it finds.

    Raises:
        ScriptError: it cannot be split, or holds a statement whose effect cannot be told.
    """
    name = parse_script_name(file)
    if name is None:
        raise ScriptError(f"{file} is not named as Flyway names versions, expected V1.2__words.sql or B1.2__words.sql")
    states = [before]
    try:
        statements = tuple(map(parse_statement, split_statements(text)))
        for statement in statements:
            states.append(statement.apply(states[-1]))
    except (ScriptError, UnknownStatement, KeyError) as error:
        raise ScriptError(f"{file}: {error}") from error
    return Migration(file, name, checksum(text), statements, tuple(states))


def read_templates(text: str) -> tuple[Template, ...]:
    """The tables of one deployment.

    Raises:
        ScriptError: a statement makes no table whose name ends with the placeholder.
    """
    found = []
    for sql in split_statements(text):
        statement = parse_statement(sql.replace(PLACEHOLDER, "0"))
        name = statement.names[0]
        if statement.verb != "create" or not name.endswith("0") or PLACEHOLDER not in sql:
            raise ScriptError(f"{TEMPLATE_FILE}: {sql[:40]!r} makes no table that ends with {PLACEHOLDER}")
        found.append(Template(name[:-1], sql, statement.apply({})[name]))
    return tuple(found)


def read_scripts(files: Mapping[str, str]) -> Scripts:
    """All scripts, from their texts by file name.

    Raises:
        ScriptError: a script is missing or wrong, or the steps do not lead to what the baseline makes.
    """
    names = {file: name for file in files if (name := parse_script_name(file)) is not None}
    baselines = _sorted(file for file in names if names[file].kind == "B")
    if not baselines or TEMPLATE_FILE not in files:
        missing = TEMPLATE_FILE if baselines else "a baseline (B...sql)"
        raise ScriptError(f"the scripts lack {missing}; install the collection again, or name another folder")
    steps: list[Migration] = []
    for file in _sorted(file for file in names if names[file].kind == "V"):
        steps.append(read_migration(file, files[file], steps[-1].after if steps else {}))
    baseline = read_migration(baselines[-1], files[baselines[-1]], {})
    if not steps or steps[-1].version != baseline.version:
        raise ScriptError(f"{baseline.file} makes version {baseline.version}, but the last step leads to another one")
    drift = shape_differences(baseline.after, steps[-1].after)
    if drift:
        raise ScriptError(f"{baseline.file} and the steps differ: {'; '.join(drift_lines(drift))}")
    return Scripts(baseline, tuple(steps), read_templates(files[TEMPLATE_FILE]))


def _sorted(files: Iterable[str]) -> list[str]:
    """File names in the order of their versions."""
    return sorted(files, key=lambda file: _version(file).numbers)


def _version(file: str) -> Version:
    name = parse_script_name(file)
    return name.version if name else Version("0")
