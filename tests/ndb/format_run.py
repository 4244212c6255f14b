"""A run of hopsfs_format as a process of its own, which a test can kill: its arguments as JSON, its result as JSON."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from ansible_collections.lambdafs.cluster.plugins.modules import hopsfs_format

from tests.ndb.modules import run_module
from tests.repository import ROOT


def start(**arguments: Any) -> subprocess.Popen[str]:
    """Start a run."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.ndb.format_run", json.dumps(arguments)],
        cwd=ROOT,
        env={"PYTHONPATH": "collections"},
        stdout=subprocess.PIPE,
        text=True,
    )


def result(run: subprocess.Popen[str]) -> dict[str, Any]:
    """The result of a run, as soon as it has ended."""
    output, _errors = run.communicate(timeout=180)
    found: dict[str, Any] = json.loads(output)
    return found


def main() -> None:
    """Run."""
    print(json.dumps(run_module(hopsfs_format, **json.loads(sys.argv[1]))))


if __name__ == "__main__":
    main()
