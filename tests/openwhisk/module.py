"""Runs a module of the collection in a process of its own: `python -m tests.openwhisk.module NAME`, arguments on stdin.

Prints its result, and with it the peak of the process's memory in bytes.
"""

from __future__ import annotations

import importlib
import io
import json
import os
import re
import subprocess
import sys
from contextlib import redirect_stdout, suppress
from pathlib import Path
from typing import Any

from ansible.module_utils.testing import patch_module_args

ROOT = Path(__file__).resolve().parents[2]


def start(name: str, arguments: dict[str, Any]) -> subprocess.Popen[str]:
    """Start a module."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.openwhisk.module", name],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT / 'collections'}"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    process.stdin.write(json.dumps(arguments))
    process.stdin.close()
    process.stdin = None
    return process


def result_of(process: subprocess.Popen[str]) -> dict[str, Any]:
    """The result of a module, once it has ended."""
    output, _ = process.communicate()
    result: dict[str, Any] = json.loads(output)
    return result


def run(name: str, **arguments: Any) -> dict[str, Any]:
    """The result of a module."""
    return result_of(start(name, arguments))


def peak_bytes() -> int:
    """The peak of this program's memory; getrusage would count the process that it was forked from as well."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    found = re.search(r"^VmHWM:\s*(\d+) kB$", status, re.MULTILINE)
    assert found is not None
    return int(found[1]) * 1024


def main() -> None:
    """Run it in this process."""
    module = importlib.import_module(f"ansible_collections.lambdafs.cluster.plugins.modules.{sys.argv[1]}")
    printed = io.StringIO()
    with patch_module_args(json.load(sys.stdin)), redirect_stdout(printed), suppress(SystemExit):
        module.main()
    print(json.dumps({**json.loads(printed.getvalue()), "peak_bytes": peak_bytes()}))


if __name__ == "__main__":
    main()
