"""What a data node has on disk, and what follows from it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.lambdafs.cluster.plugins.module_utils import ndb_datanode_state as state


def test_an_empty_directory_is_no_data(tmp_path: Path) -> None:
    assert not state.has_file_system(tmp_path, 3)
    (tmp_path / "ndb_3_fs").mkdir()
    assert not state.has_file_system(tmp_path, 3)
    (tmp_path / "ndb_3_fs/D1").mkdir()
    assert state.has_file_system(tmp_path, 3)
    assert not state.has_file_system(tmp_path, 4)


def test_the_nodes_that_were_started_once_are_read_from_the_file(tmp_path: Path) -> None:
    assert state.known_ids(tmp_path / "absent.json") == []
    (tmp_path / "known.json").write_text("[4, 3]\n", encoding="ascii")
    assert state.known_ids(tmp_path / "known.json") == [3, 4]


def test_a_damaged_file_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "known.json").write_text("{", encoding="ascii")
    with pytest.raises(ValueError, match=r"known\.json is damaged .*, expected a list of node ids"):
        state.known_ids(tmp_path / "known.json")


def test_a_disk_that_was_formatted_before_comes_first() -> None:
    assert state.Disks(labelled=("/dev/sdb",), blank=("/dev/sdc",)).choose() == "/dev/sdb"
    assert state.Disks(labelled=(), blank=("/dev/sdc",)).choose() == "/dev/sdc"
    assert state.Disks(labelled=(), blank=()).choose() is None


def test_two_disks_without_content_are_an_error() -> None:
    with pytest.raises(ValueError, match="/dev/sdb, /dev/sdc may be the data volume, expected one"):
        state.Disks(labelled=(), blank=("/dev/sdb", "/dev/sdc")).choose()


def test_only_disks_without_content_may_be_formatted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "is_block_device", lambda path: path.name != "sdx")
    devices: list[dict[str, Any]] = [
        {"path": "/dev/sda", "type": "disk", "pttype": "gpt", "children": [{"path": "/dev/sda1", "type": "part"}]},
        {"path": "/dev/sdb", "type": "disk", "fstype": "xfs", "label": "ndb-data"},
        {"path": "/dev/sdc", "type": "disk", "fstype": "ext4", "label": None},
        {"path": "/dev/sdd", "type": "disk", "fstype": None, "label": None, "pttype": None},
        {"path": "/dev/sdx", "type": "disk", "fstype": None, "label": None, "pttype": None},
        {"path": "/dev/loop0", "type": "loop", "fstype": None, "label": None, "pttype": None},
    ]
    assert state.find_disks(devices, "ndb-data") == state.Disks(labelled=("/dev/sdb",), blank=("/dev/sdd",))


@pytest.mark.parametrize(
    ("known", "present", "started", "lost"),
    [
        ([], {3: False, 4: False}, [], []),
        ([3, 4], {3: False, 4: True}, [], []),
        ([3, 4], {3: False, 4: False}, [], [[3, 4]]),
        ([3, 4], {3: False, 4: False}, [4], []),
        ([3, 4, 5, 6], {3: True, 4: True, 5: False, 6: False}, [], [[5, 6]]),
        ([3, 4], {3: True, 4: True, 5: False, 6: False}, [], []),
        ([3, 4], {3: False}, [], []),
    ],
    ids=["first start", "one recovers", "all lost", "one lives", "a group lost", "newcomers", "not looked at"],
)
def test_a_group_is_lost_when_none_of_its_nodes_has_its_data(
    known: list[int], present: dict[int, bool], started: list[int], lost: list[list[int]]
) -> None:
    assert state.lost_groups(known, 2, present, started) == lost


def test_one_node_of_a_group_is_restarted_at_a_time() -> None:
    groups = {"0": [3, 4], "1": [5, 6]}
    assert state.restart_rounds([3, 4, 5, 6], groups) == [[3, 5], [4, 6]]
    assert state.restart_rounds([4, 5, 6], groups) == [[4, 5], [6]]
    assert state.restart_rounds([], groups) == []


def test_nodes_without_a_group_are_restarted_together() -> None:
    assert state.restart_rounds([3, 5, 6], {"0": [3, 4], "none": [5, 6]}) == [[5, 6, 3]]
    assert state.restart_rounds([5, 6], {"none": [5, 6]}) == [[5, 6]]
