# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""An ensemble as its servers report it: one report a server, and what they say together."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.lambdafs.cluster.plugins.module_utils import zookeeper_fourletter as fourletter
from ansible_collections.lambdafs.cluster.plugins.module_utils.polling import poll
from ansible_collections.lambdafs.cluster.plugins.module_utils.zookeeper_members import Member, voters

SERVING = ("leader", "follower", "observer", "standalone")
CONDITIONS = ("quorum", "serving", "synced")
_INTERVAL = 2.0


@dataclass(frozen=True)
class Address:
    """Where a server is asked. `name` is what messages call it, `port` its client port."""

    name: str
    host: str
    port: int


@dataclass(frozen=True)
class Server:
    """What one server said of itself.

    `state` is one of `SERVING`, or `electing` (runs, no quorum), `refused` (a command is not allowed)
    or `unreachable`; `detail` says why where the server does not serve. Counts are those of `mntr`.
    """

    address: Address
    state: str
    detail: str = ""
    id: int | None = None
    version: str = ""
    zxid: str = ""
    connections: int = 0
    outstanding: int = 0
    znodes: int = 0
    ephemerals: int = 0
    synced_followers: int = 0
    members: tuple[Member, ...] = field(default_factory=tuple)
    members_version: int = 0

    @property
    def serves(self) -> bool:
        """Whether clients are served."""
        return self.state in SERVING

    def as_result(self) -> dict[str, Any]:
        """The report as a module returns it."""
        return {
            "name": self.address.name,
            "host": self.address.host,
            "port": self.address.port,
            "state": self.state,
            "detail": self.detail,
            "id": self.id,
            "version": self.version,
            "zxid": self.zxid,
            "connections": self.connections,
            "outstanding": self.outstanding,
            "znodes": self.znodes,
            "ephemerals": self.ephemerals,
            "synced_followers": self.synced_followers,
            "members": [member.line for member in self.members],
        }


def server_from_answers(address: Address, mntr: str, srvr: str, conf: str) -> Server:
    """The report made of a serving server's three answers."""
    metrics = fourletter.parse_mntr(mntr)
    status = fourletter.parse_srvr(srvr)
    settings, members, version = fourletter.parse_conf(conf)
    return Server(
        address=address,
        state=status.get("Mode", metrics.get("server_state", "")),
        id=int(settings["serverId"]) if "serverId" in settings else None,
        version=metrics.get("version", "").split("-")[0].split(",")[0],
        zxid=status.get("Zxid", ""),
        connections=int(metrics.get("num_alive_connections", 0)),
        outstanding=int(metrics.get("outstanding_requests", 0)),
        znodes=int(metrics.get("znode_count", 0)),
        ephemerals=int(metrics.get("ephemerals_count", 0)),
        synced_followers=int(float(metrics.get("synced_followers", 0))),
        members=members,
        members_version=version,
    )


def ask_server(address: Address, timeout: float) -> Server:
    """Ask one server. Failures become its state; `timeout` is in seconds, for each command."""
    try:
        answers = [fourletter.ask(address.host, address.port, word, timeout) for word in ("mntr", "srvr", "conf")]
    except fourletter.NotServing:
        return Server(address, "electing", "it runs but belongs to no quorum")
    except fourletter.NotAllowed as refusal:
        return Server(address, "refused", str(refusal))
    except OSError as error:
        return Server(address, "unreachable", str(error))
    return server_from_answers(address, *answers)


def ask_servers(addresses: Sequence[Address], timeout: float) -> list[Server]:
    """Ask all servers at the same time; reports in the order of the addresses."""
    with ThreadPoolExecutor(max_workers=max(1, len(addresses))) as pool:
        return list(pool.map(lambda address: ask_server(address, timeout), addresses))


def restart_order(servers: Sequence[Server]) -> list[str]:
    """The names in the order of a rolling restart: servers that do not serve, followers, the leader last."""
    rank = {"leader": 2, "standalone": 2, "follower": 1, "observer": 1}
    return [server.address.name for server in sorted(servers, key=lambda server: rank.get(server.state, 0))]


def leaders(servers: Sequence[Server]) -> list[Server]:
    """The servers that say they lead; a standalone server leads itself."""
    return [server for server in servers if server.state in ("leader", "standalone")]


def membership(servers: Sequence[Server]) -> tuple[Member, ...]:
    """The members that the newest configuration among the serving servers names."""
    serving = [server for server in servers if server.serves]
    return max(serving, key=lambda server: server.members_version).members if serving else ()


def has_quorum(servers: Sequence[Server]) -> bool:
    """Whether exactly one server leads and more than half of the voting members serve."""
    if len(leaders(servers)) != 1:
        return False
    if leaders(servers)[0].state == "standalone":
        return True
    voting = {member.id for member in voters(membership(servers))}
    return 2 * len(voting & {server.id for server in servers if server.serves}) > len(voting)


def complaints(servers: Sequence[Server], condition: str, must_serve: Collection[str]) -> list[str]:
    """What keeps the servers from meeting the condition, one sentence each; empty when it is met.

    Args:
        servers: the reports.
        condition: `quorum` (one leader, most members serve), `serving` (and each of `must_serve` serves),
            `synced` (and the leader has every other voting member in step).
        must_serve: names of the servers that have to serve; without quorum all others are named, too.
    """
    quorum = has_quorum(servers)
    found = [
        f"{server.address.name} ({server.address.host}:{server.address.port}) is {server.state}:"
        f" {server.detail}, expected leader or follower"
        for server in servers
        if not server.serves and (not quorum or (condition != "quorum" and server.address.name in must_serve))
    ]
    leading = leaders(servers)
    if len(leading) != 1:
        names = ", ".join(server.address.name for server in leading) or "none"
        found.append(f"leaders found: {names}, expected exactly one")
    elif not quorum:
        found.append(f"fewer than half of the members of {leading[0].address.name}'s ensemble serve")
    elif condition == "synced" and leading[0].state == "leader":
        expected = len(voters(leading[0].members)) - 1
        if leading[0].synced_followers != expected:
            found.append(
                f"leader {leading[0].address.name} has {leading[0].synced_followers} followers in step,"
                f" expected {expected}"
            )
    return found


def wait_for(
    look: Callable[[], list[Server]], condition: str, must_serve: Collection[str], timeout: float
) -> tuple[list[Server], list[str]]:
    """Look until the condition is met or `timeout` seconds are over; 0 looks once.

    Args:
        look: asks the servers.
        condition: see `complaints`.
        must_serve: see `complaints`.
        timeout: seconds.

    Returns:
        The last reports, and the complaints left over.
    """

    def met(servers: list[Server]) -> bool:
        return not complaints(servers, condition, must_serve)

    servers = poll(look, met, timeout, _INTERVAL)
    return servers, complaints(servers, condition, must_serve)


def as_summary(servers: Sequence[Server]) -> dict[str, Any]:
    """What the servers say together, as a module returns it."""
    leading = leaders(servers)
    members = membership(servers)
    return {
        "servers": [server.as_result() for server in servers],
        "leader": leading[0].address.name if len(leading) == 1 else "",
        "quorum": has_quorum(servers),
        "members": [member.line for member in members],
        "member_ids": [member.id for member in members],
        "restart_order": restart_order(servers),
    }
