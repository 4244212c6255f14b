"""The operations of a benchmark, run by some threads of one client."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from lab.hadoop import configuration
from lab.hadoop.clients import FileSystem, open_file_system
from lab.hadoop.errors import HadoopError

_OPERATIONS: dict[str, Callable[[FileSystem, str], Any]] = {
    "create": FileSystem.create,
    "mkdirs": FileSystem.mkdirs,
    "stat": FileSystem.status,
    "list": FileSystem.listing,
    "delete": lambda file_system, path: file_system.delete(path, recursive=True),
    "prewarm": lambda file_system, path: file_system.prewarm(),
}


@dataclass(frozen=True)
class Job:
    """What one client does.

    Attributes:
        site: path of its hdfs-site.xml.
        threads: for each thread, operations and their paths, one after the other.
    """

    site: str
    threads: Sequence[Sequence[tuple[str, str]]]

    def message(self) -> dict[str, Any]:
        """The job for the wire."""
        return asdict(self)


@dataclass(frozen=True)
class Result:
    """What came of a job; `seconds` is how long all of it took."""

    operations: int
    seconds: float
    errors: Sequence[str] = field(default_factory=tuple)

    @property
    def throughput(self) -> float:
        """Operations in a second."""
        return self.operations / self.seconds if self.seconds > 0 else 0.0


def run(job: Job) -> Result:
    """Do a job; what fails is in the result."""
    started = time.monotonic()
    try:
        file_system = open_file_system(configuration.load(Path(job.site).parent))
    except HadoopError as error:
        return Result(0, 0.0, (str(error),))
    try:
        with ThreadPoolExecutor(max(len(job.threads), 1)) as several:
            errors = [
                error for found in several.map(lambda work: _work(file_system, work), job.threads) for error in found
            ]
    finally:
        file_system.close()
    done = sum(len(work) for work in job.threads) - len(errors)
    return Result(done, time.monotonic() - started, tuple(errors))


def _work(file_system: FileSystem, work: Sequence[tuple[str, str]]) -> list[str]:
    """Operations one after the other; returns what failed."""
    errors = []
    for name, path in work:
        try:
            _OPERATIONS[name](file_system, path)
        except HadoopError as error:
            errors.append(f"{name} {path}: {error}")
    return errors


def together(results: Sequence[Result]) -> Result:
    """The result of several clients that worked side by side."""
    errors = tuple(error for result in results for error in result.errors)
    return Result(sum(result.operations for result in results), max(result.seconds for result in results), errors)
