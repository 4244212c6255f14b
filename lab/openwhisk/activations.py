"""Running an action: the record of it, the wait for it, and how its result is judged."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Mapping
from typing import Any

from lab.openwhisk import actions, limits
from lab.openwhisk.errors import ApiError, malformed
from lab.openwhisk.handlers import Handler, Invocation
from lab.openwhisk.limits import Limits
from lab.openwhisk.names import EntityName
from lab.openwhisk.store import Entity, Store, now_ms

Document = dict[str, Any]
WAIT_MS = 60_000
SUCCESS, APPLICATION_ERROR, DEVELOPER_ERROR = "success", "application error", "action developer error"
_STATUS_CODES = {SUCCESS: 0, APPLICATION_ERROR: 1, DEVELOPER_ERROR: 2}


def parameters_of(action: Document, given: Mapping[str, Any]) -> Document:
    """The action's parameters, overridden by what is given.

    Raises:
        ApiError: 400, the action's parameters are final and one of them is given; 413, the payload is too large.
    """
    bound = actions.mapping(action["parameters"])
    annotations = actions.mapping(action["annotations"])
    overridden = sorted(set(bound) & set(given))
    if annotations.get("final") is True and overridden:
        raise malformed(f"parameters {', '.join(overridden)} are final and cannot be overridden")
    return {**bound, **given}


class Activations:
    """Runs actions by a handler and keeps what came of it."""

    def __init__(self, store: Store, handler: Handler, allowed: Limits) -> None:
        self._store = store
        self._handler = handler
        self._allowed = allowed

    def _check_load(self, namespace: str) -> None:
        """429 for a namespace that has used up what it may run."""
        minute, running = self._store.load(namespace)
        if minute >= self._allowed.invocations_per_minute:
            raise ApiError(429, f"Too many requests in the last minute (count: {minute})")
        if running >= self._allowed.concurrent_invocations:
            raise ApiError(429, f"Too many concurrent requests in flight (count: {running})")

    def run(self, name: EntityName, entity: Entity, parameters: Document, wait_ms: int) -> tuple[str, Document | None]:
        """Run the action; returns the activation's id, and the activation if it ended within `wait_ms`.

        Raises:
            ApiError: 429, the namespace runs too much.
        """
        self._check_load(name.namespace)
        action = entity.document
        activation: Document = {
            "activationId": uuid.uuid4().hex,
            "namespace": name.namespace,
            "name": name.name,
            "subject": name.namespace,
            "version": action["version"],
            "publish": False,
            "start": now_ms(),
            "annotations": [
                {"key": "path", "value": name.full},
                {"key": "kind", "value": action["exec"]["kind"]},
                {"key": "limits", "value": action["limits"]},
            ],
            "logs": [],
        }
        self._store.begin_activation(activation)
        invocation = Invocation(
            namespace=name.namespace,
            name="/".join(part for part in (name.package, name.name) if part),
            kind=action["exec"]["kind"],
            main=action["exec"].get("main", ""),
            memory_mb=action["limits"]["memory"],
            concurrency=action["limits"]["concurrency"],
            timeout_ms=action["limits"]["timeout"],
            parameters=parameters,
            activation_id=activation["activationId"],
            code_sha256=entity.code,
        )
        ended: list[Document] = []
        thread = threading.Thread(target=lambda: ended.append(self._finish(activation, invocation)), daemon=True)
        thread.start()
        thread.join(wait_ms / 1000)
        return activation["activationId"], ended[0] if ended else None

    def _finish(self, activation: Document, invocation: Invocation) -> Document:
        """Call the handler and keep the finished activation; an action that runs too long has failed."""
        status, result = self._call(invocation)
        end = now_ms()
        if end - activation["start"] > invocation.timeout_ms:
            status = DEVELOPER_ERROR
            result = {"error": f"The action exceeded its time limits of {invocation.timeout_ms} milliseconds."}
        finished = {
            **activation,
            "end": end,
            "duration": end - activation["start"],
            "statusCode": _STATUS_CODES[status],
            "response": {"status": status, "success": status == SUCCESS, "result": result},
        }
        self._store.end_activation(finished)
        return finished

    def _call(self, invocation: Invocation) -> tuple[str, Document]:
        """The handler's result, and how it is judged."""
        try:
            result = self._handler(invocation)
        except Exception as error:
            return DEVELOPER_ERROR, {"error": f"{type(error).__name__}: {error}"}
        if not isinstance(result, Mapping):
            return DEVELOPER_ERROR, {"error": "The action did not return a dictionary."}
        return (APPLICATION_ERROR if "error" in result else SUCCESS), dict(result)


def check_payload(size: int) -> None:
    """413 for a payload of an invocation that is too large; bytes."""
    limits.check_size("payload", size, limits.PARAMETER_BYTES)


def brief(activation: Document) -> Document:
    """An activation as a list shows it."""
    names = (
        "activationId",
        "annotations",
        "duration",
        "end",
        "name",
        "namespace",
        "publish",
        "start",
        "statusCode",
        "version",
    )
    return {name: activation[name] for name in names}
