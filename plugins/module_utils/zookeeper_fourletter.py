# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""ZooKeeper's four-letter commands: asking over a plain socket, and reading the answers."""

from __future__ import annotations

import socket

from ansible_collections.lambdafs.cluster.plugins.module_utils.zookeeper_members import (
    Member,
    parse_members,
    parse_version,
)

NOT_SERVING = "This ZooKeeper instance is not currently serving requests"
_CHUNK = 65536


class NotServing(Exception):
    """The server runs but belongs to no quorum at the moment."""


class NotAllowed(Exception):
    """The command is missing from the server's white list."""


def ask(host: str, port: int, command: str, timeout: float) -> str:
    """Send one command and return the whole answer.

    Args:
        host: name or address of the server.
        port: its client port.
        command: one of the four-letter commands.
        timeout: seconds for the connection, and again for each read.

    Raises:
        OSError: no connection, or no answer in time.
        NotServing: the server belongs to no quorum.
        NotAllowed: the server's white list lacks the command.
    """
    with socket.create_connection((host, port), timeout=timeout) as connection:
        connection.sendall(command.encode("ascii"))
        chunks = list(iter(lambda: connection.recv(_CHUNK), b""))
    return checked(b"".join(chunks).decode("utf-8", "replace"), command)


def checked(answer: str, command: str) -> str:
    """The answer itself, unless it says that there is none.

    Raises:
        OSError: the server closed the connection without a word.
        NotServing: see `ask`.
        NotAllowed: see `ask`.
    """
    if not answer:
        raise OSError(f"no answer to {command}")
    if answer.startswith(NOT_SERVING):
        raise NotServing(NOT_SERVING)
    if "is not executed because it is not in the whitelist" in answer:
        raise NotAllowed(f"{command} is not in the server's 4lw.commands.whitelist")
    return answer


def parse_mntr(answer: str) -> dict[str, str]:
    """The metrics of `mntr` by name, without their common prefix `zk_`."""
    pairs = (line.partition("\t") for line in answer.splitlines() if "\t" in line)
    return {name[len("zk_") :]: value.strip() for name, _tab, value in pairs if name.startswith("zk_")}


def parse_srvr(answer: str) -> dict[str, str]:
    """The lines of `srvr` by their label, for example `Zxid` and `Mode`."""
    pairs = (line.partition(":") for line in answer.splitlines() if ":" in line)
    return {label.strip(): value.strip() for label, _colon, value in pairs}


def parse_conf(answer: str) -> tuple[dict[str, str], tuple[Member, ...], int]:
    """The settings, the members and the membership's version that `conf` reports."""
    pairs = (line.partition("=") for line in answer.splitlines() if "=" in line)
    settings = {
        name.strip(): value.strip()
        for name, _equals, value in pairs
        if not name.startswith("server.") and name != "version"
    }
    return settings, parse_members(answer), parse_version(answer)
