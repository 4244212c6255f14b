"""The keys that open namespaces."""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import re
from collections.abc import Mapping
from pathlib import Path

from lab.errors import LabError
from lab.openwhisk.errors import ApiError

# The files of the chart's secret are named after subjects; these two have namespaces of other names
SUBJECTS = {"system": "whisk.system", "guest": "guest"}
KEY = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}:[A-Za-z0-9]{64}")


class Keys:
    """The namespace of each key."""

    def __init__(self, keys: Mapping[str, str]) -> None:
        self._keys = dict(keys)

    @property
    def namespaces(self) -> list[str]:
        return sorted(self._keys)

    def namespace(self, header: str | None) -> str:
        """The namespace that a request's Authorization header opens.

        Raises:
            ApiError: 401, it opens none.
        """
        given = _credentials(header)
        for namespace, key in self._keys.items():
            if hmac.compare_digest(given, key.encode()):
                return namespace
        raise ApiError(401, "The supplied authentication is invalid")


def _credentials(header: str | None) -> bytes:
    """`user:password` out of a Basic header; empty where it is not one."""
    scheme, _, encoded = (header or "").partition(" ")
    if scheme.lower() != "basic":
        return b""
    try:
        return base64.b64decode(encoded.strip(), validate=True)
    except (binascii.Error, ValueError):
        return b""


def load(path: Path) -> Keys:
    """The keys of a JSON file (namespace → key) or of a directory with a file for each subject.

    In a directory `system` opens the namespace whisk.system, and any other file the namespace of its own name.

    Raises:
        LabError: no key, or one that is none.
    """
    try:
        if path.is_dir():
            files = [entry for entry in sorted(path.iterdir()) if entry.is_file()]
            keys = {SUBJECTS.get(entry.name, entry.name): entry.read_text(encoding="utf-8").strip() for entry in files}
        else:
            keys = dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise LabError(
            f"{path}: {error}; expected JSON with a key for each namespace, or a directory of such files"
        ) from error
    wrong = sorted(namespace for namespace, key in keys.items() if not KEY.fullmatch(str(key)))
    if wrong or not keys:
        raise LabError(
            f"{path}: no usable key for {', '.join(wrong) or 'any namespace'}; expected UUID:SECRET with 64 characters"
        )
    return Keys(keys)
