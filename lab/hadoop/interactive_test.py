"""The class InteractiveTest, the benchmarking utility."""

from __future__ import annotations

from collections.abc import Sequence


def main(arguments: Sequence[str]) -> int:
    """Run; returns the exit status."""
    return 1
