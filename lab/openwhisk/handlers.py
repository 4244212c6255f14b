"""What answers an invocation: a Python function in the place of a container.

`--handler module:function` names another one. It is called in the worker process that the request reached, in a thread
of its own, with an `Invocation`, and returns the result as a JSON object. A result with the member `error` is an
application error; an exception is an error of the action's developer, and its text becomes the result's `error`.
Worker processes share nothing: a handler that keeps state keeps it outside, or the server has one worker.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from lab.errors import LabError


@dataclass(frozen=True)
class Invocation:
    """One invocation.

    Attributes:
        namespace: the action's namespace.
        name: the action's name, after its package and a slash where it has one.
        kind: the action's kind.
        main: its main class or function, empty where it has none.
        memory_mb: its memory limit in MB.
        concurrency: activations that one container of it runs at a time.
        timeout_ms: its time limit in milliseconds.
        parameters: its bound parameters, overridden by those of the request.
        activation_id: 32 hexadecimal digits.
        code_sha256: hash of its code's text (base64 for a jar).
    """

    namespace: str
    name: str
    kind: str
    main: str
    memory_mb: int
    concurrency: int
    timeout_ms: int
    parameters: Mapping[str, Any]
    activation_id: str
    code_sha256: str


# What a handler returns is checked, since it may be anybody's
Handler = Callable[[Invocation], object]


def echo(invocation: Invocation) -> dict[str, Any]:
    """The answer of every action unless another handler is named.

    Returns:
        `statusCode` 200 and `body`, as web actions have them; the body holds `name`, `memory` (MB), `activationId`
        and `parameters` (less those that the platform adds, whose names begin with `__ow_`).
    """
    parameters = {name: value for name, value in invocation.parameters.items() if not name.startswith("__ow_")}
    return {
        "statusCode": 200,
        "body": {
            "name": invocation.name,
            "memory": invocation.memory_mb,
            "activationId": invocation.activation_id,
            "parameters": parameters,
        },
    }


def load(entry: str) -> Handler:
    """The handler that `module:function` names."""
    module, _, function = entry.partition(":")
    try:
        handler: Handler = getattr(importlib.import_module(module), function)
    except (ImportError, AttributeError, ValueError) as error:
        raise LabError(f"handler {entry!r}: {error}; expected module:function; change --handler") from error
    return handler
