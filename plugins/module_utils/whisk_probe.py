# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A throw-away action: made, invoked over the web path, and removed whatever came of it."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.lambdafs.cluster.plugins.module_utils.polling import poll
from ansible_collections.lambdafs.cluster.plugins.module_utils.whisk_client import (
    Client,
    Pieces,
    Refused,
    Retryable,
    WhiskError,
    api_path,
)
from ansible_collections.lambdafs.cluster.plugins.module_utils.whisk_deployment import as_pairs, web_annotations
from ansible_collections.lambdafs.cluster.plugins.module_utils.whisk_platform import (
    DEFAULT_NAMESPACE,
    Platform,
    read_platform,
)
from ansible_collections.lambdafs.cluster.plugins.module_utils.whisk_survey import web_path

_CODE = {
    "nodejs": "function main(params) { return { body: { nonce: params.nonce } } }\n",
    "python": "def main(params):\n    return {'body': {'nonce': params.get('nonce')}}\n",
}
_INTERVAL = 2.0
_UP = "up"


@dataclass(frozen=True)
class Attempt:
    """One invocation: whether it answered as it should, or why not, and what of the answer says so."""

    answered: bool
    detail: str


def chosen_kind(platform: Platform, kind: str | None, code: str | None) -> tuple[str, str]:
    """Kind and code of the action.

    Raises:
        ValueError: the platform offers no kind that there is code for, or not the one that is asked for.
    """
    offered = ", ".join(sorted(platform.kinds)) or "none"
    fitting = [offer for offer in platform.kinds if offer.partition(":")[0] in _CODE]
    wanted = kind or (fitting[0] if fitting else None)
    if wanted is None or (code is None and wanted.partition(":")[0] not in _CODE):
        raise ValueError(
            f"kinds found: {offered}, expected a nodejs or python kind for the throw-away action: set kind and code"
        )
    if wanted not in platform.kinds:
        raise ValueError(f"kind is {wanted}, expected one that the platform offers ({offered}): change kind")
    return wanted, code if code is not None else _CODE[wanted.partition(":")[0]]


def body_of(kind: str, code: str, main_class: str | None, memory: int | None) -> dict[str, Any]:
    """The PUT of the action."""
    body: dict[str, Any] = {
        "exec": {"kind": kind, "code": code, **({"main": main_class} if main_class else {})},
        "annotations": as_pairs(web_annotations(True)),
    }
    return body | ({"limits": {"memory": memory}} if memory is not None else {})


def healthy(states: Mapping[str, str]) -> int:
    """How many invokers are up."""
    return list(states.values()).count(_UP)


def read_invokers(client: Client) -> dict[str, str]:
    """State of each invoker, as the server tells everybody."""
    states: dict[str, str] = client.request("GET", "/invokers", authorized=False).json()
    return states


def invoke(client: Client, namespace: str, action: str) -> Attempt:
    """Invoke the action once over the web path, without the key."""
    nonce = secrets.token_hex(16)
    body = Pieces([json.dumps({"nonce": nonce}).encode()])
    try:
        answer = client.request("POST", web_path(namespace, action), body=body, authorized=False)
    except (Refused, Retryable) as error:
        return Attempt(False, str(error))
    text = answer.body.decode("utf-8", "replace")
    if answer.status == 200 and nonce in text:
        return Attempt(True, "")
    return Attempt(False, f"HTTP {answer.status}, {text[:200]!r}")


def run_probe(client: Client, values: Mapping[str, Any], check_mode: bool) -> dict[str, Any]:
    """What `whisk_probe` returns.

    Raises:
        WhiskError: the API cannot be asked, or an expectation was not met in time.
        ValueError: the platform cannot run such an action.
    """
    deadline = time.monotonic() + values["timeout"]
    platform = read_platform(client)
    kind, code = chosen_kind(platform, values["kind"], values["code"])
    states = poll(
        lambda: read_invokers(client),
        lambda found: healthy(found) >= values["invokers"],
        0 if check_mode else values["timeout"],
        _INTERVAL,
    )
    result = {"invokers": states, "healthy_invokers": healthy(states), "probe": {}}
    if check_mode:
        return result
    if healthy(states) < values["invokers"]:
        listed = ", ".join(f"{name} {state}" for name, state in sorted(states.items())) or "none"
        raise WhiskError(
            f"healthy invokers: {healthy(states)} ({listed}), expected {values['invokers']}"
            f" within {values['timeout']:g} s: look at the invokers' pods"
        )
    path = api_path("namespaces", DEFAULT_NAMESPACE, "actions", values["action"])
    body = Pieces([json.dumps(body_of(kind, code, values["main_class"], values["memory"])).encode()])
    client.request("PUT", path, {"overwrite": True}, body)
    attempts: list[Attempt] = []
    began = time.monotonic()

    def attempt() -> Attempt:
        attempts.append(invoke(client, platform.namespace, values["action"]))
        return attempts[-1]

    try:
        last = poll(attempt, lambda made: made.answered, max(deadline - time.monotonic(), 0), _INTERVAL)
    finally:
        client.request("DELETE", path)
    if not last.answered:
        raise WhiskError(
            f"{values['action']} did not answer within {values['timeout']:g} s: {last.detail}; expected its nonce:"
            " look at the logs of controllers and invokers"
        )
    seconds = round(time.monotonic() - began, 3)
    return {
        **result,
        "probe": {"action": values["action"], "kind": kind, "seconds": seconds, "attempts": len(attempts)},
    }
