"""What clients, NameNodes, leaders and followers say to each other, over real connections."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from lab.hadoop import benchmark_net, clients, configuration, links
from lab.hadoop.benchmark_work import Job, Result, together
from lab.hadoop.errors import HadoopError
from lab.hadoop.tcp_server import TcpServer
from lab.hadoop.web import Web
from tests.openwhisk.server import Server
from tests.unit.lab.hadoop.configured import write_configuration

HOST = "127.0.0.1"


def test_a_namenode_that_connects_is_noted() -> None:
    with socket.create_server(("", 0)) as taken:
        first = taken.getsockname()[1]
        server = TcpServer(first)
    try:
        assert server.port > first
        with socket.create_connection((HOST, server.port)) as other:
            other.sendall(b"GET / HTTP/1.0\r\n\r\n")
        with socket.create_connection((HOST, server.port)) as namenode:
            namenode.sendall(json.dumps({"requestId": "r", "DEPLOYMENT_NUMBER": 7}).encode() + b"\n")
            assert server.greeter("r", 5) == 7
        assert server.greeter("another", 0.01) is None
    finally:
        server.close()


@pytest.fixture
def openwhisk(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path)
    server.start()
    yield server
    server.end()


def test_what_openwhisk_answers_is_told_from_a_namenode_s_answer(openwhisk: Server, tmp_path: Path) -> None:
    site = {
        "serverless.endpoint": f"{openwhisk.url}/api/v1/web/whisk.system/default/namenode",
        "serverless.http.maxretries": "0",
    }
    web = Web(configuration.load(write_configuration(tmp_path / "conf", site=site)))
    with pytest.raises(HadoopError, match=r"default/namenode7\?blocking=true: HTTP 404"):
        web.invoke(7, {"op": "prewarm"})
    openwhisk.end()
    with pytest.raises(HadoopError, match="expected OpenWhisk to answer there"):
        web.invoke(7, {"op": "prewarm"})


def test_a_client_needs_its_own_address(tmp_path: Path) -> None:
    site = {"serverless.endpoint": f"http://{HOST}:9/namenode"}
    loaded = configuration.load(write_configuration(tmp_path, site=site, file_system=("10.9.8.7", 9000)))
    with pytest.raises(HadoopError, match=r"names 10\.9\.8\.7, expected this VM's own address 127\.0\.0\.1"):
        clients.LambdaCaller(loaded)


def test_hopsfs_s_client_tries_all_namenodes(tmp_path: Path) -> None:
    site = {"dfs.namenodes.rpc.addresses": f"{HOST}:9,{HOST}:10"}
    file_system = clients.open_file_system(
        configuration.load(write_configuration(tmp_path, site=site, file_system=(HOST, 9)))
    )
    with pytest.raises(HadoopError, match=rf"no NameNode answers: {HOST}:9: .*; {HOST}:10: "):
        file_system.listing("/")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("h", [("h", 1186)]),
        ("a:1,b:2", [("a", 1), ("b", 2)]),
        ("nodeid=3,a:1", [("a", 1)]),
        ("a;b:7", [("a", 1186), ("b", 7)]),
    ],
)
def test_management_servers_of_a_connect_string(text: str, found: list[tuple[str, int]]) -> None:
    assert links.addresses(text) == found


def test_a_follower_works_for_its_leader_until_it_leaves(tmp_path: Path) -> None:
    leader = benchmark_net.Leader(HOST, 0)
    done: list[int] = []
    follower = threading.Thread(target=lambda: done.append(benchmark_net.follow(HOST, leader.port)))
    follower.start()
    leader.wait(1, 10)
    result = leader.run([Job(str(tmp_path / "hdfs-site.xml"), [[("stat", "/")]])])[0]
    assert result.operations == 0
    assert "FileNotFoundException" in result.errors[0]
    leader.close()
    follower.join(10)
    assert done == [1]


def test_clients_that_work_side_by_side_take_as_long_as_the_slowest() -> None:
    both = together([Result(10, 2.0), Result(20, 5.0, ("x",))])
    assert (both.operations, both.throughput, both.errors) == (30, 6.0, ("x",))
    assert Result(0, 0.0).throughput == 0.0
