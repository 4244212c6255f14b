from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.lambdafs.cluster.plugins.module_utils.aws_deployment_kinds import (
    KINDS_BY_NAME,
    Owner,
    items_of,
    to_resource,
    to_resources,
)

OWNER = Owner("lambdafs", "LambdaFS")
TAGS = [{"Key": "Cluster", "Value": "lambdafs"}, {"Key": "Project", "Value": "LambdaFS"}]


def instance(state: str, tags: list[dict[str, str]], identifier: str = "i-1") -> dict[str, Any]:
    return {"InstanceId": identifier, "State": {"Code": 0, "Name": state}, "Tags": tags}


def test_items_are_flattened_on_the_way() -> None:
    answer = {"Reservations": [{"Instances": [{"a": 1}, {"b": 2}]}, {"Instances": [{"c": 3}]}]}
    assert items_of(answer, ("Reservations", "Instances")) == [{"a": 1}, {"b": 2}, {"c": 3}]


def test_an_answer_without_items_has_none() -> None:
    assert items_of({}, ("Vpcs",)) == []


def test_a_resource_has_id_name_state_and_tags() -> None:
    item = instance("running", [*TAGS, {"Key": "Name", "Value": "lambdafs-zookeeper-0"}])
    resource = to_resource(KINDS_BY_NAME["instances"], item)
    assert resource == {
        "instance_id": "i-1",
        "id": "i-1",
        "name": "lambdafs-zookeeper-0",
        "state": "running",
        "tags": {"Cluster": "lambdafs", "Project": "LambdaFS", "Name": "lambdafs-zookeeper-0"},
    }


def test_what_has_no_tag_name_is_named_as_aws_names_it() -> None:
    item = {"KeyPairId": "key-1", "KeyName": "lambdafs-key", "Tags": TAGS}
    assert to_resource(KINDS_BY_NAME["key_pairs"], item)["name"] == "lambdafs-key"


def test_an_interface_without_attachment_has_its_status_as_state() -> None:
    item = {"NetworkInterfaceId": "eni-1", "Status": "available", "TagSet": TAGS}
    resource = to_resource(KINDS_BY_NAME["network_interfaces"], item)
    assert (resource["state"], resource["tags"]) == ("available", OWNER)


@pytest.mark.parametrize(
    "tags", [[], TAGS[:1], [*TAGS[1:], {"Key": "Cluster", "Value": "lambdafs2"}]], ids=["none", "one", "other cluster"]
)
def test_what_the_server_did_not_filter_out_is_not_ours(tags: list[dict[str, str]]) -> None:
    assert to_resources(KINDS_BY_NAME["instances"], [instance("running", tags)], OWNER) == []


def test_a_terminated_instance_is_left_out_and_one_shutting_down_is_not() -> None:
    items = [instance("terminated", TAGS, "i-1"), instance("shutting-down", TAGS, "i-2")]
    assert [found["id"] for found in to_resources(KINDS_BY_NAME["instances"], items, OWNER)] == ["i-2"]
