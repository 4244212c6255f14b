from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_management import Node
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_node_groups import (
    NotReady,
    Place,
    move_all,
    new_groups,
    parse_places,
    sort_out,
    statement,
)

OLD = [
    Node(1, "mgmd", "connected"),
    Node(3, "datanode", "started", node_group=0),
    Node(4, "datanode", "started", node_group=0),
]
NEW = [Node(5, "datanode", "started"), Node(6, "datanode", "started")]
MOVED = Place("h", "a", "", True, 2)
BEHIND = Place("h", "a", "", True, 1)
FIXED = Place("h", "c", "", False, 1)
INDEX = Place("h", "c", "uh", False, 1)


def test_groups_are_made_of_started_nodes_without_one() -> None:
    assert new_groups(OLD, 2) == []
    assert new_groups([*OLD, *NEW], 2) == [[5, 6]]
    more = [Node(7, "datanode", "started"), Node(8, "datanode", "started")]
    assert new_groups([*OLD, *NEW, *more], 2) == [[5, 6], [7, 8]]


@pytest.mark.parametrize(
    ("newcomers", "said"),
    [
        ([NEW[0], Node(6, "datanode", "no_contact")], "data node 6 is no_contact, expected started"),
        ([NEW[0]], "data nodes 5 have no node group, expected a multiple of 2"),
    ],
)
def test_groups_are_not_made_before_all_are_there(newcomers: list[Node], said: str) -> None:
    with pytest.raises(NotReady, match=said):
        new_groups([*OLD, *newcomers], 2)


def test_rows_of_the_query_are_places() -> None:
    rows: list[list[Any]] = [
        [b"sys/def/22/uh$unique", "h/def/c", "SPECIFIC", 1],
        ["h/def/a", None, "FOR_RP_BY_LDM", 1],
        ["h/def/c", None, "SPECIFIC", 1],
        ["h/def/NDB$BLOB_18_1", None, "FOR_RP_BY_LDM", 1],
        ["mysql/def/ndb_schema", None, "FOR_RP_BY_LDM", 1],
    ]
    assert parse_places(rows) == [BEHIND, FIXED, INDEX]
    assert INDEX.name == "h.c index uh"


def test_what_is_behind_is_sorted_by_what_can_be_done() -> None:
    found = sort_out([MOVED, Place("h", "b", "", True, 1), FIXED, INDEX], 2)
    assert [place.table for place in found.to_move] == ["b"]
    assert (found.fixed, found.indexes) == ([FIXED], [INDEX])


def test_names_are_quoted() -> None:
    assert statement(Place("h", "a`b", "", True, 1)).startswith("ALTER TABLE `h`.`a``b` ALGORITHM=INPLACE, REORGANIZE")


def test_tables_are_moved_until_none_is_behind() -> None:
    answers = iter([[BEHIND, FIXED], [MOVED, FIXED]])
    sent: list[str] = []

    def send(text: str) -> bool:
        sent.append(text)
        return True

    moved, left = move_all(lambda: next(answers), send, 2)
    assert (moved, left.fixed, len(sent)) == (["h.a"], [FIXED], 1)


def test_a_table_that_ndb_does_not_move_is_told_and_no_error() -> None:
    moved, left = move_all(lambda: [BEHIND], lambda _statement: False, 2)
    assert (moved, left.fixed, left.to_move) == ([], [BEHIND], [])


def test_nothing_to_do_is_one_query() -> None:
    answers = iter([[MOVED]])
    assert move_all(lambda: next(answers), pytest.fail, 2)[0] == []


def test_a_table_that_is_behind_after_its_move_is_an_error() -> None:
    with pytest.raises(NotReady, match=r"h\.a not on all 2 node groups"):
        move_all(lambda: [BEHIND], lambda _statement: True, 2)
