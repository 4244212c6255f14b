# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Arguments of the module transient_unit, and what each of its states does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.lambdafs.cluster.plugins.module_utils.transient_unit import (
    ABSENT,
    RUNNING,
    Program,
    Run,
    Unit,
    look,
    require_not_running,
    start,
    stop,
    wait,
)

ARGUMENTS: dict[str, Any] = {
    "name": {"type": "str", "required": True},
    "state": {"type": "str", "choices": ["started", "finished", "stopped"], "required": True},
    "argv": {"type": "list", "elements": "str"},
    "user": {"type": "str", "default": "root"},
    "directory": {"type": "path", "default": "/"},
    "environment": {"type": "dict", "default": {}},
    "output": {"type": "path", "default": "/dev/null"},
    "seconds": {"type": "int", "default": 3600},
    "timeout": {"type": "int", "default": 3600},
}


def program_of(values: Mapping[str, Any]) -> Program:
    """The program that the module's arguments name."""
    return Program(
        argv=tuple(values["argv"]),
        user=values["user"],
        directory=values["directory"],
        output=values["output"],
        seconds=values["seconds"],
        environment={key: str(value) for key, value in values["environment"].items()},
    )


def apply(values: Mapping[str, Any], check_mode: bool, run: Run) -> tuple[Unit, Unit]:
    """Bring a unit to the state that is asked for.

    Args:
        values: the module's arguments.
        check_mode: whether to tell the outcome only.
        run: runs a command.

    Returns:
        The unit before and after.

    Raises:
        UnitError: a program of this name still runs, or does not end.
    """
    name = values["name"]
    before = look(name, run)
    if values["state"] == "started":
        require_not_running(before)
        return before, Unit(name, RUNNING) if check_mode else start(name, program_of(values), run)
    if values["state"] == "finished":
        return before, before if check_mode else wait(name, values["timeout"], run)
    return before, Unit(name, ABSENT) if check_mode else stop(name, run)
