# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a data node has on disk, and what the whole lets a run conclude: first start, recovery, newcomer, loss."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


def file_system_dir(data_dir: Path, node_id: int) -> Path:
    """Where a data node keeps its data, in its DataDir."""
    return data_dir / f"ndb_{node_id}_fs"


def has_file_system(data_dir: Path, node_id: int) -> bool:
    """Whether a data node has data on disk; an empty directory is none."""
    directory = file_system_dir(data_dir, node_id)
    return directory.is_dir() and any(directory.iterdir())


def known_ids(file: Path) -> list[int]:
    """The data nodes that have been started once, as the file tells; none where there is no file.

    Raises:
        ValueError: the file holds something else.
    """
    if not file.exists():
        return []
    try:
        return sorted({int(node_id) for node_id in json.loads(file.read_text(encoding="ascii"))})
    except (ValueError, TypeError) as error:
        raise ValueError(f"{file} is damaged ({error}), expected a list of node ids: restore or remove it") from error


@dataclass(frozen=True)
class Disks:
    """The disks of a VM that may be the data volume: formatted before, or without any content."""

    labelled: tuple[str, ...]
    blank: tuple[str, ...]

    def choose(self) -> str | None:
        """The data volume; None where there is none.

        Raises:
            ValueError: more than one disk may be it.
        """
        candidates = self.labelled or self.blank
        if len(candidates) > 1:
            raise ValueError(
                f"{', '.join(candidates)} may be the data volume, expected one: set ndb_datanode_data_device"
            )
        return candidates[0] if candidates else None


def find_disks(devices: Sequence[Mapping[str, Any]], label: str) -> Disks:
    """The disks that may be the data volume.

    Args:
        devices: what `lsblk --json --output PATH,TYPE,FSTYPE,LABEL,PTTYPE` lists, as a tree.
        label: the label of a file system that an earlier run has made.
    """
    disks = [device for device in devices if device["type"] == "disk" and Path(device["path"]).is_block_device()]
    labelled = [disk["path"] for disk in disks if disk.get("label") == label]
    blank = [
        disk["path"] for disk in disks if not disk.get("fstype") and not disk.get("pttype") and not disk.get("children")
    ]
    return Disks(tuple(labelled), tuple(blank))


def node_groups(node_ids: Collection[int], replicas: int) -> list[list[int]]:
    """The node groups of established data nodes: NDB fills them in the order of the ids."""
    ordered = sorted(node_ids)
    return [ordered[start : start + replicas] for start in range(0, len(ordered), replicas)]


def lost_groups(
    known: Collection[int], replicas: int, present: Mapping[int, bool], started: Collection[int]
) -> list[list[int]]:
    """The node groups that were started once and of which no node has its data any more.

    Args:
        known: ids of the data nodes that have been started once.
        replicas: data nodes of a node group.
        present: of the data nodes that were looked at, whether each has data on disk.
        started: ids of the data nodes that are started now.
    """
    return [
        group
        for group in node_groups(known, replicas)
        if all(present.get(node_id) is False and node_id not in started for node_id in group)
    ]


def restart_rounds(pending: Collection[int], groups: Mapping[str, Sequence[int]]) -> list[list[int]]:
    """Which nodes to restart together, round after round: at most one of a node group at a time.

    Args:
        pending: ids of the data nodes that need a restart.
        groups: ids by node group; those below `none` have no group and no data.
    """
    queues = [[node_id for node_id in ids if node_id in pending] for name, ids in groups.items() if name != "none"]
    rounds = [
        [queue[turn] for queue in queues if turn < len(queue)] for turn in range(max(map(len, queues), default=0))
    ]
    loose = [node_id for node_id in groups.get("none", []) if node_id in pending]
    if loose:
        rounds[:1] = [[*loose, *(rounds[0] if rounds else [])]]
    return rounds
