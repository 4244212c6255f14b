# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The znodes of the NameNode deployments: what should be there, what to make, what may go."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from kazoo.client import KazooClient

CHILDREN = ("permanent", "guest", "ACK", "INV")
MEMBER_GROUPS = ("permanent", "guest")


class LiveNameNodes(Exception):
    """A tree that is to be removed still holds NameNodes, or changed while it was being removed."""


class TreeClient(Protocol):
    """What is asked of ZooKeeper: several questions at a time, one round trip for all."""

    def children(self, paths: Sequence[str]) -> dict[str, list[str]]:
        """The children's names below each path that exists."""

    def ephemeral(self, paths: Sequence[str]) -> set[str]:
        """Those of the paths that belong to a session."""

    def create(self, paths: Sequence[str]) -> None:
        """Make the paths in this order; one that exists is left alone."""

    def delete(self, paths: Sequence[str]) -> bool:
        """Remove the paths in this order, all or none; False when one is missing or has children."""


@dataclass(frozen=True)
class TreePlan:
    """Paths to make (parents first) and subtrees to remove (children first), by their root."""

    create: tuple[str, ...]
    remove: Mapping[str, tuple[str, ...]]

    @property
    def removed(self) -> list[str]:
        """Every path that goes, sorted."""
        return sorted(path for paths in self.remove.values() for path in paths)


def wanted_paths(prefix: str, count: int) -> list[str]:
    """Every path that `count` deployments need, parents before children."""
    roots = (f"/{prefix}{number}" for number in range(count))
    return [path for root in roots for path in (root, *(f"{root}/{child}" for child in CHILDREN))]


def superfluous_roots(prefix: str, count: int, top: Iterable[str]) -> list[str]:
    """The roots among the top-level names whose deployment number is `count` or more, by number."""
    matches = (re.match(rf"{re.escape(prefix)}(0|[1-9]\d*)$", name) for name in top)
    numbers = sorted(int(match[1]) for match in matches if match)
    return [f"/{prefix}{number}" for number in numbers if number >= count]


def existing_paths(client: TreeClient, roots: Sequence[str]) -> set[str]:
    """The given roots that exist, and their children."""
    present = client.children(roots)
    return {*present, *(f"{root}/{name}" for root, names in present.items() for name in names)}


def subtree(client: TreeClient, root: str) -> list[str]:
    """Every path from the root down, one round trip a level."""
    paths: list[str] = []
    level = [root]
    while level:
        paths += level
        level = [f"{path}/{name}" for path, names in client.children(level).items() for name in names]
    return paths


def live_paths(root: str, paths: Sequence[str], ephemeral: Collection[str]) -> list[str]:
    """The paths below a root that show a live NameNode: members of its groups, and ephemeral znodes."""
    groups = tuple(f"{root}/{group}/" for group in MEMBER_GROUPS)
    return [path for path in paths if path in ephemeral or path.startswith(groups)]


def make_plan(client: TreeClient, prefix: str, count: int, prune: bool) -> TreePlan:
    """Compare what exists with what `count` deployments need.

    Args:
        client: the connection.
        prefix: name of a root less its number.
        count: number of deployments.
        prune: whether trees of further deployments are to go.

    Raises:
        LiveNameNodes: a tree that is to go is in use.
    """
    wanted = wanted_paths(prefix, count)
    existing = existing_paths(client, [f"/{prefix}{number}" for number in range(count)])
    remove: dict[str, tuple[str, ...]] = {}
    if prune:
        for root in superfluous_roots(prefix, count, client.children(["/"])["/"]):
            paths = subtree(client, root)
            live = live_paths(root, paths, client.ephemeral(paths))
            if live:
                raise LiveNameNodes(
                    f"{root} is in use by {', '.join(live)}, expected no live NameNode:"
                    f" stop the deployment first; nothing was changed"
                )
            remove[root] = tuple(reversed(paths))
    return TreePlan(create=tuple(path for path in wanted if path not in existing), remove=remove)


def apply_plan(client: TreeClient, plan: TreePlan) -> None:
    """Carry the plan out.

    Raises:
        LiveNameNodes: a tree changed since the plan was made; that tree is left whole.
    """
    client.create(plan.create)
    for root, paths in plan.remove.items():
        if not client.delete(paths):
            raise LiveNameNodes(f"{root} changed while it was to be removed and was left whole: run again")


class KazooTree:
    """A `TreeClient` on a kazoo session, with many requests under way at a time."""

    def __init__(self, client: KazooClient) -> None:
        self._client = client

    def children(self, paths: Sequence[str]) -> dict[str, list[str]]:
        """See `TreeClient`."""
        from kazoo.exceptions import NoNodeError

        answers: dict[str, list[str]] = {}
        for path, pending in [(path, self._client.get_children_async(path)) for path in paths]:
            with suppress(NoNodeError):
                answers[path] = pending.get()
        return answers

    def ephemeral(self, paths: Sequence[str]) -> set[str]:
        """See `TreeClient`."""
        stats = [(path, self._client.exists_async(path)) for path in paths]
        found = {path: pending.get() for path, pending in stats}
        return {path for path, stat in found.items() if stat and stat.ephemeralOwner}

    def create(self, paths: Sequence[str]) -> None:
        """See `TreeClient`."""
        from kazoo.exceptions import NodeExistsError

        for pending in [self._client.create_async(path) for path in paths]:
            with suppress(NodeExistsError):
                pending.get()

    def delete(self, paths: Sequence[str]) -> bool:
        """See `TreeClient`."""
        transaction = self._client.transaction()
        for path in paths:
            transaction.delete(path)
        return all(result is True for result in transaction.commit())
