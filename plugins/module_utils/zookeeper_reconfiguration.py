# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Changing the membership of a live ensemble, one step that ZooKeeper itself makes safe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ansible_collections.lambdafs.cluster.plugins.module_utils.polling import poll
from ansible_collections.lambdafs.cluster.plugins.module_utils.zookeeper_members import (
    Member,
    MembershipChange,
    parse_members,
    parse_version,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from kazoo.client import KazooClient

    Plan = Callable[[tuple[Member, ...]], MembershipChange]

_INTERVAL = 5.0


class ReconfigurationFailed(Exception):
    """The ensemble did not take the change."""


def read_membership(client: KazooClient) -> tuple[tuple[Member, ...], int]:
    """The live members and the version of their list."""
    client.sync("/zookeeper/config")
    text = client.get("/zookeeper/config")[0].decode("utf-8")
    return parse_members(text), parse_version(text)


def attempt(client: KazooClient, plan: Plan) -> tuple[Member, ...] | str:
    """Make the planned change of the membership as it is now.

    Returns:
        The members afterwards, or what keeps the change from being made for the moment.

    Raises:
        ReconfigurationFailed: ZooKeeper refused for good.
    """
    from kazoo import exceptions

    passing = (
        exceptions.ConnectionLoss,
        exceptions.SessionExpiredError,
        exceptions.OperationTimeoutError,
        exceptions.BadVersionError,
        exceptions.ReconfigInProcessError,
        exceptions.NewConfigNoQuorumError,
    )
    try:
        live, version = read_membership(client)
        change = plan(live)
        if not change:
            return live
        text, _stat = client.reconfig(
            joining=",".join(member.line for member in change.joining) or None,
            leaving=",".join(str(member.id) for member in change.leaving) or None,
            new_members=None,
            from_config=version,
        )
    except passing as error:
        return type(error).__name__
    except exceptions.ZookeeperError as error:
        raise ReconfigurationFailed(
            f"ZooKeeper refused the change of members: {type(error).__name__} {error}".rstrip()
            + ", expected a server with reconfigEnabled=true and the super user's digest in its zoo.cfg"
        ) from error
    return parse_members(text.decode("utf-8"))


def reconfigure(client: KazooClient, plan: Plan, timeout: float) -> tuple[Member, ...]:
    """Make the planned change, and return the members afterwards.

    Each attempt reads the membership first and asks for the change of exactly that version, so an attempt whose
    answer was lost is never made twice. It is repeated when the connection broke, when another change was under
    way, or when the servers of the new quorum were not in step yet.

    Args:
        client: a session with the super user's rights.
        plan: the change that some live members need; falsy when they need none.
        timeout: seconds for all attempts.

    Raises:
        ReconfigurationFailed: the time was over, or ZooKeeper refused.
    """
    result = poll(lambda: attempt(client, plan), lambda answer: not isinstance(answer, str), timeout, _INTERVAL)
    if isinstance(result, str):
        raise ReconfigurationFailed(
            f"membership not changed within {timeout:g} s, last answer {result}:"
            " look at lambdafs.cluster.zookeeper_info and run again"
        )
    return result
