"""What a NameNode can be asked for: the name of an operation and its arguments, as they come over the wire."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from lab.hadoop.errors import ILLEGAL, HadoopError
from lab.hadoop.namespace import Namespace

Arguments = Mapping[str, Any]
# Does nothing but bring the NameNode to life
PREWARM = "prewarm"


def path_of(arguments: Arguments) -> str:
    """The path that an operation is about.

    Raises:
        HadoopError: there is none.
    """
    path = arguments.get("src")
    if not isinstance(path, str) or not path:
        raise HadoopError(ILLEGAL, f"src is {path!r}, expected a path")
    return path


def _create(namespace: Namespace, arguments: Arguments, client: str) -> Any:
    return namespace.create(path_of(arguments), client, arguments.get("overwrite") is True)


def _listing(namespace: Namespace, arguments: Arguments, client: str) -> Any:
    return {"partialListing": namespace.listing(path_of(arguments)), "remainingEntries": 0}


_READS: dict[str, Callable[[Namespace, Arguments, str], Any]] = {
    "getFileInfo": lambda namespace, arguments, client: namespace.status(path_of(arguments)),
    "getListing": _listing,
}
_WRITES: dict[str, Callable[[Namespace, Arguments, str], Any]] = {
    "mkdirs": lambda namespace, arguments, client: namespace.mkdirs(path_of(arguments)),
    "create": _create,
    "complete": lambda namespace, arguments, client: namespace.complete(path_of(arguments), client),
    "delete": lambda namespace, arguments, client: namespace.delete(
        path_of(arguments), arguments.get("recursive") is True
    ),
}


def writes(name: str) -> bool:
    """Whether an operation changes the tree."""
    return name in _WRITES


def perform(namespace: Namespace, name: str, arguments: Arguments, client: str) -> Any:
    """Do it; returns what the client is answered.

    Raises:
        HadoopError: the operation is unknown or failed.
    """
    known = _READS | _WRITES
    if name not in known:
        names = ", ".join([PREWARM, *known])
        raise HadoopError(ILLEGAL, f"op is {name!r}, expected one of {names}")
    return known[name](namespace, arguments, client)
