"""λFS's NameNodes as actions of the lab's OpenWhisk: `--handler lab.hadoop.namenode_handler:handle`.

Their configuration is in the directory that LAMBDAFS_NAMENODE_CONF names; it is read anew when its files change.
"""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Any

from lab.hadoop import configuration
from lab.hadoop.errors import HadoopError
from lab.hadoop.namenode import NameNodes
from lab.openwhisk.handlers import Invocation, echo

VARIABLE = "LAMBDAFS_NAMENODE_CONF"
FAMILY = "generic-namenode"
_JSON = {"Content-Type": "application/json"}

Signature = tuple[tuple[str, int, int], ...]


def signature(directory: Path) -> Signature:
    """What changes with the files of a directory: their names, sizes (bytes) and times (nanoseconds)."""
    if not directory.is_dir():
        return ()
    files = sorted(path for path in directory.iterdir() if path.is_file() and not path.name.startswith("."))
    stats = [(path.name, path.stat()) for path in files]
    return tuple((name, stat.st_size, stat.st_mtime_ns) for name, stat in stats)


class Workers:
    """The NameNodes of this process, made anew for another configuration."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._signature: Signature = ()
        self._namenodes: NameNodes | None = None

    def current(self, directory: Path | None) -> NameNodes:
        """The NameNodes of the configuration as it is now.

        Raises:
            HadoopError: there is no configuration, or it cannot be read.
        """
        with self._lock:
            found = signature(directory) if directory is not None else ()
            if directory is None or not found:
                where = directory or f"{VARIABLE}, which is not set"
                raise HadoopError(
                    "java.lang.IllegalStateException",
                    f"the NameNode has no configuration: no files in {where}, expected {configuration.SITE},"
                    f" {configuration.CORE} and {configuration.NDB}",
                )
            if self._namenodes is None or found != self._signature:
                made = NameNodes(configuration.load(directory))
                if self._namenodes is not None:
                    self._namenodes.close()
                self._namenodes, self._signature = made, found
            return self._namenodes


_workers = Workers()


def handle(invocation: Invocation) -> dict[str, Any]:
    """Answer an invocation: a NameNode's of its kind, any other's with what it was given."""
    if invocation.kind.partition(":")[0] != FAMILY:
        return echo(invocation)
    place = os.environ.get(VARIABLE)
    try:
        namenodes = _workers.current(Path(place) if place else None)
        body = namenodes.invoke(invocation.name, invocation.parameters.get("value"))
    except HadoopError as error:
        body = {"functionName": invocation.name, "RESULT": None, "EXCEPTIONS": [str(error)]}
    return {"statusCode": 200, "headers": _JSON, "body": body}
