"""Addresses of a lab that this machine itself answers at: those of control planes and load balancers.

They lie in the lab's subnet, as network interfaces of the cloud's network, and hang on the loopback device: so they are
reached from the machine at all times, and from the VMs through the lab's bridge. A label tells whose they are.
"""

from __future__ import annotations

import hashlib
import json
import subprocess

from lab.errors import LabError

_DEVICE = "lo"
_LABEL_LENGTH = 15


def label(lab: str) -> str:
    """The label of a lab's addresses, as long as the kernel permits."""
    return f"{_DEVICE}:{hashlib.sha256(lab.encode()).hexdigest()}"[:_LABEL_LENGTH]


def held(lab: str) -> list[str]:
    """The lab's addresses that the machine answers at."""
    shown = json.loads(_ip("-json", "-4", "address", "show", "dev", _DEVICE, "label", label(lab)) or "[]")
    return [entry["local"] for device in shown for entry in device.get("addr_info") or [] if "local" in entry]


def hold(lab: str, address: str) -> None:
    """Answer at an address from now on."""
    if address not in held(lab):
        _ip("address", "add", f"{address}/32", "dev", _DEVICE, "label", label(lab))


def release(lab: str, *addresses: str) -> None:
    """Answer at these addresses no more, as far as they are held."""
    for address in set(addresses) & set(held(lab)):
        _ip("address", "del", f"{address}/32", "dev", _DEVICE)


def _ip(*arguments: str) -> str:
    command = ["ip", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    if done.returncode != 0:
        reason = " ".join(done.stderr.split()) or "no message"
        raise LabError(f"`{' '.join(command)}` ended with status {done.returncode}, expected 0: {reason}")
    return done.stdout
