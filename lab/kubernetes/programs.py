"""Images for which a real process runs in the lab; every other pod runs nothing."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass

from lab.kubernetes.api import Thing


@dataclass(frozen=True)
class Place:
    """Where a container's process runs: the pod's own address, and the container's ports by name."""

    address: str
    ports: dict[str, int]


Command = Callable[[Place, list[str]], list[str]]
"""The command line for a place and the container's arguments, whose paths are those of the pod's files already."""

FAILING = "lab.local/fail"
"""The image of a container that ends with exit code 1 at once."""


def _openwhisk(place: Place, arguments: list[str]) -> list[str]:
    """OpenWhisk's API server; ports `https` and `http`, either of which may be missing."""
    own = ["--bind", place.address]
    if "https" in place.ports:
        own += ["--port", str(place.ports["https"])]
        if "http" in place.ports:
            own += ["--plain-port", str(place.ports["http"])]
    else:
        own += ["--port", str(place.ports.get("http", 8080))]
    return [sys.executable, "-m", "lab.openwhisk", *own, *arguments]


PROGRAMS: dict[str, Command] = {"lab.local/openwhisk-controller": _openwhisk}


def name_of(image: str) -> str:
    """An image's name without its tag or digest."""
    name = image.partition("@")[0]
    head, colon, tail = name.rpartition(":")
    return head if colon and "/" not in tail else name


def command_of(container: Thing) -> Command | None:
    """What runs for a container, or None where nothing does."""
    return PROGRAMS.get(name_of(container["image"]))


def fails(container: Thing) -> bool:
    """Whether a container ends with an error."""
    return name_of(container["image"]) == FAILING


def ports_of(container: Thing) -> dict[str, int]:
    """The TCP ports of a container by name."""
    return {
        port.get("name", str(port["containerPort"])): port["containerPort"]
        for port in container.get("ports") or []
        if port.get("protocol", "TCP") == "TCP"
    }
