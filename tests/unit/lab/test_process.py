"""A pid file names a process by pid and start time, so that a recycled pid is never taken for it."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from lab.process import ProcessId, end, identify, parse, record_self, recorded, start_ticks


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(["sleep", "60"]) as process:
        yield process
        process.kill()


def test_start_time_is_found_behind_an_awkward_command() -> None:
    fields = " ".join(str(number) for number in range(4, 53))
    assert start_ticks(f"7 (a) b (c) S {fields}\n") == 22


@pytest.mark.parametrize("text", ["", "12", "12 x", "12 13 14", "-1 5"])
def test_damaged_pid_file_names_nothing(text: str) -> None:
    assert parse(text) is None


def test_own_process_is_recorded(tmp_path: Path) -> None:
    record_self(tmp_path / "pid")
    assert recorded(tmp_path / "pid") == identify(os.getpid())


def test_recycled_pid_is_not_ended(tmp_path: Path, sleeper: subprocess.Popen[bytes]) -> None:
    running = identify(sleeper.pid)
    assert running is not None
    (tmp_path / "pid").write_text(f"{running.pid} {running.start_ticks - 1}\n")
    assert recorded(tmp_path / "pid") is None
    assert not end(tmp_path / "pid")
    assert identify(sleeper.pid) == running


def test_recorded_process_is_ended(tmp_path: Path, sleeper: subprocess.Popen[bytes]) -> None:
    running = identify(sleeper.pid)
    assert isinstance(running, ProcessId)
    (tmp_path / "pid").write_text(f"{running.pid} {running.start_ticks}\n")
    assert end(tmp_path / "pid")
    assert sleeper.wait() == -signal.SIGTERM


def test_absent_pid_file_names_nothing(tmp_path: Path) -> None:
    assert not end(tmp_path / "pid")
