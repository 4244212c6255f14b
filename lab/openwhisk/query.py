"""Parameters of a request's query, checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lab.openwhisk.errors import malformed
from lab.openwhisk.limits import LIST_LENGTH

_DEFAULT_LENGTH = 30


def flag(query: Mapping[str, str], name: str, default: bool) -> bool:
    """A boolean; `1`, `yes` and `on` are true as well."""
    text = query.get(name)
    if text is None:
        return default
    if text.lower() in {"true", "1", "yes", "on", ""}:
        return True
    if text.lower() in {"false", "0", "no", "off"}:
        return False
    raise malformed(f"query parameter {name}={text!r}, expected true or false")


def whole(query: Mapping[str, str], name: str, default: int, smallest: int, largest: int | None = None) -> int:
    """A whole number within bounds."""
    text = query.get(name)
    if text is None:
        return default
    try:
        value = int(text)
    except ValueError as error:
        raise malformed(f"query parameter {name}={text!r}, expected a whole number") from error
    if value < smallest or (largest is not None and value > largest):
        bound = f"{smallest} or more" if largest is None else f"{smallest} to {largest}"
        raise malformed(f"query parameter {name}={value}, expected {bound}")
    return value


@dataclass(frozen=True)
class Page:
    """Which part of a list is asked for, or only its length."""

    limit: int
    skip: int
    count: bool


def page(query: Mapping[str, str]) -> Page:
    """The page that the query asks for; a limit of 0 is the longest page there is."""
    limit = whole(query, "limit", _DEFAULT_LENGTH, 0, LIST_LENGTH)
    return Page(limit or LIST_LENGTH, whole(query, "skip", 0, 0), flag(query, "count", False))
