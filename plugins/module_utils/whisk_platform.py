# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a platform offers and allows, and what of a wish it would refuse."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.lambdafs.cluster.plugins.module_utils.whisk_client import Client, api_path

_MEGABYTE = 1024 * 1024
DEFAULT_NAMESPACE = "_"
# Our name of a limit, the server's, and what the server's unit is divided by
_TOLD = (("memory", "memory", _MEGABYTE), ("timeout", "duration", 1), ("log_limit", "logs", _MEGABYTE))


@dataclass(frozen=True)
class Platform:
    """What the server tells of itself.

    Attributes:
        namespace: the namespace that the key opens.
        kinds: the kinds that are offered.
        limits: smallest and largest value of `memory` and `log_limit` (MB), `timeout` (milliseconds) and
            `concurrency`, as far as the server tells them.
    """

    namespace: str
    kinds: tuple[str, ...]
    limits: Mapping[str, tuple[int, int]]

    def as_result(self) -> dict[str, Any]:
        """The platform as a module returns it."""
        return {
            "namespace": self.namespace,
            "kinds": list(self.kinds),
            "limits": {name: {"min": low, "max": high} for name, (low, high) in self.limits.items()},
        }


def parse_platform(namespaces: list[str], info: Mapping[str, Any], limits: Mapping[str, Any]) -> Platform:
    """The platform out of the answers of `/namespaces`, `/` and `/limits`.

    Raises:
        ValueError: the key opens no namespace.
    """
    if not namespaces:
        raise ValueError("the key opens no namespace, expected one: use a key of the platform")
    told = info.get("limits", {})
    ranges: dict[str, tuple[int, int]] = {}
    for name, key, unit in _TOLD:
        low, high = told.get(f"min_action_{key}"), told.get(f"max_action_{key}")
        if low is not None and high is not None:
            ranges[name] = (int(low) // unit, int(high) // unit)
    if "minActionConcurrency" in limits and "maxActionConcurrency" in limits:
        ranges["concurrency"] = (int(limits["minActionConcurrency"]), int(limits["maxActionConcurrency"]))
    kinds = tuple(entry["kind"] for entries in info.get("runtimes", {}).values() for entry in entries)
    return Platform(namespaces[0], kinds, ranges)


def read_platform(client: Client) -> Platform:
    """Ask the server.

    Raises:
        WhiskError: it does not answer, or refuses the key.
        ValueError: the key opens no namespace.
    """
    return parse_platform(
        client.get(api_path("namespaces")),
        client.get("/"),
        client.get(api_path("namespaces", DEFAULT_NAMESPACE, "limits")),
    )


def namespace_problems(platform: Platform, namespace: str) -> list[str]:
    """What is wrong with the namespace that is asked for."""
    if namespace in (DEFAULT_NAMESPACE, platform.namespace):
        return []
    return [f"namespace is {namespace}, expected {platform.namespace}, which the key opens: change namespace or auth"]


def platform_problems(platform: Platform, kind: str, values: Mapping[str, int | None]) -> list[str]:
    """What the platform would refuse, one sentence each.

    Args:
        platform: what it offers.
        kind: of the actions.
        values: by the names of `Platform.limits`; None is left to the platform.
    """
    found = []
    if kind not in platform.kinds:
        offered = ", ".join(sorted(platform.kinds)) or "none"
        found.append(f"kind is {kind}, expected one that the platform offers ({offered}): add it to its runtimes")
    for name, value in values.items():
        low, high = platform.limits.get(name, (None, None))
        if value is not None and low is not None and high is not None and not low <= value <= high:
            found.append(f"{name} is {value}, expected {low} to {high}: change it or the platform's limits")
    return found
