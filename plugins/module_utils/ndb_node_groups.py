# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Growing a cluster online: node groups of new data nodes, and tables spread over all node groups.

What is left to do is read from the live cluster each time, so that a run may end at any step.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_management import Node

# Node groups by table (type 2) and unique index (type 3), as the data nodes tell them
SPREAD_QUERY = """
SELECT o.fq_name, p.fq_name, MAX(i.partition_balance), COUNT(DISTINCT m.group_id)
FROM (SELECT DISTINCT type, id, parent_obj_id, fq_name FROM ndbinfo.dict_obj_info WHERE type IN (2, 3)) o
LEFT JOIN (SELECT DISTINCT id, fq_name FROM ndbinfo.dict_obj_info WHERE type = 2) p
  ON p.id = o.parent_obj_id AND o.type = 3
JOIN (SELECT DISTINCT table_id, partition_balance FROM ndbinfo.table_info) i ON i.table_id = o.id
JOIN (SELECT DISTINCT table_id, current_primary FROM ndbinfo.table_fragments) f ON f.table_id = o.id
JOIN (SELECT DISTINCT node_id, group_id FROM ndbinfo.membership) m ON m.node_id = f.current_primary
GROUP BY o.type, o.id, o.fq_name, p.fq_name
"""
# MySQL's and NDB's own tables stay where they are
_OWN_DATABASES = frozenset({"mysql", "sys", "ndbinfo"})
_BLOB_PARTS = "NDB$"
_FIXED = "SPECIFIC"


class NotReady(Exception):
    """The cluster cannot grow now; the message says why and what to do."""


@dataclass(frozen=True, order=True)
class Place:
    """Where a table, or a unique index of it, has its rows.

    `index` is empty for the table itself; `movable` says whether NDB can move it to further node groups;
    `node_groups` is the number of node groups that hold a part of it.
    """

    database: str
    table: str
    index: str
    movable: bool
    node_groups: int

    @property
    def name(self) -> str:
        """Database and table, and the index where there is one."""
        return f"{self.database}.{self.table}" + (f" index {self.index}" if self.index else "")


def parse_places(rows: Sequence[Sequence[Any]]) -> list[Place]:
    """The rows of `SPREAD_QUERY`, less MySQL's own tables and the parts of blobs, which go with their table.

    A table is called database/schema/table by NDB, a unique index sys/schema/number/index$unique. A table whose
    partitions were counted by its maker cannot be moved.
    """

    def text(value: object) -> str:
        return value.decode() if isinstance(value, bytes) else str(value or "")

    places: list[Place] = []
    for name, table_name, balance, groups in rows:
        index = text(name).rsplit("/", 1)[-1].removesuffix("$unique") if table_name else ""
        database, _schema, table = text(table_name or name).split("/", 2)
        if database not in _OWN_DATABASES and not table.startswith(_BLOB_PARTS):
            movable = not index and text(balance) != _FIXED
            places.append(Place(database, table, index, movable, int(groups)))
    return sorted(places, key=lambda place: place.name)


@dataclass(frozen=True)
class Spread:
    """Tables to move, and what stays on fewer node groups: fixed tables, and unique indexes."""

    to_move: list[Place]
    fixed: list[Place]
    indexes: list[Place]


def sort_out(places: Sequence[Place], node_groups: int) -> Spread:
    """What is not on all node groups, by what can be done about it."""
    behind = [place for place in places if place.node_groups < node_groups]
    return Spread(
        [place for place in behind if place.movable and not place.index],
        [place for place in behind if not place.movable and not place.index],
        [place for place in behind if place.index],
    )


def new_groups(nodes: Sequence[Node], replicas: int) -> list[list[int]]:
    """The node groups to make, as ids of data nodes, of those that have none.

    Args:
        nodes: all nodes as the management server sees them.
        replicas: data nodes of a node group.

    Raises:
        NotReady: a node that has no group, or may have none, is not started, or they are too few for their last group.
    """
    data_nodes = [node for node in nodes if node.kind == "datanode"]
    without = [node.id for node in data_nodes if node.node_group is None]
    if not without:
        return []
    waiting = [node for node in data_nodes if node.id in without and not node.started]
    if waiting:
        raise NotReady(
            "; ".join(f"data node {node.id} is {node.state}, expected started" for node in waiting)
            + ": start it, then run again"
        )
    if len(without) % replicas:
        ids = ", ".join(str(node_id) for node_id in without)
        raise NotReady(
            f"data nodes {ids} have no node group, expected a multiple of {replicas} of them: add the missing ones"
        )
    return [without[start : start + replicas] for start in range(0, len(without), replicas)]


def statement(place: Place) -> str:
    """What moves a table's rows to all node groups while it is in use."""
    quoted = ".".join(f"`{name.replace('`', '``')}`" for name in (place.database, place.table))
    return f"ALTER TABLE {quoted} ALGORITHM=INPLACE, REORGANIZE PARTITION"


def move_all(
    read: Callable[[], list[Place]], execute: Callable[[str], bool], node_groups: int
) -> tuple[list[str], Spread]:
    """Move every table that is not on all node groups.

    Args:
        read: reads where the tables are.
        execute: sends a statement; returns whether NDB can move the table at all.
        node_groups: the number of node groups.

    Returns:
        The tables that were moved, and what is left.

    Raises:
        NotReady: a table was moved and is not on all node groups still.
    """
    left = sort_out(read(), node_groups)
    if not left.to_move:
        return [], left
    refused = {place for place in left.to_move if not execute(statement(place))}
    moved = [place.name for place in left.to_move if place not in refused]
    after = sort_out(read(), node_groups)
    left = Spread(
        [place for place in after.to_move if place not in refused], [*after.fixed, *sorted(refused)], after.indexes
    )
    if left.to_move:
        names = ", ".join(place.name for place in left.to_move)
        raise NotReady(f"{names} not on all {node_groups} node groups after it was moved: run again")
    return moved, left


def as_result(created: Mapping[str, Sequence[int]], moved: Sequence[str], left: Spread) -> dict[str, Any]:
    """What the module returns."""
    return {
        "created_groups": {group: list(ids) for group, ids in created.items()},
        "moved_tables": list(moved),
        "fixed_tables": [place.name for place in left.fixed],
        "unmoved_indexes": [place.name for place in left.indexes],
    }
