"""Paths, partitions and rows."""

from __future__ import annotations

import pytest

from lab.hadoop import inodes
from lab.hadoop.errors import HadoopError


@pytest.mark.parametrize(
    ("text", "hashed"),
    [("", 0), ("hello", 99162322), ("polygenelubricants", -2147483648), ("é", 233), ("😀", 1772899)],
)
def test_hashes_are_those_of_java(text: str, hashed: int) -> None:
    assert inodes.java_hash(text) == hashed


@pytest.mark.parametrize(
    ("path", "names"), [("/", []), ("/a", ["a"]), ("/a//b/", ["a", "b"]), ("/with space/ü", ["with space", "ü"])]
)
def test_components_of_a_path(path: str, names: list[str]) -> None:
    assert inodes.components(path) == names


@pytest.mark.parametrize("path", ["", "a", "/a/../b", "/.", "/a:b", "/" + "x" * 256, "/" + "ü" * 128])
def test_bad_paths_are_refused(path: str) -> None:
    with pytest.raises(HadoopError, match="InvalidPathException"):
        inodes.components(path)


def test_entries_of_the_root_are_spread_and_others_stay_with_their_parent() -> None:
    assert inodes.partition(0, "", 0) == inodes.ROOT_PARTITION
    assert inodes.partition(1, "a", 1) == inodes.java_hash("a1")
    assert inodes.partition(7, "a", 2) == 7


def test_a_directory_has_one_deployment_however_it_is_written() -> None:
    assert inodes.deployment_of("/a/b", 20) == inodes.deployment_of("/a//b/", 20)
    found = {inodes.deployment_of(f"/dir{number}", 20) for number in range(500)}
    assert found == set(range(20))
    assert inodes.parent_of("/a/b") == "/a"
    assert inodes.parent_of("/a") == inodes.parent_of("/") == "/"


def test_a_row_is_read_as_it_was_written() -> None:
    parent = inodes.root(3, 4, 1000)
    file = inodes.child(parent, "f", 1, 9, 2000, "client")
    directory = inodes.child(parent, "d", 1, 10, 2000, None)
    for inode in (parent, file, directory):
        assert inodes.of_row(inode.values()) == inode
    assert (file.is_dir, file.under_construction, file.client_name) == (False, True, "client")
    assert (directory.is_dir, directory.under_construction, directory.header) == (True, False, 0)
    assert (parent.partition_id, parent.parent_id, parent.name, parent.id) == (0, 0, "", 1)


def test_status_has_what_a_listing_shows() -> None:
    shown = inodes.status(inodes.child(inodes.root(1, 1, 0), "f", 1, 9, 2000, "client"), "/f")
    assert shown["path"] == "/f"
    assert (shown["isDir"], shown["permission"], shown["modificationTime"]) == (False, "644", 2000)
