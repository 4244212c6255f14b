"""The states of the invokers: a number of healthy ones, or what a file in the state directory says."""

from __future__ import annotations

import json
from pathlib import Path

STATES = ("up", "unhealthy", "unresponsive", "down")


class Invokers:
    """States by the invoker's name. `invokers.json` in the state directory replaces them while the server runs."""

    def __init__(self, directory: Path, number: int) -> None:
        self._file = directory / "invokers.json"
        self._number = number

    def states(self) -> dict[str, str]:
        """One of `STATES` for each invoker."""
        try:
            return dict(json.loads(self._file.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return {f"invoker{index}/{index}": "up" for index in range(self._number)}

    def healthy(self) -> int:
        """How many are up."""
        return list(self.states().values()).count("up")
