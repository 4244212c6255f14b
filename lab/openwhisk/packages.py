"""What a package becomes by a PUT, and how it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lab.openwhisk.actions import pairs, raised
from lab.openwhisk.names import EntityName

Document = dict[str, Any]


def put(name: EntityName, present: Document | None, given: Mapping[str, Any]) -> Document:
    """A new package, or the present one after a PUT on it."""
    old = present or {"annotations": [], "parameters": [], "publish": False}
    lists = {
        what: list(pairs(given[what], what).values()) if given.get(what) is not None else old[what]
        for what in ("annotations", "parameters")
    }
    return {
        "namespace": name.namespace,
        "name": name.name,
        "version": given.get("version") or (raised(present["version"]) if present else "0.0.1"),
        "publish": bool(given.get("publish", old["publish"])),
        **lists,
        "binding": {},
    }


def shown(package: Document, actions: list[Document]) -> Document:
    """A package with what is in it."""
    listed = [
        {"name": action["name"], "version": action["version"], "annotations": action["annotations"]}
        for action in actions
    ]
    return {**package, "actions": listed, "feeds": []}


def summary(package: Document) -> Document:
    """A package as a list shows it."""
    names = ("namespace", "name", "version", "publish", "annotations", "binding", "updated")
    return {name: package[name] for name in names}
