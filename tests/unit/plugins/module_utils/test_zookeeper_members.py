# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

import pytest
from ansible_collections.lambdafs.cluster.plugins.module_utils import zookeeper_members as members


def member(server_id: int, address: str = "") -> members.Member:
    return members.Member(server_id, address or f"10.0.0.{server_id}", 2888, 3888, "participant", 2181)


FIVE = tuple(member(server_id) for server_id in range(5))
THREE = FIVE[:3]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("server.1=10.0.0.1:2888:3888:participant;0.0.0.0:2181", member(1)),
        ("server.1=10.0.0.1:2888:3888:participant;2181", member(1)),
        ("server.1=10.0.0.1:2888:3888;2181", member(1)),
        ("server.7=zk:1:2:observer", members.Member(7, "zk", 1, 2, "observer", 0)),
    ],
)
def test_server_lines_are_read(line: str, expected: members.Member) -> None:
    assert members.parse_member(line) == expected


def test_a_line_that_is_written_is_read_again() -> None:
    assert members.parse_member(member(4).line) == member(4)


def test_anything_else_is_no_server_line() -> None:
    with pytest.raises(ValueError, match="is no server line"):
        members.parse_member("server.x=10.0.0.1")


def test_the_version_is_hexadecimal_and_zero_where_there_is_none() -> None:
    assert members.parse_version("server.0=a:1:2\nversion=100000000") == 0x100000000
    assert members.parse_version("server.0=a:1:2") == 0


def test_new_servers_join_and_nobody_leaves() -> None:
    change = members.plan_addition(THREE, FIVE)
    assert change == members.MembershipChange(joining=FIVE[3:], leaving=())
    assert members.after(THREE, change) == FIVE


def test_a_new_address_of_a_member_replaces_the_old_one() -> None:
    moved = member(1, "10.0.9.9")
    change = members.plan_addition(THREE, [THREE[0], moved, THREE[2]])
    assert change.joining == (moved,)
    assert members.after(THREE, change) == (THREE[0], moved, THREE[2])


def test_members_that_nobody_asked_for_stay() -> None:
    assert not members.plan_addition(FIVE, THREE)


def test_servers_leave_together() -> None:
    change = members.plan_removal(FIVE, [3, 4])
    assert change.leaving == FIVE[3:]
    assert members.after(FIVE, change) == THREE


def test_servers_that_have_left_need_no_change() -> None:
    assert not members.plan_removal(THREE, [3, 4])


@pytest.mark.parametrize(("live", "ids"), [(FIVE, [4]), (THREE, [0]), (THREE, [0, 1, 2])])
def test_an_ensemble_of_another_size_is_refused(live: tuple[members.Member, ...], ids: list[int]) -> None:
    with pytest.raises(ValueError, match="expected 1, 3, 5 or 7"):
        members.plan_removal(live, ids)
