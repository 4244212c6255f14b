"""A run of ndb_schema as a process of its own, which a test can kill: arguments are those of `Wanted` as JSON."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_apply import Wanted, migrate
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_scripts import Scripts, read_scripts
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_sql_connection import Login

from tests.repository import ROOT


def collection_scripts() -> Scripts:
    """The collection's scripts."""
    return read_scripts({path.name: path.read_text(encoding="utf-8") for path in (ROOT / "sql_scripts").iterdir()})


def start(socket: str, **wanted: Any) -> subprocess.Popen[str]:
    """Start a run; it prints how many statements it sent."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.ndb.schema_run", socket, json.dumps(wanted)],
        cwd=ROOT,
        env={"PYTHONPATH": "collections"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def main() -> None:
    """Run."""
    given = json.loads(sys.argv[2])
    given["confirm_loss"] = frozenset(given.get("confirm_loss", []))
    outcome = migrate(Login(socket=sys.argv[1]), collection_scripts(), Wanted(**given), dry=False)
    print(len(outcome.statements))


if __name__ == "__main__":
    main()
