# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What there is to tell of a schema: version, tables, drift, tables of the deployments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_apply import read_catalogue
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_catalogue import Catalogue
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_plan import make_plan
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_scripts import Scripts
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_sql_connection import Login, SqlServer


@dataclass(frozen=True)
class SchemaReport:
    """The state of a schema; fields as ndb_schema_info documents them."""

    exists: bool
    version: str
    version_wanted: str
    current: bool
    tables: list[dict[str, Any]]
    drift: dict[str, list[str]]
    missing: list[str]
    surplus: list[str]
    lock: str


def read_report(login: Login, scripts: Scripts, database: str, deployments: int, count_rows: bool) -> SchemaReport:
    """Ask an SQL node.

    Raises:
        SqlError: the SQL node refused, or there is no connection.
        UnknownDatabase: none of the scripts made the database.
    """
    server = SqlServer(login)
    try:
        catalogue = read_catalogue(server, database)
        rows = _count_rows(server, database, sorted(catalogue.tables)) if count_rows else {}
    finally:
        server.close()
    return make_report(scripts, catalogue, rows, deployments)


def make_report(scripts: Scripts, catalogue: Catalogue, rows: dict[str, int], deployments: int) -> SchemaReport:
    """What a catalogue and the counted rows tell.

    Raises:
        UnknownDatabase: none of the scripts made the database.
    """
    plan = make_plan(scripts, catalogue, deployments, prune=False)
    made = [name for action in plan.actions for name, table in action.tables.items() if table is not None]
    return SchemaReport(
        exists=catalogue.exists,
        version=str(plan.version or ""),
        version_wanted=str(scripts.baseline.version),
        current=not plan.actions and not plan.drift,
        tables=[
            {
                "name": name,
                "engine": table.engine,
                "fragments": catalogue.fragments.get(name, 0),
                "rows": rows.get(name),
            }
            for name, table in sorted(catalogue.tables.items())
        ],
        drift=dict(plan.drift),
        missing=sorted({name for name in made if name not in catalogue.tables}),
        surplus=list(plan.surplus),
        lock=catalogue.lock_owner,
    )


def _count_rows(server: SqlServer, database: str, tables: list[str]) -> dict[str, int]:
    """The rows of each table, counted in one query."""
    if not tables:
        return {}
    parts = [f"SELECT '{name}', COUNT(*) FROM `{database}`.`{name}`" for name in tables]  # noqa: S608
    return {str(name): int(count) for name, count in server.query(" UNION ALL ".join(parts))}
