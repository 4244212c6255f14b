# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Waiting for a condition, with a bound."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def poll(read: Callable[[], T], done: Callable[[T], bool], timeout: float, interval: float = 1.0) -> T:
    """Call `read` until `done` accepts what it returned, or `timeout` seconds are over.

    The pause between two calls starts at a quarter of `interval` seconds and grows to `interval`. Returns what was
    read last: whether it is accepted is the caller's to tell, who knows what was missing.
    """
    deadline = time.monotonic() + timeout
    pause = interval / 4
    while True:
        found = read()
        left = deadline - time.monotonic()
        if done(found) or left <= 0:
            return found
        threading.Event().wait(min(pause, left))
        pause = min(pause * 1.5, interval)
