# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The deployments as they are, and whether clients reach them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.lambdafs.cluster.plugins.module_utils.whisk_client import Client, Refused, Retryable, api_path
from ansible_collections.lambdafs.cluster.plugins.module_utils.whisk_deployment import Registered, beyond
from ansible_collections.lambdafs.cluster.plugins.module_utils.whisk_deployments import Deployments, each
from ansible_collections.lambdafs.cluster.plugins.module_utils.whisk_platform import read_platform

DEFAULT_PACKAGE = "default"


def web_path(namespace: str, name: str) -> str:
    """The path of an action that is exported to the web."""
    return api_path("web", namespace, DEFAULT_PACKAGE, name)


def web_status(client: Client, namespace: str, name: str) -> int:
    """The status of an action's web path, asked without starting it and without the key; 0 where nothing answers."""
    try:
        return client.request("OPTIONS", web_path(namespace, name), authorized=False).status
    except Refused as refusal:
        return refusal.status
    except Retryable:
        return 0


def survey(client: Client, values: Mapping[str, Any]) -> dict[str, Any]:
    """What `whisk_deployments_info` returns.

    Raises:
        WhiskError: the API cannot be asked, or refuses.
        ValueError: `parallel` is no number of requests, or the key opens no namespace.
    """
    if values["parallel"] < 1:
        raise ValueError(f"parallel is {values['parallel']}, expected 1 or more: change it")
    platform = read_platform(client)
    deployments = Deployments(client, platform.namespace, values["parallel"])
    present = deployments.read()
    found = [present[name] for name in beyond(present, values["prefix"], 0)]

    def look(deployment: Registered) -> dict[str, Any]:
        result = deployment.as_result()
        if values["details"] and (read := deployments.read_one(deployment.name)):
            result |= {"main": read.main, "parameters": read.parameters}
        if values["reach"]:
            result["web_status"] = web_status(client, platform.namespace, deployment.name)
        return result

    return {"deployments": each(look, found, values["parallel"]), "platform": platform.as_result()}
