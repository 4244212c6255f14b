"""The answer of a web action: what its result means for HTTP."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from lab.openwhisk import actions
from lab.openwhisk.activations import APPLICATION_ERROR, SUCCESS
from lab.openwhisk.errors import ApiError, malformed, not_found
from lab.openwhisk.request import Request, Response

_EXTENSIONS = (".http", ".json")


def split_name(name: str) -> tuple[str, str]:
    """The action's name, and the extension that says how its result is shown; `.http` where there is none."""
    for extension in _EXTENSIONS:
        if name.endswith(extension):
            return name.removesuffix(extension), extension
    return name, ".http"


def check_exported(action: Mapping[str, Any], request: Request) -> None:
    """404 for an action that is no web action, 401 where it asks for a secret that the request does not bring."""
    annotations = actions.mapping(action["annotations"])
    if annotations.get("web-export") is not True:
        raise not_found()
    secret = annotations.get("require-whisk-auth")
    if secret not in (None, False) and request.headers.get("X-Require-Whisk-Auth") != str(secret):
        raise ApiError(401, "Authentication is possible but has failed or not yet been provided.")


def preflight(action: Mapping[str, Any]) -> Response:
    """The platform's own answer to an OPTIONS request, which invokes nothing."""
    if actions.mapping(action["annotations"]).get("web-custom-options") is True:
        raise ApiError(501, "The lab's OpenWhisk has no actions that answer OPTIONS requests themselves.")
    methods = "OPTIONS, GET, DELETE, POST, PUT, HEAD, PATCH"
    return Response(200, b"", {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Methods": methods})


def payload(request: Request) -> dict[str, Any]:
    """What a web action is given: the query, the members of a JSON body, and how it was asked."""
    given: dict[str, Any] = dict(request.query)
    raw = request.read()
    if raw:
        if request.headers.get("Content-Type", "application/json").partition(";")[0].strip() == "application/json":
            try:
                body = json.loads(raw)
            except ValueError as error:
                raise malformed(f"no JSON: {error}") from error
            given |= body if isinstance(body, dict) else {"__ow_body": body}
        else:
            given["__ow_body"] = raw.decode("utf-8", "replace")
    return given


def platform_parameters(request: Request, path: str) -> dict[str, Any]:
    """What the platform adds to it."""
    headers = {name.lower(): value for name, value in request.headers.items()}
    return {"__ow_method": request.method.lower(), "__ow_headers": headers, "__ow_path": path}


def answer(activation: Mapping[str, Any] | None, identity: str, extension: str) -> Response:
    """The answer to a web request out of the activation, or out of its id where it has not ended."""
    if activation is None:
        return Response(202, {"activationId": identity})
    response = activation["response"]
    status, result = response["status"], response["result"]
    if status not in (SUCCESS, APPLICATION_ERROR):
        raise ApiError(502, "The action did not produce a valid response and exited unexpectedly.")
    if extension == ".json":
        return Response(200 if status == SUCCESS else 400, result)
    shown = result if status == SUCCESS else result["error"]
    if not isinstance(shown, Mapping):
        return Response(400, {"error": shown})
    body = shown.get("body")
    code = shown.get("statusCode", (200 if body is not None else 204) if status == SUCCESS else 400)
    headers = {str(name): str(value) for name, value in (shown.get("headers") or {}).items()}
    if isinstance(body, str):
        headers.setdefault("Content-Type", "text/html; charset=UTF-8")
        return Response(int(code), body.encode(), headers)
    return Response(int(code), b"" if body is None else body, headers)
