"""What is looked at again and again while a test does something else."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def repeatedly(look: Callable[[], None], interval: float) -> Iterator[None]:
    """Call `look` every `interval` seconds in a thread, as long as the block runs."""
    ended = threading.Event()

    def repeat() -> None:
        while not ended.wait(interval):
            look()

    thread = threading.Thread(target=repeat)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
