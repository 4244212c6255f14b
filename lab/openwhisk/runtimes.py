"""The kinds of actions that the platform offers: OpenWhisk's runtimes manifest."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lab.errors import LabError
from lab.openwhisk.errors import ApiError

# What is offered without a manifest
DEFAULT_MANIFEST = {
    "runtimes": {
        "nodejs": [
            {
                "kind": "nodejs:20",
                "default": True,
                "image": {"prefix": "openwhisk", "name": "action-nodejs-v20", "tag": "nightly"},
                "deprecated": False,
                "attached": {"attachmentName": "codefile", "attachmentType": "text/plain"},
            }
        ],
        "namenode": [
            {
                "kind": "generic-namenode:10",
                "default": True,
                "image": {"prefix": "scusemua", "name": "java8action", "tag": "latest"},
                "deprecated": False,
                "attached": {"attachmentName": "jarfile", "attachmentType": "application/java-archive"},
                "requireMain": True,
            }
        ],
    }
}


@dataclass(frozen=True)
class Runtimes:
    """The manifest, and its entries by kind."""

    families: Mapping[str, list[dict[str, Any]]]

    @property
    def kinds(self) -> dict[str, dict[str, Any]]:
        return {entry["kind"]: entry for entries in self.families.values() for entry in entries}

    def resolve(self, kind: str) -> dict[str, Any]:
        """The entry of a kind; `FAMILY:default` names the default of a family.

        Raises:
            ApiError: 400, the platform does not offer it.
        """
        family, _, version = kind.partition(":")
        if version == "default":
            entries = [entry for entry in self.families.get(family, []) if entry.get("default")]
        else:
            entries = [entry for entry in [self.kinds.get(kind)] if entry]
        if not entries:
            valid = ", ".join(f"'{known}'" for known in sorted(self.kinds))
            raise ApiError(400, f"'{kind}' is not supported by this platform. Valid values are: {valid}")
        return entries[0]

    def as_info(self) -> dict[str, list[dict[str, Any]]]:
        """The families as the server's root answers them."""
        return {
            family: [
                {
                    "kind": entry["kind"],
                    "image": image_name(entry.get("image")),
                    "deprecated": bool(entry.get("deprecated", False)),
                    "default": bool(entry.get("default", False)),
                    "attached": bool(entry.get("attached")),
                    "requireMain": bool(entry.get("requireMain", False)),
                }
                for entry in entries
            ]
            for family, entries in self.families.items()
        }


def image_name(image: object) -> str:
    """`prefix/name:tag` out of the three members, or the text that is given."""
    if isinstance(image, Mapping):
        prefix = f"{image['prefix']}/" if image.get("prefix") else ""
        return f"{prefix}{image.get('name', '')}:{image.get('tag', 'latest')}"
    return str(image or "")


def parse(text: str | None) -> Runtimes:
    """The runtimes of a manifest's JSON text, or of the default manifest."""
    try:
        manifest = json.loads(text) if text else DEFAULT_MANIFEST
        families = {name: [dict(entry) for entry in entries] for name, entries in manifest["runtimes"].items()}
        if not all(isinstance(entry["kind"], str) for entries in families.values() for entry in entries):
            raise TypeError("a kind is no text")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise LabError(
            f"RUNTIMES_MANIFEST cannot be read ({error!r}); expected JSON with `runtimes`, lists of entries with `kind`"
        ) from error
    return Runtimes(families)
