# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The members of a ZooKeeper ensemble: server lines of its dynamic configuration, and changes of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

ENSEMBLE_SIZES = (1, 3, 5, 7)

_SERVER_LINE = re.compile(
    r"^server\.(?P<id>\d+)=(?P<address>.+?):(?P<quorum_port>\d+):(?P<election_port>\d+)"
    r"(?::(?P<role>participant|observer))?(?:;(?:.*:)?(?P<client_port>\d+))?$"
)


@dataclass(frozen=True)
class Member:
    """One server line. Ports are TCP ports; `client_port` is 0 where the line names none."""

    id: int
    address: str
    quorum_port: int
    election_port: int
    role: str
    client_port: int

    @property
    def line(self) -> str:
        """The line as ZooKeeper reads it, listening for clients on every address."""
        clients = f";{self.client_port}" if self.client_port else ""
        return f"server.{self.id}={self.address}:{self.quorum_port}:{self.election_port}:{self.role}{clients}"


@dataclass(frozen=True)
class MembershipChange:
    """What a reconfiguration adds (new servers, or new addresses of known ones) and takes away."""

    joining: tuple[Member, ...]
    leaving: tuple[Member, ...]

    def __bool__(self) -> bool:
        return bool(self.joining or self.leaving)


def parse_member(line: str) -> Member:
    """Read one server line.

    Raises:
        ValueError: the line is not a server line.
    """
    match = _SERVER_LINE.match(line.strip())
    if match is None:
        raise ValueError(f"{line.strip()!r} is no server line, expected server.ID=ADDRESS:PORT:PORT:participant;PORT")
    return Member(
        id=int(match["id"]),
        address=match["address"],
        quorum_port=int(match["quorum_port"]),
        election_port=int(match["election_port"]),
        role=match["role"] or "participant",
        client_port=int(match["client_port"] or 0),
    )


def parse_members(text: str) -> tuple[Member, ...]:
    """Every server line of a text (a dynamic configuration, or the answer to `conf`), by id.

    Raises:
        ValueError: a line that begins with `server.` cannot be read.
    """
    lines = (line for line in text.splitlines() if line.strip().startswith("server."))
    return by_id(parse_member(line) for line in lines)


def parse_version(text: str) -> int:
    """The configuration's version, written in it as hexadecimal digits; 0 where it has none."""
    match = re.search(r"^version=([0-9a-fA-F]+)\s*$", text, re.MULTILINE)
    return int(match[1], 16) if match else 0


def by_id(members: Iterable[Member]) -> tuple[Member, ...]:
    """The members in the order of their ids."""
    return tuple(sorted(members, key=lambda member: member.id))


def voters(members: Iterable[Member]) -> tuple[Member, ...]:
    """The members that count for the quorum."""
    return tuple(member for member in members if member.role == "participant")


def plan_addition(live: Sequence[Member], wanted: Sequence[Member]) -> MembershipChange:
    """The change that makes every wanted member part of the live ensemble; nobody leaves."""
    return MembershipChange(joining=by_id(set(wanted) - set(live)), leaving=())


def plan_removal(live: Sequence[Member], ids: Iterable[int]) -> MembershipChange:
    """The change that takes these ids out of the live ensemble.

    Raises:
        ValueError: the remaining ensemble would have a size that is not allowed.
    """
    going = set(ids)
    leaving = by_id(member for member in live if member.id in going)
    staying = len(voters(live)) - len(voters(leaving))
    if leaving and staying not in ENSEMBLE_SIZES:
        raise ValueError(
            f"removing {', '.join(str(member.id) for member in leaving)} leaves {staying} servers,"
            f" expected {sizes()}: remove or keep one more"
        )
    return MembershipChange(joining=(), leaving=leaving)


def after(live: Sequence[Member], change: MembershipChange) -> tuple[Member, ...]:
    """The members of the live ensemble once the change is made."""
    gone = {member.id for member in change.joining} | {member.id for member in change.leaving}
    return by_id([*(member for member in live if member.id not in gone), *change.joining])


def sizes() -> str:
    """The allowed sizes of an ensemble, for messages."""
    return "1, 3, 5 or 7"
