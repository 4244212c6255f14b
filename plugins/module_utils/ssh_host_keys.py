# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""SSH host keys: read from a console's text, and written as a known_hosts file by instance id.

A line of the file names an instance by its id, which ssh looks up through HostKeyAlias: unlike an address, an id
never belongs to another machine later.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

KEY_TYPES = ("ssh-ed25519", "ecdsa-sha2-nistp256")
"""Types of host key that are learnt, the preferred first; both fit a tag's 256 characters."""

_BLOCK = re.compile(r"-----BEGIN SSH HOST KEY KEYS-----(.*?)-----END SSH HOST KEY KEYS-----", re.DOTALL)
_KEY = re.compile(r"\b(ssh-[a-z0-9-]+|ecdsa-sha2-nistp\d+) ([A-Za-z0-9+/]+={0,2})(?=\s|$)")


def console_key(text: str) -> str | None:
    """The preferred host key, as `type base64`, that cloud-init printed last; None when it printed none.

    `text` is the console's output; a prefix that the console adds to a line does no harm.
    """
    blocks = _BLOCK.findall(text)
    if not blocks:
        return None
    keys = dict(_KEY.findall(blocks[-1]))
    return next((f"{kind} {keys[kind]}" for kind in KEY_TYPES if kind in keys), None)


def known_keys(text: str) -> dict[str, str]:
    """Instance id to `type base64` of a file that known_hosts() wrote."""
    fields = (line.split() for line in text.splitlines() if line and not line.startswith("#"))
    return {found[0]: " ".join(found[1:3]) for found in fields if len(found) >= 3}


def known_hosts(keys: Mapping[str, str]) -> str:
    """The text of a known_hosts file for instance id to `type base64`."""
    return "".join(f"{instance} {key}\n" for instance, key in sorted(keys.items()))
