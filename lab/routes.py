"""The machine's routes, and the fence around a lab's subnet.

The bridge of a podman network exists only while a container uses it. Without it, packets for a VM that is stopped
would leave the machine by the default route. The fence is a route of last resort that makes them fail at once.
"""

from __future__ import annotations

import json
import subprocess
from typing import Any

from lab.errors import LabError

FENCE_METRIC = 4242

Route = dict[str, Any]


def is_fence(route: Route) -> bool:
    """Whether a route is the fence of a lab."""
    return route.get("type") == "unreachable" and route.get("metric") == FENCE_METRIC


def show() -> list[Route]:
    """All IPv4 routes of all tables."""
    routes: list[Route] = json.loads(_ip("-json", "-4", "route", "show", "table", "all") or "[]")
    return routes


def fence(subnet: str) -> None:
    """Put up the fence around a subnet (CIDR) if there is none."""
    _ip("route", "replace", "unreachable", subnet, "metric", str(FENCE_METRIC))


def unfence(subnet: str) -> None:
    """Take down the fence around a subnet (CIDR) if there is one."""
    if any(is_fence(route) and route.get("dst") == subnet for route in show()):
        _ip("route", "del", "unreachable", subnet, "metric", str(FENCE_METRIC))


def _ip(*arguments: str) -> str:
    """Run the ip program and return its standard output."""
    command = ["ip", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    if done.returncode != 0:
        reason = " ".join(done.stderr.split()) or "no message"
        raise LabError(f"`{' '.join(command)}` ended with status {done.returncode}, expected 0: {reason}")
    return done.stdout
