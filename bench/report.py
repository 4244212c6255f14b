"""Prints what bench/run.sh measured: seconds, AWS requests, and the ratio of a rerun to the first run."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Measurement:
    """One kind of run: how often it was run, its median in seconds, and the AWS requests of one run."""

    runs: int
    median: float
    requests: float


def requests(text: str) -> int:
    """The total out of what `python -m lab calls` printed, which is its last number."""
    return int(re.findall(r"\d+", text)[-1])


def read(folder: Path, name: str) -> Measurement:
    """The measurement of this name."""
    (result,) = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))["results"]
    runs = len(result["times"])
    return Measurement(runs, result["median"], requests((folder / f"{name}.calls").read_text(encoding="utf-8")) / runs)


def main() -> None:
    """Print the table."""
    folder = Path(sys.argv[1])
    first, rerun = read(folder, "first"), read(folder, "rerun")
    table = Table("site.yml", "runs", "median s", "AWS requests", title="Lab, one machine", title_justify="left")
    for name, one in (("from an empty account", first), ("again, nothing to do", rerun)):
        table.add_row(name, str(one.runs), f"{one.median:.1f}", f"{one.requests:.0f}")
    ratio = rerun.median / first.median, rerun.requests / first.requests
    table.add_row("again / first", "", f"{ratio[0]:.2f}", f"{ratio[1]:.2f}")
    Console(width=100).print(table)


if __name__ == "__main__":
    main()
