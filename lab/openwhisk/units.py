"""Sizes and durations as OpenWhisk's settings write them: `256m`, `256 MB`, `2 m`, `50ms`, `1 minute`."""

from __future__ import annotations

import re

from lab.errors import LabError

_WRITTEN = re.compile(r"\s*(\d+)\s*([a-zA-Z]*)\s*")
_MEGABYTES = {"m": 1, "mb": 1, "g": 1024, "gb": 1024}
_MILLISECONDS = {
    **dict.fromkeys(("ms", "milli", "millis", "millisecond", "milliseconds"), 1),
    **dict.fromkeys(("s", "second", "seconds"), 1000),
    **dict.fromkeys(("m", "minute", "minutes"), 60_000),
    **dict.fromkeys(("h", "hour", "hours"), 3_600_000),
}


def _converted(text: str, units: dict[str, int]) -> int:
    found = _WRITTEN.fullmatch(text)
    factor = units.get(found[2].lower()) if found else None
    if found is None or factor is None:
        raise LabError(f"{text!r}: expected a whole number and one of {', '.join(units)}; change the setting")
    return int(found[1]) * factor


def megabytes(text: str) -> int:
    """A size in MB."""
    return _converted(text, _MEGABYTES)


def milliseconds(text: str) -> int:
    """A duration in milliseconds."""
    return _converted(text, _MILLISECONDS)


def number(text: str) -> int:
    """A plain whole number."""
    return _converted(text, {"": 1})
