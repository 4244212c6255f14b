# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

from dataclasses import replace

import pytest
from ansible_collections.lambdafs.cluster.plugins.module_utils import zookeeper_view as view
from ansible_collections.lambdafs.cluster.plugins.module_utils.zookeeper_members import parse_members

MEMBERS = parse_members("".join(f"server.{number}=10.0.0.{number}:2888:3888;2181\n" for number in range(3)))


def server(number: int, state: str, synced_followers: int = 0) -> view.Server:
    address = view.Address(f"zk-{number}", f"10.0.0.{number}", 2181)
    if state in view.SERVING:
        return view.Server(
            address,
            state,
            id=number,
            members=MEMBERS,
            members_version=1,
            synced_followers=synced_followers,
        )
    return view.Server(address, state, "it is broken")


HEALTHY = [server(0, "follower"), server(1, "leader", synced_followers=2), server(2, "follower")]
NAMES = ["zk-0", "zk-1", "zk-2"]


@pytest.mark.parametrize("condition", view.CONDITIONS)
def test_a_healthy_ensemble_meets_every_condition(condition: str) -> None:
    assert view.complaints(HEALTHY, condition, NAMES) == []


def test_one_server_down_leaves_a_quorum_but_not_all_serving() -> None:
    servers = [*HEALTHY[:2], server(2, "unreachable")]
    assert view.complaints(servers, "quorum", NAMES) == []
    assert view.complaints(servers, "serving", NAMES) == [
        "zk-2 (10.0.0.2:2181) is unreachable: it is broken, expected leader or follower"
    ]


def test_a_server_that_need_not_serve_is_not_complained_of() -> None:
    servers = [*HEALTHY[:2], server(2, "unreachable")]
    assert view.complaints(servers, "serving", NAMES[:2]) == []


def test_without_quorum_every_server_down_is_named() -> None:
    servers = [server(0, "electing"), server(1, "unreachable"), server(2, "unreachable")]
    found = view.complaints(servers, "quorum", [])
    assert [sentence.split()[0] for sentence in found[:3]] == NAMES
    assert found[3] == "leaders found: none, expected exactly one"


def test_two_leaders_are_no_quorum() -> None:
    servers = [server(0, "leader"), server(1, "leader"), server(2, "follower")]
    assert view.complaints(servers, "quorum", NAMES) == ["leaders found: zk-0, zk-1, expected exactly one"]


def test_a_leader_with_too_few_followers_has_no_quorum() -> None:
    servers = [server(0, "leader"), server(1, "unreachable"), server(2, "unreachable")]
    assert view.complaints(servers, "quorum", NAMES)[-1] == "fewer than half of the members of zk-0's ensemble serve"


def test_a_follower_out_of_step_is_a_complaint() -> None:
    servers = [HEALTHY[0], server(1, "leader", synced_followers=1), HEALTHY[2]]
    assert view.complaints(servers, "synced", NAMES) == ["leader zk-1 has 1 followers in step, expected 2"]


def test_a_server_that_is_no_member_does_not_count_for_the_quorum() -> None:
    servers = [server(0, "leader"), server(7, "follower"), server(8, "follower")]
    assert not view.has_quorum(servers)


def test_the_leader_restarts_last_and_broken_servers_first() -> None:
    servers = [HEALTHY[1], HEALTHY[0], server(2, "electing")]
    assert view.restart_order(servers) == ["zk-2", "zk-0", "zk-1"]


def test_the_newest_membership_counts() -> None:
    old = replace(HEALTHY[0], members=MEMBERS[:1], members_version=0)
    assert view.membership([old, HEALTHY[1]]) == MEMBERS


def test_waiting_ends_when_the_condition_is_met() -> None:
    looks = iter([[server(0, "electing")], HEALTHY])
    servers, left = view.wait_for(lambda: next(looks), "synced", NAMES, timeout=30)
    assert servers == HEALTHY
    assert left == []


def test_waiting_ends_when_the_time_is_over() -> None:
    _servers, left = view.wait_for(lambda: [server(0, "electing")], "quorum", NAMES, timeout=0)
    assert left[0].startswith("zk-0 (10.0.0.0:2181) is electing")


def test_a_summary_names_the_leader() -> None:
    summary = view.as_summary(HEALTHY)
    assert summary["leader"] == "zk-1"
    assert summary["quorum"] is True
    assert summary["member_ids"] == [0, 1, 2]


def test_nobody_listens() -> None:
    found = view.ask_server(view.Address("zk", "127.0.0.1", 1), timeout=1)
    assert found.state == "unreachable"
    assert "refused" in found.detail
