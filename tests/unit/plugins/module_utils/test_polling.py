"""Waiting with a bound."""

from __future__ import annotations

import itertools
import time

from ansible_collections.lambdafs.cluster.plugins.module_utils.polling import poll


def test_it_returns_as_soon_as_the_condition_holds() -> None:
    numbers = itertools.count()
    assert poll(lambda: next(numbers), lambda number: number == 3, timeout=5, interval=0.01) == 3


def test_it_gives_up_in_time_and_returns_what_was_read_last() -> None:
    started = time.monotonic()
    assert poll(lambda: "no", lambda answer: answer == "yes", timeout=0.2, interval=0.05) == "no"
    assert 0.2 <= time.monotonic() - started < 2


def test_a_timeout_of_zero_reads_once() -> None:
    numbers = itertools.count()
    assert poll(lambda: next(numbers), lambda _number: False, timeout=0) == 0
