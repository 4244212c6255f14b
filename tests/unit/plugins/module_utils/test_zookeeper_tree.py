# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

from collections.abc import Sequence

import pytest
from ansible_collections.lambdafs.cluster.plugins.module_utils import zookeeper_tree as tree


class Memory:
    """A tree of znodes in memory; `owned` are the ephemeral ones."""

    def __init__(self, paths: Sequence[str] = (), owned: Sequence[str] = ()) -> None:
        self.paths = {*paths, *owned}
        self.owned = set(owned)
        self.rounds = 0

    def children(self, paths: Sequence[str]) -> dict[str, list[str]]:
        self.rounds += 1
        return {path: self._below(path) for path in paths if path == "/" or path in self.paths}

    def ephemeral(self, paths: Sequence[str]) -> set[str]:
        return self.owned & set(paths)

    def create(self, paths: Sequence[str]) -> None:
        self.paths |= set(paths)

    def delete(self, paths: Sequence[str]) -> bool:
        left = self.paths - set(paths)
        if any(path.rpartition("/")[0] in paths for path in left):
            return False
        self.paths = left
        return True

    def _below(self, path: str) -> list[str]:
        parent = "" if path == "/" else path
        return sorted(item.rpartition("/")[2] for item in self.paths if item.rpartition("/")[0] == parent)


def full(count: int) -> list[str]:
    return tree.wanted_paths("namenode", count)


def test_every_deployment_has_a_root_and_four_children() -> None:
    assert full(1) == ["/namenode0", "/namenode0/permanent", "/namenode0/guest", "/namenode0/ACK", "/namenode0/INV"]
    assert len(full(20)) == 100


def test_an_empty_ensemble_gets_everything_in_one_round() -> None:
    client = Memory()
    plan = tree.make_plan(client, "namenode", 20, prune=False)
    assert list(plan.create) == full(20)
    assert client.rounds == 1
    tree.apply_plan(client, plan)
    assert tree.make_plan(client, "namenode", 20, prune=False).create == ()


def test_only_what_is_missing_is_made() -> None:
    client = Memory([path for path in full(2) if path != "/namenode1/ACK"])
    assert tree.make_plan(client, "namenode", 2, prune=False).create == ("/namenode1/ACK",)


def test_other_trees_stay_unless_told_otherwise() -> None:
    assert tree.make_plan(Memory(full(3)), "namenode", 2, prune=False).removed == []


def test_trees_of_deployments_that_are_gone_are_pruned() -> None:
    client = Memory([*full(3), "/namenode2/INV/op", "/namenodes", "/namenode02", "/other"])
    tree.apply_plan(client, tree.make_plan(client, "namenode", 2, prune=True))
    assert client.paths == {*full(2), "/namenodes", "/namenode02", "/other"}


@pytest.mark.parametrize(
    ("paths", "owned", "named"),
    [
        ([], ["/namenode2/permanent/41"], "/namenode2/permanent/41"),
        (["/namenode2/guest/41"], [], "/namenode2/guest/41"),
        ([], ["/namenode2/INV/7"], "/namenode2/INV/7"),
    ],
)
def test_a_tree_with_a_live_namenode_is_refused_by_name(paths: list[str], owned: list[str], named: str) -> None:
    client = Memory([*full(3), *paths], owned)
    with pytest.raises(tree.LiveNameNodes, match=f"/namenode2 is in use by {named}"):
        tree.make_plan(client, "namenode", 2, prune=True)


def test_a_tree_that_changes_meanwhile_is_left_whole() -> None:
    client = Memory(full(3))
    plan = tree.make_plan(client, "namenode", 2, prune=True)
    client.create(["/namenode2/permanent/41"])
    with pytest.raises(tree.LiveNameNodes, match="was left whole"):
        tree.apply_plan(client, plan)
    assert set(full(3)) <= client.paths
