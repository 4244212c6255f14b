# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import pytest
from ansible_collections.lambdafs.cluster.plugins.module_utils import zookeeper_fourletter as fourletter

# Recorded from Debian's ZooKeeper 3.8.0
MNTR = (
    "zk_version\t3.8.0-${mvngit.commit.id}, built on 2024-12-29 17:54 UTC\n"
    "zk_server_state\tleader\nzk_peer_state\tleading - broadcast\nzk_num_alive_connections\t1\n"
    "zk_outstanding_requests\t0\nzk_znode_count\t105\nzk_synced_followers\t2\nzk_p99_readlatency\t0\n"
)
SRVR = (
    "Zookeeper version: 3.8.0-${mvngit.commit.id}, built on 2024-12-29 17:54 UTC\n"
    "Latency min/avg/max: 0/0.0/0\nConnections: 1\nZxid: 0x100000000\nMode: leader\n"
    "Node count: 5\nProposal sizes last/min/max: -1/-1/-1\n"
)
CONF = (
    "clientPort=2181\ndataDir=/data/zookeeper/version-2\nserverId=2\npeerType=0\nmembership: \n"
    "server.0=10.77.0.10:2888:3888:participant;0.0.0.0:2181\n"
    "server.2=10.77.0.12:2888:3888:participant;0.0.0.0:2181\nversion=100000002"
)


@contextmanager
def server(answer: bytes) -> Iterator[int]:
    """A server on loopback that answers one question; yields its port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _address = listener.accept()
            with connection:
                connection.recv(4)
                connection.sendall(answer)

        thread = Thread(target=serve)
        thread.start()
        yield listener.getsockname()[1]
        thread.join()


def test_mntr_names_lose_their_prefix() -> None:
    metrics = fourletter.parse_mntr(MNTR)
    assert metrics["server_state"] == "leader"
    assert metrics["synced_followers"] == "2"
    assert metrics["version"].startswith("3.8.0-")


def test_srvr_values_may_hold_colons() -> None:
    assert fourletter.parse_srvr(SRVR)["Zxid"] == "0x100000000"
    assert fourletter.parse_srvr(SRVR)["Mode"] == "leader"


def test_conf_tells_settings_members_and_version() -> None:
    settings, members, version = fourletter.parse_conf(CONF)
    assert settings["serverId"] == "2"
    assert [member.line for member in members] == [
        "server.0=10.77.0.10:2888:3888:participant;2181",
        "server.2=10.77.0.12:2888:3888:participant;2181",
    ]
    assert version == 0x100000002


def test_a_server_is_asked_over_a_socket() -> None:
    with server(b"imok") as port:
        assert fourletter.ask("127.0.0.1", port, "ruok", 5) == "imok"


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ("", OSError),
        ("This ZooKeeper instance is not currently serving requests\n", fourletter.NotServing),
        ("mntr is not executed because it is not in the whitelist.\n", fourletter.NotAllowed),
    ],
)
def test_an_answer_that_is_none_is_an_error(answer: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        fourletter.checked(answer, "mntr")
