# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a NameNode deployment should be and what it is, compared: pure functions."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

CODE_ANNOTATION = "lambdafs.cluster/code-sha256"
SPEC_ANNOTATION = "lambdafs.cluster/spec-sha256"
_OURS = (CODE_ANNOTATION, SPEC_ANNOTATION)
# Annotations that the platform writes
_EXEC_ANNOTATION = "exec"
_PLATFORMS = (_EXEC_ANNOTATION, "provide-api-key")
_LIMITS = {"memory": "memory", "concurrency": "concurrency", "timeout": "timeout", "log_limit": "logs"}
NAME = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_@ .&-]{0,254}[A-Za-z0-9_@.&-])?")


@dataclass(frozen=True)
class Wanted:
    """What every deployment should be.

    Attributes:
        kind: of the action.
        main: main class.
        code_sha256: of the jar.
        limits: by the names that the API has; what is absent is left to the platform.
        parameters: bound to the action.
        annotations: all of them, less the platform's and the two hashes.
    """

    kind: str
    main: str
    code_sha256: str
    limits: Mapping[str, int]
    parameters: Mapping[str, Any]
    annotations: Mapping[str, Any]

    @property
    def spec_sha256(self) -> str:
        """The hash of what a list of actions does not show, less the code."""
        return hash_of({"kind": self.kind, "main": self.main, "parameters": self.parameters})

    @property
    def all_annotations(self) -> dict[str, Any]:
        return {**self.annotations, CODE_ANNOTATION: self.code_sha256, SPEC_ANNOTATION: self.spec_sha256}


@dataclass(frozen=True)
class Registered:
    """A deployment as the server has it; `main` and `parameters` are None until it is read on its own.

    `code_sha256` is what its annotation says, or the hash of its code once that was downloaded.
    """

    name: str
    version: str
    updated: int
    kind: str
    code_sha256: str
    limits: Mapping[str, int]
    annotations: Mapping[str, Any]
    main: str | None = None
    parameters: Mapping[str, Any] | None = None

    @property
    def own_annotations(self) -> dict[str, Any]:
        """Its annotations less those of the platform."""
        return {key: value for key, value in self.annotations.items() if key not in _PLATFORMS}

    def as_result(self) -> dict[str, Any]:
        """The deployment as a module returns it."""
        return {
            "name": self.name,
            "version": self.version,
            "updated": self.updated,
            "kind": self.kind,
            "code_sha256": self.code_sha256,
            **{name: self.limits.get(key) for name, key in _LIMITS.items()},
            "web": self.annotations.get("web-export") is True,
            "annotations": dict(self.annotations),
        }


@dataclass(frozen=True)
class Change:
    """What is done to one deployment.

    Attributes:
        name: of the deployment.
        action: `create`, `update` or `remove`.
        sends_code: whether the jar goes with it.
        body: of the PUT, less the code.
        before: what the deployment is, empty where there is none.
        after: what it will be, empty where there will be none.
    """

    name: str
    action: str
    sends_code: bool
    body: Mapping[str, Any]
    before: Mapping[str, Any]
    after: Mapping[str, Any]

    @property
    def diff(self) -> dict[str, str]:
        """Both sides as text, for a module's result."""
        title = f"{self.name} ({self.action}, {'with' if self.sends_code else 'without'} code)"
        sides = {
            side: json.dumps(state, indent=2, sort_keys=True) + "\n" if state else ""
            for side, state in (("before", self.before), ("after", self.after))
        }
        return {"before_header": title, "after_header": title, **sides}


def hash_of(value: Any) -> str:
    """SHA-256 of a JSON value, whatever the order of its members."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def web_annotations(web: bool) -> dict[str, bool]:
    """The annotations of an action that can be invoked over the web path without a key, or not."""
    return {"web-export": web, "raw-http": False, "final": web}


def limits_of(values: Mapping[str, int | None]) -> dict[str, int]:
    """Limits by the API's names out of the module's, less those that are left to the platform."""
    return {key: value for name, key in _LIMITS.items() if (value := values.get(name)) is not None}


def names_of(prefix: str, first: int, count: int) -> list[str]:
    """The names of the deployments."""
    return [f"{prefix}{index}" for index in range(first, first + count)]


def beyond(names: Iterable[str], prefix: str, end: int) -> list[str]:
    """Those of the names that are a deployment numbered `end` or higher, in the order of their numbers."""
    numbered = re.compile(re.escape(prefix) + r"(0|[1-9][0-9]*)")
    found = [(int(match[1]), name) for name in names if (match := numbered.fullmatch(name)) and int(match[1]) >= end]
    return [name for _number, name in sorted(found)]


def by_key(pairs: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Annotations or parameters by key; the server keeps no order."""
    return {pair["key"]: pair["value"] for pair in pairs}


def as_pairs(values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Annotations or parameters as the API takes them."""
    return [{"key": key, "value": value} for key, value in values.items()]


def from_list(item: Mapping[str, Any]) -> Registered:
    """A deployment out of an item of the list of actions."""
    annotations = by_key(item.get("annotations", []))
    return Registered(
        name=item["name"],
        version=item["version"],
        updated=int(item.get("updated", 0)),
        kind=str(annotations.get(_EXEC_ANNOTATION, "")),
        code_sha256=str(annotations.get(CODE_ANNOTATION, "")),
        limits=item["limits"],
        annotations=annotations,
    )


def from_action(action: Mapping[str, Any]) -> Registered:
    """A deployment out of an action that was read on its own."""
    executable = action["exec"]
    return replace(
        from_list(action),
        kind=executable["kind"],
        main=executable.get("main", ""),
        parameters=by_key(action.get("parameters", [])),
    )


def is_equal(present: Registered, wanted: Wanted) -> bool:
    """Whether nothing has to be done; the hash in its annotations stands for what was not read of the deployment."""
    known = present.main is None or (present.main == wanted.main and present.parameters == wanted.parameters)
    return (
        known
        and present.kind == wanted.kind
        and present.code_sha256 == wanted.code_sha256
        and present.own_annotations == wanted.all_annotations
        and all(present.limits.get(key) == value for key, value in wanted.limits.items())
    )


def creation(name: str, wanted: Wanted) -> Change:
    """The change that makes a deployment."""
    body = {
        "exec": {"kind": wanted.kind, "main": wanted.main},
        "annotations": as_pairs(wanted.all_annotations),
        "parameters": as_pairs(wanted.parameters),
        "limits": dict(wanted.limits),
    }
    return Change(name, "create", True, body, {}, _state(wanted))


def removal(present: Registered) -> Change:
    """The change that removes a deployment."""
    return Change(present.name, "remove", False, {}, _present_state(present), {})


def update(present: Registered, wanted: Wanted) -> Change | None:
    """The change of a deployment that was read on its own, with nothing in it that is as it should be; or None."""
    body: dict[str, Any] = {}
    run = (present.kind, present.main, present.code_sha256)
    if run != (wanted.kind, wanted.main, wanted.code_sha256):
        body["exec"] = {"kind": wanted.kind, "main": wanted.main}
    if present.parameters != wanted.parameters:
        body["parameters"] = as_pairs(wanted.parameters)
    if limits := {key: value for key, value in wanted.limits.items() if present.limits.get(key) != value}:
        body["limits"] = limits
    missing = object()
    annotations = wanted.all_annotations
    if changed := {key: value for key, value in annotations.items() if present.annotations.get(key, missing) != value}:
        body["annotations"] = as_pairs(changed)
    if gone := sorted(set(present.own_annotations) - set(annotations)):
        body["delAnnotations"] = gone
    if not body:
        return None
    after = {**_state(wanted), "limits": {**present.limits, **wanted.limits}}
    return Change(present.name, "update", "exec" in body, body, _present_state(present), after)


def _state(wanted: Wanted) -> dict[str, Any]:
    """What a deployment should be, as a diff shows it."""
    return {
        "kind": wanted.kind,
        "main": wanted.main,
        "code_sha256": wanted.code_sha256,
        "limits": dict(wanted.limits),
        "parameters": dict(wanted.parameters),
        "annotations": dict(wanted.annotations),
    }


def _present_state(present: Registered) -> dict[str, Any]:
    """What a deployment is, as a diff shows it."""
    read = {} if present.main is None else {"main": present.main, "parameters": dict(present.parameters or {})}
    return {
        "kind": present.kind,
        "code_sha256": present.code_sha256,
        "limits": dict(present.limits),
        **read,
        "annotations": {key: value for key, value in present.own_annotations.items() if key not in _OURS},
    }
