from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from ansible_collections.lambdafs.cluster.plugins.module_utils.hopsfs_client_config import (
    ClientConfig,
    DatabaseConfig,
)
from ansible_collections.lambdafs.cluster.plugins.module_utils.hopsfs_namespace import Namespace
from ansible_collections.lambdafs.cluster.plugins.module_utils.lambdafs_invocation import Caller, body_of, problem_of
from ansible_collections.lambdafs.cluster.plugins.module_utils.lambdafs_links import (
    Fault,
    action_faults,
    callback_fault,
    config_fault,
    login_fault,
    management_fault,
    namespace_fault,
    ports_fault,
    some,
    tree_fault,
    zookeeper_fault,
)
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_management import Address, Node, View

DATABASE = DatabaseConfig("/c/ndb.properties", "m:1186", "d", "10.0.0.7", 3306, "hops", "s3cret")
MANAGER = Address("10.0.0.1")


def lines(faults: list[Fault]) -> list[str]:
    return [str(fault) for fault in faults]


def test_a_fault_is_one_line() -> None:
    assert str(Fault("a → b", "x", "y", "do z")) == "link 'a → b': found x, expected y: do z"


def test_names_are_cut_short() -> None:
    assert some(["a", "b"]) == "a, b"
    assert some([str(number) for number in range(20)]) == "0, 1, 2, 3, 4 and 15 more"


def test_the_number_of_deployments_has_to_be_the_clusters() -> None:
    config = ClientConfig(5, ("z:2181",), "http://x/namenode", True, 6000)
    assert config_fault(config, 5) == []
    assert "for 5 deployments, expected 20: run the configure" in lines(config_fault(config, 20))[0]


def test_a_zookeeper_server_without_session_is_named() -> None:
    assert zookeeper_fault("10.0.8.233:2181", "") == []
    (line,) = lines(zookeeper_fault("10.0.8.233:2181", "connection refused"))
    assert line.startswith("link 'driver → ZooKeeper 10.0.8.233:2181': found connection refused, expected a session:")


def test_missing_znodes_are_named() -> None:
    assert tree_fault(["/namenode0"], {"/namenode0", "/other"}) == []
    (line,) = lines(tree_fault(["/namenode7", "/namenode7/ACK"], {"/namenode7"}))
    assert "'driver → ZooKeeper's tree': found no /namenode7/ACK, expected all 2 znodes" in line


@pytest.mark.parametrize(
    ("view", "said"),
    [
        (View(MANAGER, "Connection refused"), "found Connection refused, expected an answer: start ndb_mgmd"),
        (View(MANAGER, nodes=(Node(3, "datanode", "no_contact"),)), "found 0 of 1 data nodes started"),
    ],
)
def test_a_management_server_that_does_not_serve_is_named(view: View, said: str) -> None:
    (line,) = lines(management_fault(view))
    assert "link 'driver → NDB management server 10.0.0.1:1186'" in line
    assert said in line


def test_a_running_cluster_is_well() -> None:
    nodes = (Node(3, "datanode", "started"), Node(4, "datanode", "no_contact"), Node(1, "mgmd", "connected"))
    assert management_fault(View(MANAGER, nodes=nodes)) == []


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (1045, "expected a login as hops with the password of /c/ndb.properties: run the configure stage"),
        (1044, "expected database d, which hops may use: run the configure stage"),
        (1049, "expected database d, which hops may use: run the configure stage"),
        (2003, "expected a login: start mysqld"),
    ],
)
def test_what_mysqld_refuses_tells_what_is_wrong(number: int, said: str) -> None:
    (line,) = lines(login_fault(DATABASE, number, "words"))
    assert line.startswith("link 'driver → mysqld 10.0.0.7:3306': found words, ")
    assert said in line
    assert "s3cret" not in line


def test_a_database_has_to_have_tables_and_be_formatted() -> None:
    assert namespace_fault(DATABASE, Namespace("d", root=True, inodes=1)) == []
    assert (
        "found no table d.hdfs_inodes, expected"
        in lines(namespace_fault(DATABASE, Namespace("d", ("hdfs_inodes",))))[0]
    )
    assert "found database d not formatted" in lines(namespace_fault(DATABASE, Namespace("d")))[0]


def test_actions_with_the_same_problem_share_a_line() -> None:
    problems = {"namenode0": "", "namenode1": "HTTP 404: gone", "namenode2": "x", "namenode3": "x"}
    assert lines(action_faults(problems)) == [
        "link 'driver → OpenWhisk action namenode1': found HTTP 404: gone, expected a NameNode's answer:"
        " run --tags namenodes",
        "link 'driver → OpenWhisk action namenode2, namenode3': found x, expected a NameNode's answer:"
        " look at the NameNodes' logs, and at their configuration in the release's Secret",
    ]
    assert "correct serverless.endpoint" in lines(action_faults({"n": "no answer of elb: refused"}))[0]


def test_every_namenode_that_answered_has_to_connect() -> None:
    assert callback_fault("10.0.0.9", 6000, 20, 20, 15) == []
    (line,) = lines(callback_fault("10.0.0.9", 6001, 19, 20, 15))
    assert "'NameNode → driver 10.0.0.9:6001': found 19 connections of 20 NameNodes within 15 s" in line
    assert "security group and firewall of the driver pass TCP port 6001" in line
    assert "no free TCP port from 6000 to 6998" in str(ports_fault("10.0.0.9", 6000, 6998))


def test_a_request_has_both_forms() -> None:
    value = json.loads(body_of("r1", Caller("10.0.0.9", 6001)))["value"]
    assert value["BATCH"]["r1"]["op"] == value["op"] == "prewarm"
    assert (value["clientInternalIp"], value["TCP_PORT"], value["tcpEnabled"]) == ("10.0.0.9", [6001], True)
    assert json.loads(body_of("r1", Caller("10.0.0.9", 0)))["value"]["TCP_PORT"] == []


def test_an_answer_of_a_batch_or_of_one_request_is_good() -> None:
    result = {"DUPLICATE-REQUEST": False, "op": "prewarm"}
    answers: list[dict[str, Any]] = [
        {"r1": result},
        {"body": {"r1": result}},
        {"RESULT": None, "EXCEPTIONS": {}, "requestId": "r1"},
        {"RESULT": None, "EXCEPTIONS": []},
    ]
    for answer in answers:
        assert problem_of(json.dumps(answer).encode(), "r1") == ""


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"RESULT": None, "EXCEPTIONS": ["no table\n d.x"]}, "no table d.x"),
        ({"RESULT": None, "EXCEPTIONS": {"a": "one", "b": "two"}}, "one; two"),
        (
            {
                "r1": {
                    "EXCEPTION": base64.b64encode(
                        b"\xac\xed\0\x05sr\0\x13java.io.IOException\0\1t\0\x0aNDB is down"
                    ).decode()
                }
            },
            "java.io.IOException NDB is down",
        ),
        ({"r1": {"EXCEPTION": "plain text"}}, "plain text"),
        ({"other": 1}, "an answer that is no NameNode's, '{\"other\": 1}'"),
        ({"RESULT": 1, "requestId": "r2"}, "an answer that is no NameNode's"),
        (["x"], "an answer that is no NameNode's"),
    ],
)
def test_what_an_answer_says_is_wrong(answer: object, said: str) -> None:
    assert problem_of(json.dumps(answer).encode(), "r1").startswith(said)


def test_an_answer_that_is_no_json() -> None:
    assert problem_of(b"<html>", "r1") == "an answer that is no JSON, b'<html>'"
