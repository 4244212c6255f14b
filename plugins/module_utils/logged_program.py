# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A program that is run with a time limit, its output kept in a file, line by line as it comes."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

HIDDEN = "********"
LOG_MODE = 0o640


class CannotStart(Exception):
    """The program cannot be started, or its output cannot be kept."""


@dataclass(frozen=True)
class Ran:
    """How a program ended: its exit code, negative for a signal; whether its time was over; its output."""

    code: int
    timed_out: bool
    lines: tuple[str, ...]

    @property
    def ending(self) -> str:
        """In words."""
        if self.timed_out:
            return "did not end in time"
        return f"ended with exit code {self.code}" if self.code >= 0 else f"was ended by signal {-self.code}"


def hide(text: str, secrets: Sequence[str]) -> str:
    """The text with secrets made unreadable."""
    for secret in filter(None, secrets):
        text = text.replace(secret, HIDDEN)
    return text


def run_logged(
    arguments: Sequence[str],
    log: Path,
    timeout: float,
    environment: Mapping[str, str] | None = None,
    standard_input: str = "",
    secrets: Sequence[str] = (),
    held_files: Sequence[int] = (),
) -> Ran:
    """Run a program and wait for its end.

    Args:
        arguments: the program and its arguments.
        log: file for output and errors, which only its owner can write and its group can read.
        timeout: seconds after which the program and all that it started are killed.
        environment: variables besides those of this process.
        standard_input: what it reads.
        secrets: texts that neither the file nor the result may hold.
        held_files: open files that stay open as long as the program runs.

    Raises:
        CannotStart: see there.
    """
    try:
        with os.fdopen(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, LOG_MODE), "w", encoding="utf-8") as kept:
            os.fchmod(kept.fileno(), LOG_MODE)
            process = subprocess.Popen(
                list(arguments),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
                errors="replace",
                env={**os.environ, **(environment or {})},
                start_new_session=True,
                pass_fds=tuple(held_files),
            )
            return _follow(process, kept, timeout, standard_input, secrets)
    except OSError as error:
        raise CannotStart(f"{' '.join(arguments)} cannot be run: {error}") from error


def _follow(
    process: subprocess.Popen[str], kept: TextIO, timeout: float, standard_input: str, secrets: Sequence[str]
) -> Ran:
    """Feed the program, keep its lines, and kill its process group when its time is over."""
    over = threading.Event()

    def end() -> None:
        over.set()
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)

    timer = threading.Timer(timeout, end)
    timer.start()
    lines: list[str] = []
    try:
        feeder = threading.Thread(target=_feed, args=(process, standard_input), daemon=True)
        feeder.start()
        for line in process.stdout or ():
            lines.append(hide(line.rstrip("\n"), secrets))
            kept.write(f"{lines[-1]}\n")
            kept.flush()
        code = process.wait()
        feeder.join()
    finally:
        timer.cancel()
    return Ran(code, over.is_set(), tuple(lines))


def _feed(process: subprocess.Popen[str], text: str) -> None:
    """Write what the program reads; one that ends without reading all of it is no error here."""
    with suppress(BrokenPipeError):
        if process.stdin is not None:
            with process.stdin as stream:
                stream.write(text)
