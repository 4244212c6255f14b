from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.amazon.aws.plugins.module_utils.exceptions import AnsibleAWSError
from ansible_collections.lambdafs.cluster.plugins.module_utils import eks_common
from ansible_collections.lambdafs.cluster.plugins.module_utils.eks_nodegroup import (
    changes,
    creation,
    desired_size,
    ensure_nodegroup,
    list_nodegroups,
)

from tests.unit.plugins.eks_answers import NAME, ROLE, TAGS, Exchange, nodegroup, recorded, update

PARAMS: dict[str, Any] = {
    "cluster_name": NAME,
    "name": "core-nodes",
    "state": "present",
    "node_role": ROLE,
    "subnets": ["subnet-0b", "subnet-0a"],
    "instance_types": ["r5.xlarge"],
    "ami_type": "AL2023_x86_64_STANDARD",
    "capacity_type": None,
    "disk_size": 64,
    "min_size": 0,
    "max_size": 6,
    "desired_size": 3,
    "desired_size_tag": "DesiredSize",
    "labels": {"openwhisk-role": "core"},
    "taints": None,
    "max_unavailable": None,
    "version": "1.34",
    "force": False,
    "tags": TAGS,
    "purge_tags": False,
    "wait": False,
    "wait_timeout": 5,
}
NAMED = {"clusterName": NAME, "nodegroupName": "core-nodes"}
NOTHING: Exchange = ("describe_nodegroup", NAMED, "ResourceNotFoundException: No node group found")


def described(**differences: Any) -> Exchange:
    return ("describe_nodegroup", NAMED, {"nodegroup": nodegroup(**differences)})


def sizes(desired: int, least: int = 0, most: int = 6) -> dict[str, int]:
    return {"minSize": least, "maxSize": most, "desiredSize": desired}


@pytest.fixture(autouse=True)
def impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(eks_common, "POLL_INTERVAL", 0.01)


def test_a_node_group_that_is_as_wanted_is_left_alone() -> None:
    with recorded("eks", described()) as client:
        result = ensure_nodegroup(client, PARAMS, check_mode=False)
    assert (result.changed, result.before) == (False, result.after)


def test_a_missing_one_is_made_and_remembers_its_size() -> None:
    made = ("create_nodegroup", creation(PARAMS), {"nodegroup": nodegroup(status="CREATING")})
    with recorded("eks", NOTHING, made, described(status="CREATING")) as client:
        assert ensure_nodegroup(client, PARAMS, check_mode=False).changed
    assert creation(PARAMS)["tags"] == {**TAGS, "DesiredSize": "3"}


@pytest.mark.parametrize(
    ("live", "remembered", "asked", "expected"),
    [
        (3, "3", 3, 3),
        (5, "3", 3, 5),  # an autoscaler's
        (5, "3", 4, 4),  # the setting was changed
        (5, None, 3, 3),  # nobody remembers
        (5, "3", None, 5),
        (9, "3", 3, 6),  # never outside the range
    ],
)
def test_the_size_that_an_autoscaler_chose_stays_until_the_setting_changes(
    live: int, remembered: str | None, asked: int | None, expected: int
) -> None:
    tags = TAGS | ({"DesiredSize": remembered} if remembered else {})
    found = nodegroup(scalingConfig=sizes(live), tags=tags)
    assert desired_size(PARAMS | {"desired_size": asked}, found) == expected


def test_without_a_tag_the_size_is_always_the_one_asked_for() -> None:
    assert desired_size(PARAMS | {"desired_size_tag": ""}, nodegroup(scalingConfig=sizes(5))) == 3


def test_a_changed_size_is_asked_for_before_it_is_remembered() -> None:
    calls = changes(nodegroup(), PARAMS | {"desired_size": 4})
    assert [call.operation for call in calls] == ["update_nodegroup_config", "tag_resource"]
    assert calls[0].arguments["scalingConfig"] == sizes(4)
    assert calls[1].arguments["tags"] == {"DesiredSize": "4"}


def test_labels_taints_and_pace_change_in_one_call() -> None:
    there = {"key": "old", "value": "x", "effect": "NO_SCHEDULE"}
    kept = {"key": "kept", "value": "a", "effect": "NO_EXECUTE"}
    params = PARAMS | {
        "labels": {"openwhisk-role": "invoker", "more": "x"},
        "taints": [{"key": "kept", "value": "b", "effect": "NO_EXECUTE"}],
        "max_unavailable": 2,
    }
    (call,) = changes(nodegroup(labels={"openwhisk-role": "core", "old": ""}, taints=[there, kept]), params)
    assert call.arguments == {
        **NAMED,
        "labels": {"addOrUpdateLabels": {"openwhisk-role": "invoker", "more": "x"}, "removeLabels": ["old"]},
        "taints": {
            "addOrUpdateTaints": [{"key": "kept", "value": "b", "effect": "NO_EXECUTE"}],
            "removeTaints": [there],
        },
        "updateConfig": {"maxUnavailable": 2},
    }


def test_the_version_follows_and_tags_are_removed_only_when_asked() -> None:
    tagged = nodegroup(tags={**TAGS, "DesiredSize": "3", "Other": "x", "aws:made": "by"})
    (version,) = changes(tagged, PARAMS | {"version": "1.35"})
    assert version.arguments == {**NAMED, "version": "1.35", "force": False}
    (tags,) = changes(tagged, PARAMS | {"purge_tags": True})
    assert tags.arguments["tagKeys"] == ["Other"]


def test_what_aws_never_changes_is_refused_with_what_there_is() -> None:
    with (
        recorded("eks", described()) as client,
        pytest.raises(AnsibleAWSError, match=r"has disk_size 64, instance_types \['r5.xlarge'\], which AWS never"),
    ):
        ensure_nodegroup(client, PARAMS | {"disk_size": 99, "instance_types": ["m5.large"]}, check_mode=False)


def test_an_update_is_carried_out_and_waited_for() -> None:
    asked = {"updateId": "u-1", "name": NAME, "nodegroupName": "core-nodes"}
    with recorded(
        "eks",
        described(status="UPDATING"),
        described(status="DEGRADED"),
        ("update_nodegroup_config", {**NAMED, "scalingConfig": sizes(3, most=9)}, update("InProgress")),
        ("describe_update", asked, update()),
        described(),
    ) as client:
        assert ensure_nodegroup(client, PARAMS | {"max_size": 9, "wait": True}, check_mode=False).changed


def test_check_mode_only_reads() -> None:
    with recorded("eks", described()) as client:
        assert ensure_nodegroup(client, PARAMS | {"labels": {}}, check_mode=True).changed


def test_deleting_waits_until_it_is_gone() -> None:
    params = PARAMS | {"state": "absent", "wait": True}
    gone = ("delete_nodegroup", NAMED, {"nodegroup": nodegroup(status="DELETING")})
    with recorded("eks", described(), gone, described(status="DELETING"), NOTHING) as client:
        assert ensure_nodegroup(client, params, check_mode=False).changed
    with recorded("eks", NOTHING) as client:
        assert not ensure_nodegroup(client, params, check_mode=False).changed


def test_node_groups_of_a_cluster_that_does_not_exist_are_none() -> None:
    with recorded("eks", ("list_nodegroups", {"clusterName": NAME}, "ResourceNotFoundException: no")) as client:
        assert list_nodegroups(client, {"cluster_name": NAME, "names": []}) == []
