"""The endpoints: which request does what."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from lab.openwhisk import actions, activations, body, limits, packages, query, web
from lab.openwhisk.activations import Activations
from lab.openwhisk.auth import Keys
from lab.openwhisk.errors import ApiError, exists, malformed, not_found
from lab.openwhisk.invokers import Invokers
from lab.openwhisk.limits import Limits
from lab.openwhisk.names import EntityName, checked, entity
from lab.openwhisk.request import Request, Response
from lab.openwhisk.runtimes import Runtimes
from lab.openwhisk.store import ACTION, PACKAGE, Store

API = ["api", "v1"]
REALM = 'Basic realm="OpenWhisk secure realm"'
_DESCRIPTION = "OpenWhisk (stand-in of the lab)"


@dataclass(frozen=True)
class Api:
    """The endpoints of one server. `echoes` says whether a PUT and a DELETE answer with the whole entity."""

    store: Store
    keys: Keys
    allowed: Limits
    runtimes: Runtimes
    invokers: Invokers
    activations: Activations
    echoes: bool = True

    def answer(self, request: Request) -> Response:
        """Answer a request.

        Raises:
            ApiError: what is wrong with it.
        """
        match request.path:
            case [""]:
                return self._reading(request, self._info())
            case ["ping"]:
                return self._reading(request, b"pong")
            case ["invokers", *rest]:
                return self._of_invokers(request, rest)
            case ["api", "v1"] | ["api", "v1", ""]:
                return self._reading(request, _api_info())
            case ["api", "v1", "web", namespace, package, name, *rest]:
                return self._web(request, namespace, package, name, "".join(f"/{part}" for part in rest))
            case ["api", "v1", "namespaces"] | ["api", "v1", "namespaces", ""]:
                return self._reading(request, [self._own(request)])
            case ["api", "v1", "namespaces", namespace, *rest] if rest:
                return self._of_namespace(request, self._opened(request, namespace), rest)
        raise not_found()

    def _reading(self, request: Request, value: Any) -> Response:
        """The answer to a GET."""
        if request.method not in ("GET", "HEAD"):
            raise ApiError(405, "HTTP method not allowed, supported methods: GET")
        return Response(200, value)

    def _own(self, request: Request) -> str:
        """The namespace that the request's key opens."""
        return self.keys.namespace(request.headers.get("Authorization"))

    def _opened(self, request: Request, namespace: str) -> str:
        """The namespace of the path.

        Raises:
            ApiError: 401 or 403, the key does not open it.
        """
        own = self._own(request)
        if namespace not in ("_", own):
            raise ApiError(403, "The supplied authentication is not authorized to access this resource.")
        return own

    def _of_namespace(self, request: Request, namespace: str, path: list[str]) -> Response:
        match request.method, path:
            case "GET", ["limits"]:
                return Response(200, self._limits())
            case "GET", ["actions"] | ["actions", ""]:
                return self._list(request, namespace, ACTION, None)
            case "GET", ["actions", package, ""]:
                return self._list(request, namespace, ACTION, package)
            case _, ["actions", *names] if 1 <= len(names) <= 2:
                return self._of_action(request, entity(namespace, *names))
            case "GET", ["packages"] | ["packages", ""]:
                return self._list(request, namespace, PACKAGE, None)
            case _, ["packages", name]:
                return self._of_package(request, entity(namespace, checked(name)))
            case "GET", ["activations"] | ["activations", ""]:
                return self._list_activations(request, namespace)
            case "GET", ["activations", identity, *part] if len(part) <= 1:
                return self._activation(namespace, identity, "".join(part))
        raise not_found()

    # Root

    def _info(self) -> dict[str, Any]:
        allowed = self.allowed
        return {
            "description": _DESCRIPTION,
            "support": {"github": "", "slack": ""},
            "api_paths": ["/api/v1"],
            "limits": {
                "actions_per_minute": allowed.invocations_per_minute,
                "triggers_per_minute": allowed.invocations_per_minute,
                "concurrent_actions": allowed.concurrent_invocations,
                "sequence_length": 50,
                "min_action_duration": allowed.timeout.min,
                "max_action_duration": allowed.timeout.max,
                "min_action_memory": allowed.memory.min * limits.MEGABYTE,
                "max_action_memory": allowed.memory.max * limits.MEGABYTE,
                "min_action_logs": allowed.logs.min * limits.MEGABYTE,
                "max_action_logs": allowed.logs.max * limits.MEGABYTE,
            },
            "runtimes": self.runtimes.as_info(),
        }

    def _of_invokers(self, request: Request, rest: list[str]) -> Response:
        states = self.invokers.states()
        healthy = self.invokers.healthy()
        match rest:
            case [] | [""]:
                return self._reading(request, states)
            case ["healthy", "count"]:
                return self._reading(request, healthy)
            case ["ready"]:
                ready = bool(states) and healthy == len(states)
                return Response(200 if ready else 500, {"healthy": f"{healthy}/{len(states)}"})
        raise not_found()

    def _limits(self) -> dict[str, int]:
        return {
            "invocationsPerMinute": self.allowed.invocations_per_minute,
            "concurrentInvocations": self.allowed.concurrent_invocations,
            "firesPerMinute": self.allowed.invocations_per_minute,
        }

    # Actions

    def _list(self, request: Request, namespace: str, collection: str, package: str | None) -> Response:
        if package is not None:
            package = entity(namespace, package, "any").package
            if package:
                self.store.get(entity(namespace, package), PACKAGE)
        page = query.page(request.query)
        if page.count:
            return Response(200, {collection: self.store.count(namespace, collection, package)})
        summary = actions.summary if collection == ACTION else packages.summary
        found = self.store.page(namespace, collection, package, page.limit, page.skip)
        return Response(200, [summary(document) for document in found])

    def _of_action(self, request: Request, name: EntityName) -> Response:
        match request.method:
            case "GET":
                found = self.store.get(name, ACTION)
                code = self.store.code_path(found.code) if query.flag(request.query, "code", True) else None
                return Response(200, found.document, code=code)
            case "PUT":
                return self._put_action(request, name)
            case "DELETE":
                found = self.store.get(name, ACTION)
                self.store.delete(name, found)
                code = self.store.code_path(found.code)
                return Response(200, found.document, code=code) if self.echoes else Response(204)
            case "POST":
                return self._invoke(request, name)
        raise ApiError(405, "HTTP method not allowed, supported methods: GET, PUT, DELETE, POST")

    def _put_action(self, request: Request, name: EntityName) -> Response:
        overwrite = query.flag(request.query, "overwrite", False)
        given = body.parse(request.read())
        text = given.code()
        if name.package:
            self.store.get(EntityName(name.namespace, "", name.package), PACKAGE)
        found = self.store.find(name, ACTION)
        if found is not None and not overwrite:
            raise exists()
        document = (
            actions.created(name, given.value, text, self.allowed, self.runtimes)
            if found is None
            else actions.updated(found.document, given.value, text, self.allowed, self.runtimes)
        )
        code = self.store.keep_code(text) if text is not None else (found.code if found else "")
        written = self.store.put(name, ACTION, document, code, found)
        return Response(200, written, code=self.store.code_path(code)) if self.echoes else Response(200)

    def _invoke(self, request: Request, name: EntityName) -> Response:
        blocking = query.flag(request.query, "blocking", False)
        only_result = query.flag(request.query, "result", False)
        wait = query.whole(request.query, "timeout", activations.WAIT_MS, 1, activations.WAIT_MS)
        activations.check_payload(request.length)
        found = self.store.get(name, ACTION)
        parameters = activations.parameters_of(found.document, body.parse(request.read()).value)
        identity, ended = self.activations.run(name, found, parameters, wait if blocking else 0)
        headers = {"x-openwhisk-activation-id": identity}
        if not blocking or ended is None:
            return Response(202, {"activationId": identity}, headers)
        status = 200 if ended["response"]["success"] else 502
        return Response(status, ended["response"]["result"] if only_result else ended, headers)

    def _web(self, request: Request, namespace: str, package: str, name: str, path: str) -> Response:
        plain, extension = web.split_name(name)
        action = entity(namespace, package, plain)
        activations.check_payload(request.length)
        found = self.store.get(action, ACTION)
        web.check_exported(found.document, request)
        if request.method == "OPTIONS":
            return web.preflight(found.document)
        parameters = activations.parameters_of(found.document, web.payload(request))
        parameters |= web.platform_parameters(request, path)
        identity, ended = self.activations.run(action, found, parameters, activations.WAIT_MS)
        response = web.answer(ended, identity, extension)
        response.headers = {**response.headers, "x-openwhisk-activation-id": identity}
        return response

    # Packages and activations

    def _of_package(self, request: Request, name: EntityName) -> Response:
        if request.method == "PUT":
            given = body.parse(request.read()).value
            found = self.store.find(name, PACKAGE)
            if found is not None and not query.flag(request.query, "overwrite", False):
                raise exists()
            present = found.document if found else None
            return Response(200, self.store.put(name, PACKAGE, packages.put(name, present, given), "", found))
        found = self.store.get(name, PACKAGE)
        inside = list(self.store.page(name.namespace, ACTION, name.name, limits.LIST_LENGTH, 0))
        if request.method == "DELETE":
            if inside and not query.flag(request.query, "force", False):
                raise ApiError(409, f"Package not empty (contains {len(inside)} entities)")
            for document in inside:
                action = EntityName(name.namespace, name.name, document["name"])
                self.store.delete(action, self.store.get(action, ACTION))
            self.store.delete(name, found)
        return Response(200, packages.shown(found.document, inside))

    def _list_activations(self, request: Request, namespace: str) -> Response:
        page = query.page(request.query)
        since = query.whole(request.query, "since", 0, 0)
        upto = query.whole(request.query, "upto", 2**62, 0)
        name = request.query.get("name")
        if page.count:
            counted = self.store.activations(namespace, name, since, upto, -1, page.skip)
            return Response(200, {"activations": len(counted)})
        found = self.store.activations(namespace, name, since, upto, page.limit, page.skip)
        docs = query.flag(request.query, "docs", False)
        return Response(200, found if docs else [activations.brief(activation) for activation in found])

    def _activation(self, namespace: str, identity: str, part: str) -> Response:
        if len(identity) != 32:
            raise malformed(f"activation id of {len(identity)} characters, expected 32")
        found = self.store.activation(namespace, identity)
        shown = {"": found, "logs": {"logs": found["logs"]}, "result": found["response"]}
        if part not in shown:
            raise not_found()
        return Response(200, shown[part])


def _api_info() -> dict[str, Any]:
    return {
        "description": _DESCRIPTION,
        "api_version": "1.0.0",
        "api_version_path": "v1",
        "build": "lab",
        "buildno": "lab",
        "swagger_paths": {"ui": "/docs", "api-docs": "/api-docs"},
    }


def error_body(error: ApiError, transaction: str) -> bytes:
    """The body of an answer that says what is wrong."""
    return json.dumps({"error": error.message, "code": transaction}).encode()
