"""Showing what the lab is doing while it takes its time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console

Report = Callable[..., None]


@contextmanager
def reporting(console: Console) -> Iterator[Report]:
    """A function to call with a line (and `detail=True` where it is a small one).

    On a terminal the line replaces the one before it; elsewhere every line stays, without the details.
    """
    if not console.is_terminal:
        yield lambda line, detail=False: None if detail else console.print(f"lab: {line}", markup=False, soft_wrap=True)
        return
    with console.status("lab") as shown:
        yield lambda line, detail=False: shown.update(f"lab: {line[: console.width - 10]}")
