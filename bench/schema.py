"""Times the metadata schema on a real NDB cluster of two data nodes on this machine.

The same database is made by the mysql client from scripts in the shape of HopsFS's own: every version one after the
other, one change a statement. Usage: PYTHONPATH=collections python -m bench.schema
"""

from __future__ import annotations

import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_apply import Wanted, migrate
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_scripts import Scripts
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_sql_connection import Login
from rich.console import Console
from rich.table import Table

from tests.ndb.cluster import NdbCluster, archive_path, unpack
from tests.ndb.schema_databases import DISK_OBJECTS, query, single_changes, statements_of
from tests.ndb.schema_run import collection_scripts

DATABASE = "bench"
SIZES = (20, 200)
PLANNED = 1000


def hopsfs_script(scripts: Scripts, deployments: int) -> list[str]:
    """Statements as HopsFS's own scripts have them."""
    steps = [sql for step in scripts.steps for sql in statements_of(str(step.version))]
    changes = [change for sql in steps for change in single_changes(sql) if change not in DISK_OBJECTS]
    tables = [template.statement(number) for template in scripts.templates for number in range(deployments)]
    return [*changes, *tables]


def by_client(cluster: NdbCluster, statements: list[str]) -> None:
    """Send the statements through the mysql client."""
    script = f"CREATE DATABASE {DATABASE}; USE {DATABASE};\n" + "".join(f"{sql};\n" for sql in statements)
    subprocess.run(
        [cluster.program("mysql"), f"--socket={cluster.socket}", "--user=root"], input=script, text=True, check=True
    )


def seconds(call: Callable[[], object]) -> float:
    """How long a call takes."""
    started = time.monotonic()
    call()
    return time.monotonic() - started


def measure(cluster: NdbCluster, table: Table) -> None:
    """Measure, and fill the table."""
    scripts = collection_scripts()
    login = Login(socket=str(cluster.socket))

    def ours(deployments: int, dry: bool = False) -> Callable[[], object]:
        return lambda: migrate(login, scripts, Wanted(DATABASE, deployments), dry)

    with cluster.connect() as connection:
        # The disk objects outlive a database: made before either way is timed
        for sql in DISK_OBJECTS:
            query(connection, sql)
        for size in SIZES:
            statements = hopsfs_script(scripts, size)
            altered = sum(sql.startswith("ALTER") for sql in statements)
            theirs = seconds(lambda statements=statements: by_client(cluster, statements))  # type: ignore[misc]
            query(connection, f"DROP DATABASE {DATABASE}")
            made = seconds(ours(size))
            again = seconds(ours(size))
            planned = seconds(ours(PLANNED, dry=True))
            query(connection, f"DROP DATABASE {DATABASE}")
            what = f"mysql client, {len(statements)} statements, {altered} of them ALTERs"
            table.add_row(f"{size}", what, f"{theirs:.1f}", "1")
            table.add_row("", "ndb_schema from nothing", f"{made:.1f}", f"{made / theirs:.2f}")
            table.add_row("", "ndb_schema again, nothing to do", f"{again:.2f}", f"{again / theirs:.3f}")
            table.add_row("", f"its plan for {PLANNED} deployments", f"{planned:.2f}", "")


def main() -> None:
    """Print the table."""
    table = Table("deployments", "what", "s", "ratio", title="Metadata schema, two data nodes", title_justify="left")
    with tempfile.TemporaryDirectory() as folder:
        programs = unpack(archive_path(), Path(folder) / "programs")
        with NdbCluster(programs, Path(folder) / "cluster") as cluster:
            cluster.start()
            measure(cluster, table)
    Console(width=100).print(table)


if __name__ == "__main__":
    main()
