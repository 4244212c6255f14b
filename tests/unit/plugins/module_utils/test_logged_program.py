from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest
from ansible_collections.lambdafs.cluster.plugins.module_utils.logged_program import CannotStart, run_logged


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_output_and_errors_go_to_the_file_in_their_order_without_secrets(tmp_path: Path) -> None:
    log = tmp_path / "log"
    code = "import os, sys; print('out', os.environ['A'], flush=True); sys.stderr.write('s3cret\\n'); sys.exit(3)"
    ran = run_logged(python(code), log, 60, {"A": "b"}, secrets=["", "s3cret"])
    assert (ran.code, ran.timed_out, ran.lines) == (3, False, ("out b", "********"))
    assert ran.ending == "ended with exit code 3"
    assert log.read_text(encoding="utf-8") == "out b\n********\n"
    assert stat.S_IMODE(log.stat().st_mode) == 0o640


def test_a_program_reads_its_input_or_not(tmp_path: Path) -> None:
    assert run_logged(python("print(input())"), tmp_path / "log", 60, standard_input="7\n").lines == ("7",)
    assert run_logged(python("pass"), tmp_path / "log", 60, standard_input="7\n" * 100000).code == 0


def test_a_program_is_killed_with_its_children_when_its_time_is_over(tmp_path: Path) -> None:
    code = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import signal; signal.pause()'])"
    ran = run_logged(python(f"print('begun', flush=True); {code}"), tmp_path / "log", 2)
    assert ran.timed_out
    assert ran.ending == "did not end in time"
    assert ran.lines == ("begun",)


def test_a_program_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match=r"/nonexistent/hdfs namenode cannot be run: .*No such file"):
        run_logged(["/nonexistent/hdfs", "namenode"], tmp_path / "log", 1)
