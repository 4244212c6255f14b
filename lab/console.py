"""What a VM's console shows of its SSH host keys, in the form in which cloud-init prints it."""

from __future__ import annotations

from collections.abc import Iterable

BEGIN = "-----BEGIN SSH HOST KEY KEYS-----"
END = "-----END SSH HOST KEY KEYS-----"


def console_text(hostname: str, host_keys: Iterable[str]) -> str:
    """The console output of a booted VM, or an empty text while it has no host keys.

    Args:
        hostname: the VM's host name without domain.
        host_keys: public keys, one OpenSSH line each.
    """
    keys = list(host_keys)
    if not keys:
        return ""
    return "\n".join([f"{hostname} login: ", BEGIN, *keys, END, ""])
