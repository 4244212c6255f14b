"""The lab's one background process, found by a pid file that cannot name somebody else's process."""

from __future__ import annotations

import os
import select
import signal
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from lab.errors import LabError
from lab.files import write_atomically


@dataclass(frozen=True)
class ProcessId:
    """A pid with its start time in clock ticks since boot: together they are never used twice."""

    pid: int
    start_ticks: int


def start_ticks(stat: str) -> int:
    """The start time (field 22) out of the text of /proc/<pid>/stat; the command may hold blanks and brackets."""
    return int(stat.rpartition(")")[2].split()[19])


def parse(text: str) -> ProcessId | None:
    """The content of a pid file, or None where it is not one."""
    words = text.split()
    if len(words) == 2 and all(word.isdigit() for word in words):
        return ProcessId(int(words[0]), int(words[1]))
    return None


def identify(pid: int) -> ProcessId | None:
    """The identity of a process that runs now, or None."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return None
    if text.rpartition(")")[2].split()[0] == "Z":
        return None
    return ProcessId(pid, start_ticks(text))


def recorded(pid_file: Path) -> ProcessId | None:
    """The process that the pid file names, if that very process still runs."""
    try:
        wanted = parse(pid_file.read_text(encoding="ascii"))
    except (FileNotFoundError, UnicodeDecodeError):
        return None
    if wanted is None or identify(wanted.pid) != wanted:
        return None
    return wanted


def record_self(pid_file: Path) -> None:
    """Write the pid file of the calling process."""
    own = identify(os.getpid())
    if own is None:
        raise LabError("/proc does not show this process; expected a mounted /proc: mount it and run again")
    write_atomically(pid_file, f"{own.pid} {own.start_ticks}\n")


def end(pid_file: Path, grace_seconds: float = 10.0) -> bool:
    """End the recorded process, by SIGTERM and after the grace by SIGKILL; returns whether there was one."""
    process = recorded(pid_file)
    if process is None:
        return False
    try:
        descriptor = os.pidfd_open(process.pid)
    except ProcessLookupError:
        return False
    try:
        if identify(process.pid) != process:
            return False
        for number in (signal.SIGTERM, signal.SIGKILL):
            signal.pidfd_send_signal(descriptor, number)
            if select.select([descriptor], [], [], grace_seconds)[0]:
                return True
    except ProcessLookupError:
        return True
    finally:
        os.close(descriptor)
    raise LabError(f"process {process.pid} did not end within {grace_seconds} s of SIGKILL; look at it with ps")


def marked(variable: str, value: str) -> list[ProcessId]:
    """Every process whose environment was started with `variable` set to `value` or to a path below it."""
    exact, below = f"{variable}={value}".encode(), f"{variable}={value}/".encode()
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            words = (entry / "environ").read_bytes().split(b"\0")
        except OSError:
            continue
        if any(word == exact or word.startswith(below) for word in words):
            identity = identify(int(entry.name))
            if identity is not None:
                found.append(identity)
    return found


def end_marked(variable: str, value: str, grace_seconds: float = 3.0) -> int:
    """End those processes, by SIGTERM and after the grace by SIGKILL; returns how many there were."""
    number = len(marked(variable, value))
    for sent in (signal.SIGTERM, signal.SIGKILL):
        found = marked(variable, value)
        _signal_all(found, sent, grace_seconds)
        if not found:
            break
    if left := marked(variable, value):
        raise LabError(f"process {left[0].pid} did not end within {grace_seconds} s of SIGKILL; look at it with ps")
    return number


def _signal_all(processes: list[ProcessId], number: signal.Signals, grace_seconds: float) -> None:
    """Send a signal to each, and wait for their end, at most for the grace."""
    descriptors = []
    deadline = monotonic() + grace_seconds
    try:
        for one in processes:
            try:
                descriptor = os.pidfd_open(one.pid)
            except ProcessLookupError:
                continue
            descriptors.append(descriptor)
            if identify(one.pid) == one:
                try:
                    signal.pidfd_send_signal(descriptor, number)
                except ProcessLookupError:
                    continue
        for descriptor in descriptors:
            select.select([descriptor], [], [], max(0.0, deadline - monotonic()))
    finally:
        for descriptor in descriptors:
            os.close(descriptor)
