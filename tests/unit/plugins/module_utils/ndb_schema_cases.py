# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The scripts of the collection, and databases to try them on, for the tests of the schema."""

from __future__ import annotations

from functools import cache

from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_catalogue import Catalogue
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_flyway import HistoryRow, Version
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_scripts import (
    Migration,
    Scripts,
    read_scripts,
)
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_shape import Shapes

from tests.repository import ROOT

FINAL = "3.2.0.0.1"
OLDEST = "2.8.2.1"


@cache
def files() -> dict[str, str]:
    """Texts of the collection's scripts by file name."""
    return {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "sql_scripts").iterdir()}


@cache
def scripts() -> Scripts:
    """The collection's scripts."""
    return read_scripts(files())


def step(version: str) -> Migration:
    """The step to a version."""
    return next(step for step in scripts().steps if step.version == Version(version))


def row(version: str) -> HistoryRow:
    """A row of the history as Flyway's command `baseline` writes it."""
    text = "<< Flyway Baseline >>"
    return HistoryRow(1, Version(version), text, "BASELINE", text, None, success=True)


def deployment_tables(count: int) -> Shapes:
    """The tables of this many deployments."""
    return {f"{template.prefix}{number}": template.table for template in scripts().templates for number in range(count)}


def database(tables: Shapes, *history: HistoryRow, deployments: int = 0) -> Catalogue:
    """A database with these tables."""
    return Catalogue(
        exists=True,
        tables={**tables, **deployment_tables(deployments)},
        history=history,
        has_own_tables=bool(history),
        logfile_groups=frozenset({"lg_1"}),
        tablespaces=frozenset({"ts_1"}),
    )
