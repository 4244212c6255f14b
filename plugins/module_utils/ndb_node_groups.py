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

# Node groups by table and unique index. MySQL's own tables stay where they are, and a table with a number of partitions
# of its own cannot be reorganized.
SPREAD_QUERY = """
SELECT t.database_name, t.table_name, '' AS index_name,
       t.partition_balance <> 'SPECIFIC' AND t.fragment_type = 'HashMapPartition' AS movable,
       COUNT(DISTINCT m.group_id) AS node_groups
FROM ndbinfo.dictionary_tables t
JOIN (SELECT DISTINCT table_id, current_primary FROM ndbinfo.table_fragments) f ON f.table_id = t.table_id
JOIN (SELECT DISTINCT node_id, group_id FROM ndbinfo.membership) m ON m.node_id = f.current_primary
WHERE t.database_name NOT IN ('mysql', 'ndbinfo', 'sys') AND t.table_name NOT LIKE 'NDB$%'
GROUP BY t.database_name, t.table_name, t.partition_balance, t.fragment_type
UNION ALL
SELECT t.database_name, t.table_name, i.fq_name, 0, COUNT(DISTINCT m.group_id)
FROM ndbinfo.dictionary_tables t
JOIN (SELECT DISTINCT id, parent_obj_id, fq_name FROM ndbinfo.dict_obj_info WHERE type = 3 AND parent_obj_type = 2) i
  ON i.parent_obj_id = t.table_id
JOIN (SELECT DISTINCT table_id, current_primary FROM ndbinfo.table_fragments) f ON f.table_id = i.id
JOIN (SELECT DISTINCT node_id, group_id FROM ndbinfo.membership) m ON m.node_id = f.current_primary
WHERE t.database_name NOT IN ('mysql', 'ndbinfo', 'sys')
GROUP BY t.database_name, t.table_name, i.fq_name
"""


class NotReady(Exception):
    """The cluster cannot grow now; the message says why and what to do."""


@dataclass(frozen=True)
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
    """The rows of `SPREAD_QUERY`; an index's name is cut out of NDB's, for example sys/def/13/uk$unique."""

    def index_of(name: object) -> str:
        text = name.decode() if isinstance(name, bytes) else str(name)
        return text.rsplit("/", 1)[-1].removesuffix("$unique")

    return [
        Place(str(database), str(table), index_of(index), bool(movable), int(groups))
        for database, table, index, movable, groups in rows
    ]


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
    read: Callable[[], list[Place]], execute: Callable[[str], object], node_groups: int
) -> tuple[list[str], Spread]:
    """Move every table that is not on all node groups.

    Args:
        read: reads where the tables are.
        execute: sends a statement.
        node_groups: the number of node groups.

    Returns:
        The tables that were moved, and what is left.

    Raises:
        NotReady: a table was moved and is not on all node groups still.
    """
    left = sort_out(read(), node_groups)
    moved = [place.name for place in left.to_move]
    for place in left.to_move:
        execute(statement(place))
    if moved:
        left = sort_out(read(), node_groups)
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
