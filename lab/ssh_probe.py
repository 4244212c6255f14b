"""Whether a VM's sshd answers."""

from __future__ import annotations

import socket
import threading
from time import monotonic

from lab.errors import LabError

PORT = 22
_FIRST_PAUSE_SECONDS = 0.05
_LONGEST_PAUSE_SECONDS = 0.5
_CONNECT_SECONDS = 1.0


def await_ssh(address: str, stop: threading.Event, timeout_seconds: float = 60.0) -> None:
    """Wait until an SSH server greets on port 22 of the address.

    Args:
        stop: ends the wait early.

    Raises:
        LabError: nothing greeted in time, or the wait was ended.
    """
    deadline = monotonic() + timeout_seconds
    pause = _FIRST_PAUSE_SECONDS
    while not _greets(address):
        if monotonic() > deadline:
            raise LabError(
                f"sshd at {address}:{PORT} did not answer within {timeout_seconds:.0f} s; "
                "look at `podman logs` and `journalctl` in its container"
            )
        if stop.wait(pause):
            raise LabError(f"the wait for sshd at {address} was ended by the server's own end; run `up` again")
        pause = min(pause * 1.5, _LONGEST_PAUSE_SECONDS)


def _greets(address: str) -> bool:
    try:
        with socket.create_connection((address, PORT), timeout=_CONNECT_SECONDS) as connection:
            return connection.recv(4) == b"SSH-"
    except OSError:
        return False
