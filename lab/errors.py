"""The one exception whose message is meant for the person at the terminal."""

from __future__ import annotations


class LabError(Exception):
    """A failure in one line: what was found, what was expected, what to do."""
