"""Request bodies, read into memory once: the code of an action stays where it was received."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from lab.openwhisk.errors import malformed

# The start of a member `code` that is a text; the quote before `code` is not an escaped one
_CODE = re.compile(rb'(?<!\\)"code"\s*:\s*"')
_LARGE = 64 * 1024


@dataclass
class Body:
    """A parsed JSON body; `blobs` are the large texts of code in it, each in the place of a token of the value."""

    value: dict[str, Any]
    blobs: dict[str, memoryview] = field(default_factory=dict)

    def code(self) -> memoryview | None:
        """The text of the action's code, as it stands between the quotes of its JSON; None where there is none."""
        executable = self.value.get("exec")
        code = executable.get("code") if isinstance(executable, dict) else None
        if not isinstance(code, str):
            return None
        if code in self.blobs:
            return self.blobs[code]
        return memoryview(json.dumps(code)[1:-1].encode())


def parse(raw: bytearray) -> Body:
    """Parse a body.

    Raises:
        ApiError: 400, it is no JSON object.
    """
    blobs: dict[str, memoryview] = {}
    view = memoryview(raw)
    rest = bytearray()
    end = 0
    for start, stop in _large_codes(raw):
        token = f"code-{uuid.uuid4()}"
        blobs[token] = view[start:stop]
        rest += view[end:start]
        rest += token.encode()
        end = stop
    try:
        value = json.loads(bytes(rest) + bytes(view[end:])) if raw else {}
    except ValueError as error:
        raise malformed(f"no JSON: {error}") from error
    if not isinstance(value, dict):
        raise malformed("expected a JSON object")
    return Body(_outside_exec(value, blobs), blobs)


def _large_codes(raw: bytearray) -> Iterator[tuple[int, int]]:
    """Where the large texts of members `code` begin and end, as far as nothing in them is escaped."""
    position = 0
    while found := _CODE.search(raw, position):
        start, stop = found.end(), raw.find(b'"', found.end())
        if stop - start >= _LARGE and raw.find(b"\\", start, stop) < 0:
            yield start, stop
        position = max(start, stop)


def _outside_exec(value: dict[str, Any], blobs: dict[str, memoryview]) -> dict[str, Any]:
    """Put large texts back that merely look like an action's code."""
    executable = value.get("exec")
    kept = executable.get("code") if isinstance(executable, dict) else None
    strays = {token for token in blobs if token != kept}
    if not strays:
        return value

    def restored(item: Any) -> Any:
        if isinstance(item, dict):
            return {name: restored(member) for name, member in item.items()}
        if isinstance(item, list):
            return [restored(member) for member in item]
        if isinstance(item, str) and item in strays:
            return bytes(blobs[item]).decode()
        return item

    restored_value: dict[str, Any] = restored(value)
    return restored_value


def read(length: int, readinto: Callable[[memoryview], int | None]) -> bytearray:
    """Read `length` bytes into one buffer of that size.

    Raises:
        ApiError: 400, the connection ended before.
    """
    raw = bytearray(length)
    view = memoryview(raw)
    done = 0
    while done < length:
        count = readinto(view[done : done + 1024 * 1024])
        if not count:
            raise malformed(f"body of {done} bytes, expected {length}")
        done += count
    return raw
