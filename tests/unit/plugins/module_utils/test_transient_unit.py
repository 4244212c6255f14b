"""Programs in units of their own, by what systemd says of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from ansible_collections.lambdafs.cluster.plugins.module_utils import transient_unit as units
from ansible_collections.lambdafs.cluster.plugins.module_utils import transient_unit_module as module

SINCE = "Sun 2026-11-29 10:00:00 UTC"
STARTED = f"ExecMainStatus=0\nActiveEnterTimestamp={SINCE}\n"
# As systemctl 252 shows them
SHOWN = {
    "absent": "LoadState=not-found\nActiveState=inactive\nSubState=dead\nResult=success\nExecMainStatus=0\nMainPID=0\n",
    "running": f"ActiveState=active\nSubState=running\nResult=success\n{STARTED}",
    "succeeded": f"ActiveState=active\nSubState=exited\nResult=success\n{STARTED}",
    "failed": "ActiveState=failed\nSubState=failed\nResult=exit-code\nExecMainStatus=1\nActiveEnterTimestamp=\n",
    "stopping": "ActiveState=deactivating\nSubState=stop-sigterm\nResult=timeout\nExecMainStatus=0\n",
}
PROGRAM = units.Program(("/bin/true", "-x"), "ubuntu", "/opt/b", "/var/tmp/log", 600, {"B": "2", "A": "1"})


class Systemd:
    """Shows one state after the other, the last one for ever, and notes what else it was told."""

    def __init__(self, *states: str) -> None:
        self.states = list(states)
        self.told: list[list[str]] = []

    def __call__(self, command: Sequence[str]) -> str:
        if list(command[:2]) == ["systemctl", "show"]:
            return SHOWN[self.states.pop(0) if len(self.states) > 1 else self.states[0]]
        self.told.append(list(command))
        return ""


@pytest.mark.parametrize(
    ("shown", "unit"),
    [
        ("absent", units.Unit("u", "absent")),
        ("running", units.Unit("u", "running", "success", 0, SINCE)),
        ("succeeded", units.Unit("u", "succeeded", "success", 0, SINCE)),
        ("failed", units.Unit("u", "failed", "exit-code", 1)),
        ("stopping", units.Unit("u", "running", "timeout")),
    ],
)
def test_states(shown: str, unit: units.Unit) -> None:
    assert units.describe("u", SHOWN[shown]) == unit


def test_the_command_bounds_the_program_and_keeps_its_arguments_apart() -> None:
    assert units.start_command("u", PROGRAM) == [
        "systemd-run",
        "--unit=u",
        "--uid=ubuntu",
        "--remain-after-exit",
        "--quiet",
        "--property=WorkingDirectory=/opt/b",
        "--property=StandardOutput=append:/var/tmp/log",
        "--property=StandardError=append:/var/tmp/log",
        "--property=RuntimeMaxSec=600",
        "--property=TimeoutStopSec=30",
        "--property=LimitNOFILE=65536",
        "--setenv=A=1",
        "--setenv=B=2",
        "--",
        "/bin/true",
        "-x",
    ]


def test_nothing_is_started_beside_a_program_that_runs() -> None:
    systemd = Systemd("running")
    with pytest.raises(units.UnitError, match=f"u runs since {SINCE}, expected nothing of this name"):
        units.start("u", PROGRAM, systemd)
    assert systemd.told == []


def test_what_is_left_of_an_earlier_run_is_cleared() -> None:
    systemd = Systemd("failed", "failed", "absent", "running")
    assert units.start("u", PROGRAM, systemd).state == "running"
    assert [command[:2] for command in systemd.told] == [["systemctl", "reset-failed"], ["systemd-run", "--unit=u"]]


def test_a_stopped_program_is_forgotten() -> None:
    systemd = Systemd("running", "failed", "absent")
    assert units.stop("u", systemd).state == "absent"
    assert [command[1] for command in systemd.told] == ["stop", "reset-failed"]


def test_a_program_that_does_not_go_is_told() -> None:
    with pytest.raises(units.UnitError, match="u is running after it was stopped"):
        units.stop("u", Systemd("running"))


def test_the_end_is_waited_for() -> None:
    assert units.wait("u", 60, Systemd("running", "running", "failed")).exit_status == 1


def test_waiting_has_a_bound() -> None:
    with pytest.raises(units.UnitError, match=r"u still runs after 0\.1 s, expected its end"):
        units.wait("u", 0.1, Systemd("running"))


def arguments(state: str, **changes: Any) -> dict[str, Any]:
    values = {name: spec.get("default") for name, spec in module.ARGUMENTS.items()}
    return {**values, "name": "u", "state": state, "argv": ["/bin/true"], **changes}


@pytest.mark.parametrize(
    ("state", "shown", "after"),
    [
        ("started", "absent", "running"),
        ("started", "succeeded", "running"),
        ("stopped", "running", "absent"),
        ("finished", "running", "running"),
    ],
)
def test_check_mode_tells_the_outcome_and_does_nothing(state: str, shown: str, after: str) -> None:
    systemd = Systemd(shown)
    before, found = module.apply(arguments(state), True, systemd)
    assert (before.state, found.state, systemd.told) == (shown, after, [])


def test_check_mode_refuses_as_the_run_would() -> None:
    with pytest.raises(units.UnitError, match="expected nothing of this name to run"):
        module.apply(arguments("started"), True, Systemd("running"))


def test_stopping_what_is_not_there_changes_nothing() -> None:
    systemd = Systemd("absent")
    before, after = module.apply(arguments("stopped"), False, systemd)
    assert before == after
    assert systemd.told == []
