# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Programs that run once in a systemd unit of their own: the command that starts one, and what became of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from ansible_collections.lambdafs.cluster.plugins.module_utils.polling import poll
from ansible_collections.lambdafs.cluster.plugins.module_utils.vm_state import parse_properties

ABSENT = "absent"
RUNNING = "running"
SUCCEEDED = "succeeded"
FAILED = "failed"

PROPERTIES = ("LoadState", "ActiveState", "SubState", "Result", "ExecMainStatus", "MainPID", "ActiveEnterTimestamp")
_BUSY = ("active", "activating", "deactivating", "reloading")

# Runs a command and returns its standard output; a command that fails is an error of its own
Run = Callable[[Sequence[str]], str]


class UnitError(Exception):
    """A unit is not in the state that was asked for."""


@dataclass(frozen=True)
class Program:
    """What a unit runs. Standard output and error are appended to `output`; after `seconds` the unit is ended."""

    argv: tuple[str, ...]
    user: str
    directory: str
    output: str
    seconds: int
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Unit:
    """A unit as systemd knows it.

    Attributes:
        name: its name.
        state: absent, running, succeeded or failed.
        result: systemd's word for how it ended, such as exit-code, signal or timeout; empty while it is absent.
        exit_status: of its main process, or the signal that ended it; 0 while it runs.
        since: when it started, in systemd's form; empty while it is absent.
    """

    name: str
    state: str
    result: str = ""
    exit_status: int = 0
    since: str = ""


def start_command(name: str, program: Program) -> list[str]:
    """The command that starts a program; the unit is kept when the program has ended, so that its end can be read."""
    settings = {
        "WorkingDirectory": program.directory,
        "StandardOutput": f"append:{program.output}",
        "StandardError": f"append:{program.output}",
        "RuntimeMaxSec": str(program.seconds),
        "TimeoutStopSec": "30",
        "LimitNOFILE": "65536",
    }
    return [
        "systemd-run",
        f"--unit={name}",
        f"--uid={program.user}",
        "--remain-after-exit",
        "--quiet",
        *(f"--property={key}={value}" for key, value in settings.items()),
        *(f"--setenv={key}={value}" for key, value in sorted(program.environment.items())),
        "--",
        *program.argv,
    ]


def describe(name: str, text: str) -> Unit:
    """A unit from the answer of `systemctl show`."""
    found = parse_properties(text)
    active = found.get("ActiveState", "")
    if active == "failed":
        state = FAILED
    elif active == "active" and found.get("SubState") == "exited":
        state = SUCCEEDED
    else:
        state = RUNNING if active in _BUSY else ABSENT
    if state == ABSENT:
        return Unit(name, ABSENT)
    return Unit(
        name,
        state,
        found.get("Result", ""),
        int(found.get("ExecMainStatus") or 0),
        found.get("ActiveEnterTimestamp", ""),
    )


def look(name: str, run: Run) -> Unit:
    """Ask systemd for a unit."""
    return describe(name, run(["systemctl", "show", f"--property={','.join(PROPERTIES)}", "--", f"{name}.service"]))


def require_not_running(unit: Unit) -> None:
    """Refuse to start beside a program that still runs.

    Raises:
        UnitError: it runs.
    """
    if unit.state == RUNNING:
        raise UnitError(
            f"{unit.name} runs since {unit.since or 'a moment ago'}, expected nothing of this name to run:"
            f" wait for its end, or end it with systemctl stop {unit.name}"
        )


def start(name: str, program: Program, run: Run) -> Unit:
    """Start a program; what is left of an earlier one of this name is cleared.

    Raises:
        UnitError: a program of this name still runs.
    """
    require_not_running(look(name, run))
    stop(name, run)
    run(start_command(name, program))
    return look(name, run)


def stop(name: str, run: Run) -> Unit:
    """End a program and everything that it started, and forget the unit.

    Raises:
        UnitError: systemd still knows it.
    """
    unit = look(name, run)
    if unit.state in (RUNNING, SUCCEEDED):
        run(["systemctl", "stop", "--", f"{name}.service"])
        unit = look(name, run)
    if unit.state == FAILED:
        run(["systemctl", "reset-failed", "--", f"{name}.service"])
        unit = look(name, run)
    if unit.state != ABSENT:
        raise UnitError(
            f"{name} is {unit.state} after it was stopped, expected it to be gone: see journalctl -u {name}"
        )
    return unit


def wait(name: str, timeout: float, run: Run) -> Unit:
    """Wait for the end of a program.

    Args:
        name: the unit's name.
        timeout: seconds to wait.
        run: runs a command.

    Raises:
        UnitError: it still runs after that time.
    """
    unit = poll(lambda: look(name, run), lambda found: found.state != RUNNING, timeout, interval=2)
    if unit.state == RUNNING:
        raise UnitError(
            f"{name} still runs after {timeout:g} s, expected its end: raise the timeout,"
            f" or see what it does with journalctl -u {name}"
        )
    return unit
