# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The program helm: one method a question or change, argument lists only, values by standard input."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

MAJOR_VERSION = 3
NOT_FOUND = "release: not found"
HISTORY_MAX = 10

Run = Callable[[Sequence[str], str], tuple[int, str, str]]
"""Runs a command with a text as its standard input; exit code, output and error output."""


class HelmError(Exception):
    """Helm did not do what was asked; the message is one line in its own words."""


@dataclass(frozen=True)
class Revision:
    """What Helm knows of one revision of a release."""

    number: int
    status: str
    values: Mapping[str, Any]
    manifest: str = field(repr=False)

    @property
    def pending(self) -> bool:
        """Whether an install, upgrade or rollback began and never ended."""
        return self.status.startswith("pending-")


@dataclass(frozen=True)
class Target:
    """A release and how long to wait for it, in seconds."""

    release: str
    namespace: str
    timeout: int


class Helm:
    """Helm for one release."""

    def __init__(self, run: Run, target: Target) -> None:
        self._run = run
        self._target = target

    def check_version(self) -> None:
        """Refuse a helm that is not of version 3.

        Raises:
            HelmError: another version, or none.
        """
        found = self._output("version", "--short").strip()
        if not re.match(rf"v{MAJOR_VERSION}\.", found):
            raise HelmError(f"helm is {found}; expected version {MAJOR_VERSION}; put that one first on PATH")

    def revision(self, number: int | None = None) -> Revision | None:
        """The newest revision or the one of this number; None where there is no release."""
        chosen = [] if number is None else ["--revision", str(number)]
        code, out, error = self._run(["status", *self._release(), "--output", "json", *chosen], "")
        if code and NOT_FOUND in error:
            return None
        return _revision(_checked(code, out, error))

    def history(self) -> list[tuple[int, str]]:
        """Number and status of each revision, oldest first."""
        found = json.loads(self._output("history", *self._release(), "--output", "json", "--max", str(HISTORY_MAX)))
        return [(entry["revision"], entry["status"]) for entry in found]

    def upgrade(self, chart: Path, values: Mapping[str, Any], *, dry_run: bool = False) -> Revision:
        """Install or upgrade, and wait until every pod is ready and every Job has completed.

        Args:
            chart: the chart's folder.
            values: all values; none is taken over from the revision before.
            dry_run: only ask the cluster what the revision would be.
        """
        waiting = ["--dry-run=server"] if dry_run else ["--wait", "--wait-for-jobs", *self._timeout()]
        command = ["upgrade", *self._release(), str(chart), "--install", "--reset-values", "--output", "json"]
        command += ["--history-max", str(HISTORY_MAX), "--values", "-", *waiting]
        return _revision(_checked(*self._run(command, json.dumps(values))))

    def rollback(self, number: int) -> None:
        """Go back to a revision, and wait for it."""
        release, *namespace = self._release()
        self._output("rollback", release, str(number), *namespace, "--wait", *self._timeout())

    def uninstall(self) -> None:
        """Remove the release with its history, and wait until its objects are gone."""
        self._output("uninstall", *self._release(), "--wait", "--ignore-not-found", *self._timeout())

    def pull(self, chart: str, repository: str, version: str, folder: Path) -> None:
        """Download a chart and unpack it.

        Args:
            chart: its name in the repository, or its URL.
            repository: URL of the repository, or nothing.
            version: its version, or nothing for the newest.
            folder: where its folder is put.
        """
        command = ["pull", chart, "--untar", "--untardir", str(folder)]
        command += ["--repo", repository] if repository else []
        command += ["--version", version] if version else []
        self._output(*command)

    def _output(self, *arguments: str) -> str:
        return _checked(*self._run(arguments, ""))

    def _release(self) -> list[str]:
        return [self._target.release, "--namespace", self._target.namespace]

    def _timeout(self) -> list[str]:
        return ["--timeout", f"{self._target.timeout}s"]


def _checked(code: int, out: str, error: str) -> str:
    if code:
        lines = [line.strip() for line in error.splitlines() if line.strip() and not line.startswith("WARNING:")]
        message = " ".join(lines).removeprefix("Error: ") or f"helm ended with {code} and said nothing"
        raise HelmError(message)
    return out


def _revision(text: str) -> Revision:
    found = json.loads(text)
    return Revision(
        number=found["version"],
        status=found["info"]["status"],
        values=found.get("config") or {},
        manifest=found.get("manifest") or "",
    )
