# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Host keys that the control node knows by a VM's id, for use on another VM, which knows addresses."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from typing import Any


def vm_known_hosts(text: str, hosts: Sequence[Mapping[str, Any]]) -> str:
    """A known_hosts file by addresses.

    Args:
        text: known_hosts of the control node, by ids, plain or hashed.
        hosts: `id` and `addresses` (list) of each VM.

    Returns:
        A line a VM and key, in the order of addresses; nothing of a VM whose key is not known.
    """
    entries = [fields for line in text.splitlines() if len(fields := line.split()) >= 3 and _is_plain(fields[0])]
    lines = {
        f"{','.join(host['addresses'])} {kind} {key}\n"
        for host in hosts
        for names, kind, key, *_comment in entries
        if any(_matches(name, host["id"]) for name in names.split(","))
    }
    return "".join(sorted(lines))


def _is_plain(names: str) -> bool:
    """Whether a line is about a host key, and no comment, authority or revoked key."""
    return not names.startswith(("#", "@"))


def _matches(name: str, wanted: str) -> bool:
    """Whether a name of a known_hosts file, which may be `|1|salt|HMAC-SHA1`, stands for a host."""
    if not name.startswith("|1|"):
        return name == wanted
    try:
        salt, digest = (base64.b64decode(part, validate=True) for part in name.removeprefix("|1|").split("|"))
    except (ValueError, binascii.Error):
        return False
    return hmac.compare_digest(hmac.new(salt, wanted.encode(), hashlib.sha1).digest(), digest)
