"""What an action becomes by a PUT, and how it is shown: pure functions on its JSON."""

from __future__ import annotations

import json
import re
import string
from collections.abc import Mapping, Sequence
from typing import Any

from lab.openwhisk import limits as platform_limits
from lab.openwhisk.errors import ApiError, malformed
from lab.openwhisk.limits import Limits
from lab.openwhisk.names import EntityName
from lab.openwhisk.runtimes import Runtimes

Document = dict[str, Any]
_VERSION = re.compile(r"(\d+)\.(\d+)\.(\d+)")
_BASE64 = (string.ascii_letters + string.digits + "+/").encode()


def is_binary(code: bytes | memoryview) -> bool:
    """Whether code counts as binary: its text is base64."""
    padding = bytes(code[-2:]).count(b"=")
    text = bytes(code[: len(code) - padding])
    return len(code) > 0 and len(code) % 4 == 0 and not text.translate(None, _BASE64)


def executable(given: object, code: memoryview | None, runtimes: Runtimes) -> Document:
    """The action's `exec`, less its code.

    Raises:
        ApiError: 400 for an unknown kind, or for code or main class missing; 413 for code that is too large.
    """
    if not isinstance(given, Mapping) or not isinstance(given.get("kind"), str):
        raise malformed("exec has no kind")
    entry = runtimes.resolve(given["kind"])
    if code is None or not isinstance(given.get("code"), str):
        raise malformed(f"'code' must be a text in 'exec' of '{entry['kind']}' actions")
    main = given.get("main")
    if main is not None and not isinstance(main, str):
        raise malformed("'main' must be a text")
    if entry.get("requireMain") and not main:
        raise malformed(f"'main' must be a text in 'exec' of '{entry['kind']}' actions")
    platform_limits.check_size("action's code", len(code) + len(main or ""), platform_limits.EXEC_BYTES)
    made: Document = {"kind": entry["kind"], "binary": is_binary(code)}
    if main:
        made["main"] = main
    return made


def pairs(given: object, what: str) -> dict[str, Document]:
    """Annotations or parameters by their key; the last of two with the same key counts.

    Raises:
        ApiError: 400, it is no list of key and value; 413, it is too large.
    """
    if not isinstance(given, list) or not all(
        isinstance(item, Mapping) and isinstance(item.get("key"), str) and "value" in item for item in given
    ):
        raise malformed(f"{what} must be a list of objects with key and value")
    platform_limits.check_size(what, len(json.dumps(given)), platform_limits.PARAMETER_BYTES)
    return {item["key"]: {name: item[name] for name in ("key", "value", "init") if name in item} for item in given}


def mapping(entries: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Values by key out of annotations or parameters."""
    return {entry["key"]: entry["value"] for entry in entries}


def raised(version: str) -> str:
    """The version with its patch level raised by one."""
    found = _VERSION.fullmatch(version)
    if found is None:
        raise malformed(f"version {version!r}, expected three numbers with dots")
    return f"{found[1]}.{found[2]}.{int(found[3]) + 1}"


def _asked_version(given: Mapping[str, Any]) -> str | None:
    version = given.get("version")
    if version is None:
        return None
    if not isinstance(version, str) or not _VERSION.fullmatch(version):
        raise malformed(f"version {version!r}, expected three numbers with dots")
    return version


def created(
    name: EntityName, given: Mapping[str, Any], code: memoryview | None, limits: Limits, runtimes: Runtimes
) -> Document:
    """A new action.

    Raises:
        ApiError: 400 or 413, it cannot be made.
    """
    if given.get("exec") is None:
        raise ApiError(400, "exec undefined")
    run = executable(given["exec"], code, runtimes)
    annotations = pairs(given.get("annotations", []), "annotations")
    annotations.setdefault("provide-api-key", {"key": "provide-api-key", "value": False})
    annotations["exec"] = {"key": "exec", "value": run["kind"]}
    return {
        "namespace": name.namespace_path,
        "name": name.name,
        "version": _asked_version(given) or "0.0.1",
        "publish": bool(given.get("publish", False)),
        "annotations": list(annotations.values()),
        "parameters": list(pairs(given.get("parameters", []), "parameters").values()),
        "limits": platform_limits.checked(limits, _limits_of(given)),
        "exec": run,
    }


def updated(
    present: Document, given: Mapping[str, Any], code: memoryview | None, limits: Limits, runtimes: Runtimes
) -> Document:
    """The action after a PUT on it.

    Raises:
        ApiError: 400 or 413, it cannot become that.
    """
    run = present["exec"] if given.get("exec") is None else executable(given["exec"], code, runtimes)
    annotations = {entry["key"]: entry for entry in present["annotations"]}
    removed = given.get("delAnnotations", [])
    if not isinstance(removed, list):
        raise malformed("delAnnotations must be a list")
    for key in removed:
        annotations.pop(key, None)
    annotations |= pairs(given.get("annotations", []), "annotations")
    annotations["exec"] = {"key": "exec", "value": run["kind"]}
    parameters = (
        present["parameters"]
        if given.get("parameters") is None
        else list(pairs(given["parameters"], "parameters").values())
    )
    return {
        **present,
        "version": _asked_version(given) or raised(present["version"]),
        "publish": bool(given.get("publish", present["publish"])),
        "annotations": list(annotations.values()),
        "parameters": parameters,
        "limits": platform_limits.checked(limits, _limits_of(given), present["limits"]),
        "exec": run,
    }


def _limits_of(given: Mapping[str, Any]) -> Mapping[str, Any]:
    asked = given.get("limits")
    if asked is None:
        return {}
    if not isinstance(asked, Mapping):
        raise malformed("limits must be an object")
    return asked


def summary(action: Document) -> Document:
    """An action as a list shows it."""
    shown = {
        name: action[name] for name in ("namespace", "name", "version", "publish", "annotations", "limits", "updated")
    }
    return {**shown, "exec": {"binary": action["exec"]["binary"]}}
