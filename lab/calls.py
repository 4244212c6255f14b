"""How many AWS API requests a lab has answered, by action."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path


def count(lines: Iterable[str]) -> Counter[str]:
    """Requests by `service:action` out of the lines of an API log; a line cut short by a crash does not count."""
    found: Counter[str] = Counter()
    for line in lines:
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        found[f"{entry['service'] or '?'}:{entry['action']}"] += 1
    return found


def read(log: Path) -> Counter[str]:
    """Requests by `service:action`; none where there is no log yet."""
    if not log.exists():
        return Counter()
    return count(log.read_text(encoding="utf-8").splitlines())


def reset(log: Path) -> None:
    """Begin to count anew."""
    if log.exists():
        log.write_text("", encoding="utf-8")
