# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""zoo.cfg as text and as settings, and the digest of the super user's password.

ZooKeeper rewrites zoo.cfg itself when its membership changes: it keeps the settings, drops their order and
points `dynamicConfigFile` to the new list of members. Files are therefore compared as settings.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from typing import Any

DYNAMIC_FILE_KEY = "dynamicConfigFile"
SUPER_DIGEST_KEY = "DigestAuthenticationProvider.superDigest"
SUPER_USER = "super"


def parse(text: str) -> dict[str, str]:
    """The settings of a zoo.cfg by name."""
    lines = (line.strip() for line in text.splitlines())
    pairs = (line.partition("=") for line in lines if "=" in line and not line.startswith("#"))
    return {name.strip(): value.strip() for name, _equals, value in pairs}


def render(settings: Mapping[str, str]) -> str:
    """The text of a zoo.cfg, settings in the order of their names."""
    return "".join(f"{name}={settings[name]}\n" for name in sorted(settings))


def as_text(value: Any) -> str:
    """A setting's value as ZooKeeper writes it: booleans in small letters, lists with commas."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (list, tuple)):
        return ",".join(as_text(item) for item in value)
    return str(value)


def super_digest(password: str) -> str:
    """The value of the super digest setting for a password."""
    digest = hashlib.sha1(f"{SUPER_USER}:{password}".encode()).digest()  # noqa: S324 - the scheme is ZooKeeper's
    return f"{SUPER_USER}:{base64.b64encode(digest).decode('ascii')}"


def masked(settings: Mapping[str, str]) -> dict[str, str]:
    """The settings with the super user's digest hidden, fit for a diff."""
    return {name: "(hidden)" if name == SUPER_DIGEST_KEY else value for name, value in settings.items()}


def differences(running: Mapping[str, str], wanted: Mapping[str, str]) -> list[str]:
    """How the settings differ, one sentence each; the list of members is no setting."""
    found: list[str] = []
    for name in sorted({*running, *wanted} - {DYNAMIC_FILE_KEY}):
        before, now = running.get(name), wanted.get(name)
        if before != now and name == SUPER_DIGEST_KEY:
            found.append(f"{name} changed")
        elif before != now:
            found.append(f"{name}: {before or 'unset'} -> {now or 'unset'}")
    return found
