"""What the platform allows, read from the environment variables of OpenWhisk's own controller."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lab.openwhisk import units
from lab.openwhisk.errors import ApiError, malformed

MEGABYTE = 1024 * 1024
EXEC_BYTES = 48 * MEGABYTE
PARAMETER_BYTES = 1 * MEGABYTE
LIST_LENGTH = 200


@dataclass(frozen=True)
class Range:
    """Smallest, largest and standard value of one limit of an action."""

    min: int
    max: int
    std: int


@dataclass(frozen=True)
class Limits:
    """The limits; the defaults are those of OpenWhisk's own configuration.

    `memory` and `logs` in MB, `timeout` in milliseconds, `concurrency` in activations a container.
    """

    memory: Range = field(default_factory=lambda: Range(128, 512, 256))
    timeout: Range = field(default_factory=lambda: Range(100, 300_000, 60_000))
    logs: Range = field(default_factory=lambda: Range(0, 10, 10))
    concurrency: Range = field(default_factory=lambda: Range(1, 1, 1))
    invocations_per_minute: int = 60
    concurrent_invocations: int = 30

    def of_action(self) -> dict[str, Range]:
        """The ranges by the names that an action's `limits` has."""
        return {
            "timeout": self.timeout,
            "memory": self.memory,
            "logs": self.logs,
            "concurrency": self.concurrency,
        }


_UNITS = {"timeout": "ms", "memory": "MB", "logs": "MB", "concurrency": ""}
_SETTINGS: dict[str, tuple[str, Callable[[str], int]]] = {
    "memory": ("CONFIG_whisk_memory", units.megabytes),
    "timeout": ("CONFIG_whisk_timeLimit", units.milliseconds),
    "logs": ("CONFIG_whisk_logLimit", units.megabytes),
    "concurrency": ("CONFIG_whisk_concurrencyLimit", units.number),
}


def from_environment(environment: Mapping[str, str]) -> Limits:
    """The limits that the variables set, with the defaults for those that are absent."""
    defaults = Limits()
    ranges = {
        name: Range(
            **{
                bound: read(environment[f"{variable}_{bound}"])
                if f"{variable}_{bound}" in environment
                else getattr(getattr(defaults, name), bound)
                for bound in ("min", "max", "std")
            }
        )
        for name, (variable, read) in _SETTINGS.items()
    }
    return Limits(
        **ranges,
        invocations_per_minute=units.number(
            environment.get("LIMITS_ACTIONS_INVOKES_PERMINUTE", str(defaults.invocations_per_minute))
        ),
        concurrent_invocations=units.number(
            environment.get("LIMITS_ACTIONS_INVOKES_CONCURRENT", str(defaults.concurrent_invocations))
        ),
    )


def checked(limits: Limits, given: Mapping[str, Any], present: Mapping[str, int] | None = None) -> dict[str, int]:
    """An action's limits: what is given, else what it has, else the standard.

    Raises:
        ApiError: 400, a value is no whole number or outside its range.
    """
    values: dict[str, int] = {}
    for name, allowed in limits.of_action().items():
        value = given.get(name, (present or {}).get(name, allowed.std))
        if value is None:
            value = allowed.std
        if isinstance(value, bool) or not isinstance(value, int):
            raise malformed(f"limits.{name} is {value!r}, expected a whole number")
        if not allowed.min <= value <= allowed.max:
            side, bound = ("below", allowed.min) if value < allowed.min else ("exceeds", allowed.max)
            unit = f" {_UNITS[name]}".rstrip()
            raise malformed(f"{name} {value}{unit} {side} allowed threshold of {bound}{unit}")
        values[name] = value
    return values


def check_size(what: str, size: int, allowed: int) -> None:
    """413 where something is larger than allowed; bytes."""
    if size > allowed:
        raise ApiError(413, f"The {what} is {size} bytes, which is larger than the {allowed} bytes allowed.")
