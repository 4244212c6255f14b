"""λFS's NameNode as an action of OpenWhisk, as far as it needs neither NDB nor ZooKeeper."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from lab.hadoop import configuration, membership, namenode, namenode_handler, operations
from lab.hadoop.errors import HadoopError
from lab.openwhisk.handlers import Invocation
from tests.unit.lab.hadoop.configured import write_configuration


def invocation(kind: str, **parameters: Any) -> Invocation:
    return Invocation("whisk.system", "namenode3", kind, "Main", 256, 4, 60_000, parameters, "a" * 32, "")


def test_a_request_is_read_as_clients_send_it() -> None:
    value = {
        "op": "mkdirs",
        "fsArgs": {"src": "/a"},
        "clientName": "me",
        "requestId": "r",
        "clientInternalIp": "10.0.0.1",
        "TCP_PORT": [6000],
        "tcpEnabled": True,
    }
    found = namenode.request_of(value)
    assert (found.operation, found.client, found.identity) == ("mkdirs", "me", "r")
    assert (found.address, found.ports) == ("10.0.0.1", (6000,))
    assert namenode.request_of({**value, "tcpEnabled": False}).ports == ()


@pytest.mark.parametrize("value", [None, "text", {"fsArgs": []}])
def test_what_is_no_request_is_refused(value: object) -> None:
    if value == {"fsArgs": []}:
        assert namenode.request_of(value).arguments == {}
        return
    with pytest.raises(HadoopError, match="expected an object"):
        namenode.request_of(value)


def test_the_deployment_is_the_number_that_a_name_ends_in() -> None:
    assert namenode.deployment_of("namenode19", 20) == 19
    for name in ("namenode20", "namenode", "7"):
        with pytest.raises(HadoopError, match="expected a name that ends in 0 to 19"):
            namenode.deployment_of(name, 20)


def test_tables_of_a_deployment_are_needed_when_it_agrees_through_ndb(tmp_path: Path) -> None:
    site = {"serverless.consistency.usendb": "false"}
    without = configuration.load(write_configuration(tmp_path / "a", site=site))
    by_default = configuration.load(write_configuration(tmp_path / "b"))
    assert "invalidations_deployment7" not in namenode.needed_tables(without, 7)
    assert {"hdfs_inodes", "invalidations_deployment7", "write_acks_deployment7"} <= set(
        namenode.needed_tables(by_default, 7)
    )


def test_live_members_but_the_leader_have_to_acknowledge() -> None:
    assert membership.outstanding(["1", "2", "3"], ["2"], "1") == ["3"]
    assert membership.outstanding(["1"], [], "1") == []
    assert membership.outstanding(["2"], ["2", "9"], "1") == []


def test_other_actions_are_answered_with_what_they_were_given() -> None:
    answered = namenode_handler.handle(invocation("nodejs:20", nonce="n"))
    assert answered["body"]["parameters"] == {"nonce": "n"}


@pytest.mark.parametrize("place", [None, "empty"])
def test_without_configuration_a_namenode_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str | None
) -> None:
    monkeypatch.delenv(namenode_handler.VARIABLE, raising=False)
    if place:
        monkeypatch.setenv(namenode_handler.VARIABLE, str(tmp_path))
    body = namenode_handler.handle(invocation("generic-namenode:10"))["body"]
    assert body["RESULT"] is None
    assert "the NameNode has no configuration" in body["EXCEPTIONS"][0]


def test_namenodes_are_made_anew_for_another_configuration(tmp_path: Path) -> None:
    workers = namenode_handler.Workers()
    write_configuration(tmp_path, database="one")
    first = workers.current(tmp_path)
    assert workers.current(tmp_path) is first
    write_configuration(tmp_path, database="other")
    second = workers.current(tmp_path)
    assert second is not first
    os.utime(tmp_path / "core-site.xml", ns=(1, 1))
    assert workers.current(tmp_path) is not second


def test_what_cannot_be_reached_is_named(tmp_path: Path) -> None:
    site = {"serverless.zookeepers.hosts": "127.0.0.1:9", "serverless.zookeeper.connectiontimeout": "200"}
    made = namenode.NameNodes(configuration.load(write_configuration(tmp_path, site=site)))
    value = {"op": operations.PREWARM, "requestId": "r"}
    answer = made.invoke("namenode4", value)
    assert (answer["DEPLOYMENT_NUMBER"], answer["DEPLOYMENTS"], answer["requestId"]) == (4, 3, "r")
    assert "no session with ZooKeeper 127.0.0.1:9 within 0.2 s" in answer["EXCEPTIONS"][0]
    assert made.invoke("namenode5", value)["EXCEPTIONS"][0].endswith("expected a name that ends in 0 to 4")
