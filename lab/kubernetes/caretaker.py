"""The thread that does for one cluster what nodes, scheduler, kubelets and cloud controllers do on EKS."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Protocol

from lab.kubernetes.api import ApiError

ROUND_SECONDS = 0.5
_PATIENCE = 5
"""Rounds in a row that may fail before the failure is shown: an API server that is just starting is not worth it."""

_log = logging.getLogger(__name__)


class Part(Protocol):
    """Something that looks at the cluster again and again, and does what is to do."""

    def round(self) -> None:
        """Look once."""


class Caretaker(threading.Thread):
    """Runs until `stop` is called.

    Args:
        name: the cluster's name.
        parts: looked after one after the other; the failure of one does not keep the others.
        note: called with a line for the lab's status when a part keeps failing.
    """

    def __init__(self, name: str, parts: list[Part], note: Callable[[str, str], None]) -> None:
        super().__init__(name=f"caretaker-{name}", daemon=True)
        self._cluster = name
        self._parts = parts
        self._note = note
        self._stopped = threading.Event()
        self._wake = threading.Event()
        self._failures: dict[str, int] = {}

    def wake(self) -> None:
        """Look again now."""
        self._wake.set()

    def stop(self) -> None:
        """End the thread and wait for its end."""
        self._stopped.set()
        self._wake.set()
        if self.is_alive():
            self.join()

    def run(self) -> None:
        while not self._stopped.is_set():
            for part in self._parts:
                self._look_after(part)
                if self._stopped.is_set():
                    return
            self._wake.wait(ROUND_SECONDS)
            self._wake.clear()

    def _look_after(self, part: Part) -> None:
        name = type(part).__name__
        try:
            part.round()
            self._failures.pop(name, None)
        except Exception as error:
            self._failures[name] = self._failures.get(name, 0) + 1
            if self._failures[name] == _PATIENCE or not isinstance(error, ApiError):
                _log.exception("%s of cluster %s failed", name, self._cluster)
                self._note(f"cluster {self._cluster}", f"{name}: {error}")
