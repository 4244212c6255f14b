"""The probe against servers on the loopback address."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.lambdafs.cluster.plugins.module_utils.hopsfs_client_config import ClientConfig
from ansible_collections.lambdafs.cluster.plugins.module_utils.lambdafs_probe import (
    Listener,
    NoFreePort,
    Wanted,
    probe_namenodes,
    probe_zookeeper_server,
)
from ansible_collections.lambdafs.cluster.plugins.modules import hopsfs_probe, lambdafs_probe

from tests.ndb.modules import run_module

Handler = Callable[[str, dict[str, Any]], tuple[int, Any]]
ADDRESS = "127.0.0.1"


def wanted(deployments: int = 3, timeout: float = 5.0) -> Wanted:
    return Wanted(Path("/nonexistent"), ADDRESS, deployments, None, "", timeout, 20.0, 4)


def config(endpoint: str, port: int = 0, tcp: bool = True) -> ClientConfig:
    return ClientConfig(3, ("127.0.0.1:1",), endpoint, tcp, port)


@contextmanager
def openwhisk(answer: Handler) -> Iterator[str]:
    """An API whose answers are made by a function of the action's name and the invocation's value."""

    class Api(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            path, _question, query = self.path.partition("?")
            assert query == "blocking=true"
            status, result = answer(path.rpartition("/")[2], json.loads(body)["value"])
            text = json.dumps(result).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_arguments: object) -> None:
            pass

    with ThreadingHTTPServer((ADDRESS, 0), Api) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://{ADDRESS}:{server.server_port}/api/v1/web/whisk.system/default/namenode"
        server.shutdown()
        thread.join()


def good(value: dict[str, Any]) -> tuple[int, Any]:
    (request_id,) = value["BATCH"]
    return 200, {request_id: {"op": "prewarm"}}


def connect_back(value: dict[str, Any]) -> None:
    with socket.create_connection((value["clientInternalIp"], value["TCP_PORT"][0]), 10):
        pass


def lines(endpoint: str, **more: Any) -> list[str]:
    return [str(fault) for fault in probe_namenodes(config(endpoint, **more), wanted(timeout=0.5)).faults]


def test_namenodes_that_answer_and_connect_back_are_well() -> None:
    def answer(_action: str, value: dict[str, Any]) -> tuple[int, Any]:
        connect_back(value)
        return good(value)

    with openwhisk(answer) as endpoint:
        seen = probe_namenodes(config(endpoint), wanted())
    assert (seen.faults, seen.connections) == ([], 3)
    assert seen.tcp_port > 0


def test_a_client_without_tcp_waits_for_nobody() -> None:
    with openwhisk(lambda _action, value: good(value)) as endpoint:
        seen = probe_namenodes(config(endpoint, tcp=False), wanted())
    assert (seen.faults, seen.tcp_port, seen.connections) == ([], 0, 0)


def test_an_action_that_is_missing_and_one_that_fails_are_named() -> None:
    def answer(action: str, value: dict[str, Any]) -> tuple[int, Any]:
        if action == "namenode1":
            return 404, {"error": "The requested resource does not exist.", "code": "x"}
        if action == "namenode2":
            return 200, {"RESULT": None, "EXCEPTIONS": ["NoNode for /namenode2/ACK"]}
        return good(value)

    with openwhisk(answer) as endpoint:
        found = lines(endpoint, tcp=False)
    assert [line.partition(", expected")[0] for line in found] == [
        "link 'driver → OpenWhisk action namenode1': found HTTP 404: The requested resource does not exist.",
        "link 'driver → OpenWhisk action namenode2': found NoNode for /namenode2/ACK",
    ]


def test_a_server_that_is_busy_is_asked_again() -> None:
    asked: list[str] = []

    def answer(action: str, value: dict[str, Any]) -> tuple[int, Any]:
        asked.append(action)
        return good(value) if asked.count(action) > 1 else (503, {"error": "busy"})

    with openwhisk(answer) as endpoint:
        assert lines(endpoint, tcp=False) == []
    assert sorted(asked) == sorted(["namenode0", "namenode1", "namenode2"] * 2)


def test_namenodes_that_do_not_connect_back_are_told() -> None:
    with openwhisk(lambda _action, value: good(value)) as endpoint:
        (line,) = lines(endpoint)
    assert "link 'NameNode → driver 127.0.0.1:" in line
    assert "found 0 connections of 3 NameNodes within 0.5 s" in line


def test_a_namenode_that_says_that_it_cannot_connect_back_is_no_fault_of_its_action() -> None:
    def answer(action: str, value: dict[str, Any]) -> tuple[int, Any]:
        if action == "namenode0":
            where = f"{value['clientInternalIp']}:{value['TCP_PORT'][0]}"
            return 200, {"RESULT": None, "EXCEPTIONS": [f"cannot connect to {where}"]}
        connect_back(value)
        return good(value)

    with openwhisk(answer) as endpoint:
        (line,) = lines(endpoint)
    assert "found 2 connections of 3 NameNodes" in line


def test_an_api_that_does_not_answer_is_named_once() -> None:
    with socket.create_server((ADDRESS, 0)) as closed:
        port = closed.getsockname()[1]
    (line,) = lines(f"http://{ADDRESS}:{port}/namenode", tcp=False)
    assert line.startswith("link 'driver → OpenWhisk action namenode0, namenode1, namenode2': found no answer of")


def test_an_endpoint_that_is_no_url_is_told() -> None:
    (line,) = lines("elb/namenode", tcp=False)
    assert "serverless.endpoint is 'elb/namenode'" in line


def test_the_next_free_port_is_taken_as_the_client_does() -> None:
    with socket.create_server(("", 0)) as taken:
        first = taken.getsockname()[1]
        with pytest.raises(NoFreePort):
            Listener(first, 1)
        listener = Listener(first)
        assert listener.port > first
        assert listener.wait(1, 0) == 0
        with socket.create_connection((ADDRESS, listener.port), 10):
            assert listener.wait(1, 10) == 1
        listener.close()
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((ADDRESS, listener.port), 10)


def test_a_zookeeper_server_that_refuses_or_says_nothing() -> None:
    with socket.create_server((ADDRESS, 0)) as server:
        port = server.getsockname()[1]
        assert probe_zookeeper_server(f"{ADDRESS}:{port}", 0.5) == "an open port but no session within 0.5 s"
    assert probe_zookeeper_server(f"{ADDRESS}:{port}", 0.5) == "connection refused"
    assert probe_zookeeper_server("zookeeper", 0.5) == "the address 'zookeeper'"


def write_files(folder: Path, endpoint: str) -> None:
    properties = {
        "serverless.deployments.max": "3",
        "serverless.use-fault-tolerant-deployments": "false",
        "serverless.zookeepers.hosts": "127.0.0.1:1",
        "serverless.endpoint": endpoint,
        "serverless.tcp.enabled": "false",
    }
    text = "".join(
        f"<property><name>{name}</name><value>{value}</value></property>" for name, value in properties.items()
    )
    (folder / "hdfs-site.xml").write_text(f"<configuration>{text}</configuration>", encoding="utf-8")
    (folder / "ndb-config.properties").write_text(
        "com.mysql.clusterj.connectstring=127.0.0.1:1\ncom.mysql.clusterj.database=d\n"
        "io.hops.metadata.ndb.mysqlserver.host=127.0.0.1\nio.hops.metadata.ndb.mysqlserver.port=1\n"
        "io.hops.metadata.ndb.mysqlserver.username=hops\nio.hops.metadata.ndb.mysqlserver.password=s3cret\n",
        encoding="utf-8",
    )


def test_the_module_tries_all_links_and_names_every_broken_one(tmp_path: Path) -> None:
    with openwhisk(lambda _action, value: good(value)) as endpoint:
        write_files(tmp_path, endpoint)
        found = run_module(lambdafs_probe, conf_dir=str(tmp_path), address=ADDRESS, deployments=4, timeout=0.5)
    assert found["failed"]
    assert [line.partition("'")[2].partition("'")[0] for line in found["faults"]] == [
        "driver → its configuration",
        "driver → ZooKeeper 127.0.0.1:1",
        "driver → NDB management server 127.0.0.1:1",
        "driver → mysqld 127.0.0.1:1",
    ]
    assert found["msg"] == "; ".join(found["faults"])
    assert "s3cret" not in found["msg"]


def test_the_module_tells_missing_files(tmp_path: Path) -> None:
    found = run_module(lambdafs_probe, conf_dir=str(tmp_path), address=ADDRESS, deployments=3)
    assert "link 'driver → its configuration': found " in found["msg"]
    assert "hdfs-site.xml is missing" in found["msg"]


def test_nothing_is_sent_in_check_mode(tmp_path: Path) -> None:
    found = run_module(lambdafs_probe, conf_dir=str(tmp_path), address=ADDRESS, deployments=3, _ansible_check_mode=True)
    assert (found["changed"], found["faults"]) == (False, [])


def test_hopsfs_names_a_namenode_that_does_not_listen(tmp_path: Path) -> None:
    write_files(tmp_path, "unused")
    with socket.create_server((ADDRESS, 0)) as namenode:
        addresses = [f"{ADDRESS}:{namenode.getsockname()[1]}", f"{ADDRESS}:1"]
        found = run_module(hopsfs_probe, conf_dir=str(tmp_path), namenodes=addresses, timeout=0.5)
    assert [line.partition("': found")[0] for line in found["faults"]] == [
        "link 'driver → NDB management server 127.0.0.1:1",
        "link 'driver → mysqld 127.0.0.1:1",
        "link 'driver → HopsFS NameNode 127.0.0.1:1",
    ]
    assert all("onnection refused" in line for line in found["faults"])


def test_hopsfs_sends_nothing_in_check_mode(tmp_path: Path) -> None:
    assert run_module(hopsfs_probe, conf_dir=str(tmp_path), _ansible_check_mode=True)["faults"] == []
