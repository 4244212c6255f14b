"""Commands that take their time: what they print is shown as it comes, and kept for the error."""

from __future__ import annotations

import subprocess
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from lab.errors import LabError

_SHOWN_LINES = 15


def stream(
    command: Sequence[str],
    on_line: Callable[[str], None],
    remedy: str,
    *,
    cwd: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> None:
    """Run a command to its end.

    Args:
        command: the program and its arguments.
        on_line: called with each line that it prints, less the line's end.
        remedy: what to do when it fails.
        cwd: the directory to run it in.
        environment: all of its environment variables.

    Raises:
        LabError: its exit status is not 0; the message holds its last lines.
    """
    last: deque[str] = deque(maxlen=_SHOWN_LINES)
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
        errors="replace",
        cwd=cwd,
        env=environment,
    ) as process:
        for line in process.stdout or ():
            last.append(line.rstrip())
            on_line(line.rstrip())
    if process.returncode != 0:
        tail = "\n".join(last)
        raise LabError(
            f"{command[0]} ended with status {process.returncode}, expected 0; {remedy}. Its last lines:\n{tail}"
        )
