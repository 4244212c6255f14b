"""The plan of launch templates and auto-scaling groups."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from ansible.module_utils.common.dict_transformations import camel_dict_to_snake_dict
from ansible_collections.lambdafs.cluster.plugins.module_utils.scaling_plan import (
    comparable,
    differences,
    scaling_plan,
    template_data,
    waited_for,
)

TAGS = {"Project": "LambdaFS", "Cluster": "one"}
OWN_TAGS = {**TAGS, "Component": "LambdaFSClientVM"}
NETWORK = {"subnets": ["subnet-a", "subnet-b"], "security_group": "sg-1", "key_name": "one-key"}
TEMPLATE_ID = "lt-1"


def tier(**more: Any) -> dict[str, Any]:
    return {
        "name": "client_lambdafs",
        "component": "LambdaFSClientVM",
        "setting": "client",
        "template": "lambda_fs_clients",
        "group": "lambda_fs_clients_ags",
        "count": "",
        "max_count": 8,
        "instance_type": "r5.4xlarge",
        "image": {"id": "ami-1", "root_device_name": "/dev/sda1"},
        "root_volume_gib": 64,
    } | more


def as_aws_tells(data: dict[str, Any]) -> dict[str, Any]:
    """A template's data with tags in lists and with what AWS adds."""
    told = copy.deepcopy(data)
    told["metadata_options"] |= {"http_put_response_hop_limit": 1, "state": "applied"}
    told["tag_specifications"] = [
        {**entry, "tags": [{"key": key, "value": value} for key, value in entry["tags"].items()]}
        for entry in told["tag_specifications"]
    ]
    return told


def template(version: int = 1, **more: Any) -> dict[str, Any]:
    return {
        "id": TEMPLATE_ID,
        "launch_template_name": "lambda_fs_clients",
        "latest_version_number": version,
        "tags": dict(OWN_TAGS),
        "latest": as_aws_tells(template_data(tier(), NETWORK, TAGS)),
    } | more


def member(number: int, version: int | str = 1, state: str = "InService", health: str = "Healthy") -> dict[str, Any]:
    return {
        "instance_id": f"i-{number}",
        "lifecycle_state": state,
        "health_status": health,
        "launch_template": {"launch_template_id": TEMPLATE_ID, "version": str(version)},
    }


def group(size: int = 0, version: int | str = 1, **more: Any) -> dict[str, Any]:
    return {
        "auto_scaling_group_name": "lambda_fs_clients_ags",
        "state": "",
        "min_size": 0,
        "max_size": 8,
        "desired_capacity": size,
        "vpc_zone_identifier": "subnet-b,subnet-a",
        "launch_template": {"launch_template_id": TEMPLATE_ID, "version": str(version)},
        "instances": [member(number, version) for number in range(size)],
        "tags": dict(OWN_TAGS),
        "health_check_grace_period": 120,
        "health_check_type": "EC2",
        "default_cooldown": 60,
        "termination_policies": ["OldestInstance"],
        "suspended_processes": [{"process_name": "AZRebalance"}],
        "enabled_metrics": [{"metric": "GroupMinSize", "granularity": "1Minute"}],
    } | more


def plan(
    one: dict[str, Any] | None = None,
    templates: list[dict[str, Any]] | None = None,
    groups: list[dict[str, Any]] | None = None,
    taken: list[dict[str, Any]] | None = None,
) -> dict[str, Any]:
    found = {"launch_templates": templates or [], "auto_scaling_groups": groups or [], "taken": taken or []}
    return scaling_plan([one or tier()], found, NETWORK, TAGS)


def test_an_empty_account_gets_a_template_and_a_group_of_no_vms() -> None:
    made = plan()
    assert [one["name"] for one in made["templates"]] == ["lambda_fs_clients"]
    (asked,) = made["groups"]
    assert (asked["min_size"], asked["desired_capacity"], asked["max_size"]) == (0, 0, 8)
    assert asked["subnets"] == ["subnet-a", "subnet-b"]
    assert {"Cluster": "one", "propagate_at_launch": False} in asked["tags"]
    assert made["wait"] == made["problems"] == made["stale"] == []
    assert made["changes"] == [
        "lambda_fs_clients: launch template is made, of ami-1",
        "lambda_fs_clients_ags: auto-scaling group is made, of 0 VMs",
    ]


def test_a_template_gives_vms_and_volumes_their_tags_and_safe_settings() -> None:
    data = template_data(tier(), NETWORK, TAGS)
    assert {one["resource_type"]: one["tags"] for one in data["tag_specifications"]} == {
        "instance": OWN_TAGS,
        "volume": OWN_TAGS,
    }
    assert data["metadata_options"]["http_tokens"] == "required"
    (root,) = data["block_device_mappings"]
    assert root["device_name"] == "/dev/sda1"
    assert (root["ebs"]["encrypted"], root["ebs"]["volume_type"], root["ebs"]["volume_size"]) == (True, "gp3", 64)
    (interface,) = data["network_interfaces"]
    assert interface["groups"] == ["sg-1"]
    assert interface["associate_public_ip_address"] is True


@pytest.mark.parametrize("count", ["", "2"])
def test_what_is_as_wanted_needs_nothing(count: str) -> None:
    found = plan(tier(count=count), [template()], [group(2)])
    assert found["members"] == 2
    assert found["present"] == {"client_lambdafs": "lambda_fs_clients_ags"}
    rest = {key: value for key, value in found.items() if key not in ("members", "present")}
    assert not any(rest.values()), rest


def test_keys_that_aws_or_somebody_adds_to_a_template_are_no_difference() -> None:
    live = template()
    live["latest"] |= {"user_data": "IyEvYmluL3No", "ebs_optimized": True}
    assert plan(templates=[live], groups=[group()])["templates"] == []


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ({"image": {"id": "ami-2", "root_device_name": "/dev/sda1"}}, "image_id is ami-1, becomes ami-2"),
        ({"instance_type": "c5.large"}, "instance_type is r5.4xlarge, becomes c5.large"),
        ({"root_volume_gib": 80}, "block_device_mappings.ebs.volume_size is 64, becomes 80"),
        (
            {"component": "HopsFSClientVM"},
            "tag_specifications.instance.Component is LambdaFSClientVM, becomes HopsFSClientVM",
        ),
    ],
)
def test_a_changed_setting_makes_a_version_that_the_group_takes(change: dict[str, Any], line: str) -> None:
    made = plan(tier(**change), [template()], [group(2)])
    assert [one["name"] for one in made["templates"]] == ["lambda_fs_clients"]
    assert f"lambda_fs_clients: {line}" in made["changes"]
    (asked,) = made["groups"]
    assert "desired_capacity" not in asked
    assert "lambda_fs_clients_ags: launches by a new version of lambda_fs_clients" in made["changes"]


def test_vms_that_an_older_template_launched_are_named_and_can_be_replaced() -> None:
    made = plan(templates=[template(version=2)], groups=[group(2, version=2, instances=[member(0), member(1, 2)])])
    assert made["changes"] == []
    assert made["stale"] == [
        "i-0 of lambda_fs_clients_ags was launched by version 1 of lambda_fs_clients, new VMs are by version 2; it is "
        "kept: name client_lambdafs in aws_scaling_refresh to have it replaced"
    ]
    assert made["refresh"] == {"client_lambdafs": "lambda_fs_clients_ags"}


def test_a_template_that_is_to_change_makes_every_vm_an_old_one_but_those_that_leave() -> None:
    members = [member(0), member(1), member(2, state="Terminating:Wait")]
    made = plan(tier(instance_type="c5.large"), [template()], [group(2, instances=members)])
    assert [line.split()[0] for line in made["stale"]] == ["i-0", "i-1"]
    assert "new VMs are by a new version" in made["stale"][0]


@pytest.mark.parametrize(
    "launched",
    [
        {"launch_template": {"launch_template_id": TEMPLATE_ID, "version": "$Latest"}},
        {"launch_template": {"launch_template_id": "lt-other", "version": "1"}},
        {"launch_template": None, "launch_configuration_name": "old"},
    ],
)
def test_a_group_is_brought_back_to_the_latest_version_of_its_template(launched: dict[str, Any]) -> None:
    made = plan(templates=[template()], groups=[group(**launched)])
    assert made["changes"] == ["lambda_fs_clients_ags: launches by version 1 of lambda_fs_clients"]
    assert len(made["groups"]) == 1


@pytest.mark.parametrize(("size", "count"), [(0, "3"), (3, "0"), (3, "1")])
def test_a_count_scales_the_group_and_is_waited_for(size: int, count: str) -> None:
    made = plan(tier(count=count), [template()], [group(size)])
    assert made["templates"] == []
    assert made["groups"][0]["desired_capacity"] == int(count)
    assert made["changes"] == [f"lambda_fs_clients_ags: desired_capacity is {size}, becomes {count}"]
    assert made["wait"] == ["lambda_fs_clients_ags"]


def test_without_a_count_a_group_keeps_the_size_that_somebody_gave_it() -> None:
    made = plan(templates=[template()], groups=[group(5)])
    assert made["groups"] == made["changes"] == made["wait"] == []


def test_vms_on_their_way_are_waited_for_without_a_change() -> None:
    members = [member(0), member(1, state="Pending")]
    made = plan(tier(count="2"), [template()], [group(2, instances=members)])
    assert made["changes"] == []
    assert made["wait"] == ["lambda_fs_clients_ags"]


def test_an_update_keeps_what_was_set_by_hand() -> None:
    made = plan(tier(count="3"), [template()], [group(1, min_size=1)])
    (asked,) = made["groups"]
    assert asked["min_size"] == 1
    assert asked["kept"] == {
        "health_check_type": "EC2",
        "health_check_period": 120,
        "default_cooldown": 60,
        "termination_policies": ["OldestInstance"],
        "suspend_processes": ["AZRebalance"],
        "metrics_collection": True,
        "metrics_list": ["GroupMinSize"],
    }


def test_other_subnets_and_a_smaller_maximum_change_the_group() -> None:
    made = plan(tier(max_count=4), [template()], [group(vpc_zone_identifier="subnet-a")])
    assert made["changes"] == [
        "lambda_fs_clients_ags: max_size is 8, becomes 4",
        "lambda_fs_clients_ags: subnets are subnet-a, become subnet-a, subnet-b",
    ]


def test_tags_that_are_missing_are_given() -> None:
    made = plan(templates=[template(tags=dict(TAGS))], groups=[group(tags=dict(TAGS))])
    missing = {"Component": "LambdaFSClientVM"}
    assert made["retag"] == [{"id": TEMPLATE_ID, "tags": missing}]
    assert made["templates"] == []
    assert made["changes"][-1] == f"lambda_fs_clients_ags: gets the tags {missing}"


@pytest.mark.parametrize(
    ("one", "live", "line"),
    [
        ({"count": "9"}, None, "Found lambdafs_client_count 9, expected 8 or less"),
        ({"max_count": 4}, {"size": 6}, "of 6 VMs and lambdafs_client_max_count 4, expected as many at least"),
        ({"count": "1"}, {"size": 3, "min_size": 2}, "Found lambdafs_client_count 1 and group lambda_fs_clients_ags"),
        ({"count": "", "max_count": 1}, {"size": 0, "min_size": 2}, "with the minimum 2, expected as many at least"),
        ({}, {"state": "Delete in progress"}, "in state Delete in progress, expected it to be there or gone"),
    ],
)
def test_sizes_that_cannot_be_had_are_refused(one: dict[str, Any], live: dict[str, Any] | None, line: str) -> None:
    groups = [] if live is None else [group(**live)]
    (problem,) = plan(tier(**one), [template()], groups)["problems"]
    assert line in problem


def test_a_smaller_maximum_is_no_problem_when_the_count_scales_the_group_down() -> None:
    made = plan(tier(count="4", max_count=4), [template()], [group(6)])
    assert made["problems"] == []
    assert made["wait"] == ["lambda_fs_clients_ags"]


@pytest.mark.parametrize(
    ("kind", "name"), [("launch template", "lambda_fs_clients"), ("auto-scaling group", "lambda_fs_clients_ags")]
)
def test_a_name_that_somebody_else_has_is_refused(kind: str, name: str) -> None:
    (problem,) = plan(taken=[{"kind": kind, "name": name, "tags": {"Cluster": "two"}}])["problems"]
    assert problem.startswith(f"Found {kind} {name}, which carries {{'Cluster': 'two'}}, expected it to be free")


def test_a_tier_without_an_image_is_left_alone() -> None:
    made = plan(tier(image={"id": "", "root_device_name": ""}))
    assert made["templates"] == made["groups"] == []
    assert made["skipped"] == [
        "client_lambdafs: found no AMI, its scaling group stays as it is: set lambdafs_client_ami"
    ]


def test_data_as_botocore_tells_it_is_the_data_that_was_sent() -> None:
    told = {
        "ImageId": "ami-1",
        "InstanceType": "r5.4xlarge",
        "KeyName": "one-key",
        "NetworkInterfaces": [
            {"DeviceIndex": 0, "AssociatePublicIpAddress": True, "DeleteOnTermination": True, "Groups": ["sg-1"]}
        ],
        "BlockDeviceMappings": [
            {
                "DeviceName": "/dev/sda1",
                "Ebs": {"Encrypted": True, "DeleteOnTermination": True, "VolumeSize": 64, "VolumeType": "gp3"},
            }
        ],
        "MetadataOptions": {"HttpTokens": "required", "HttpEndpoint": "enabled"},
        "TagSpecifications": [
            {"ResourceType": kind, "Tags": [{"Key": key, "Value": value} for key, value in OWN_TAGS.items()]}
            for kind in ("instance", "volume")
        ],
    }
    live = comparable(camel_dict_to_snake_dict(told))
    assert differences(comparable(template_data(tier(), NETWORK, TAGS)), live) == []


@pytest.mark.parametrize(
    ("wanted", "live", "texts"),
    [
        ([1, 2], [1], ["k is [1], becomes [1, 2]"]),
        ({"a": 1}, None, ["k.a is nothing, becomes 1"]),
        ([{"a": 1}, {"a": 2}], [{"a": 1}, {"a": 3}], ["k.1.a is 3, becomes 2"]),
    ],
)
def test_differences_name_the_place(wanted: Any, live: Any, texts: list[str]) -> None:
    assert differences(wanted, live, "k") == texts


@pytest.mark.parametrize(
    ("live", "refresh", "text"),
    [
        (group(2), None, ""),
        (group(2), {"status": "Successful"}, ""),
        (group(2), {"status": "InProgress", "percentage_complete": 50}, "an instance refresh at 50 %"),
        (group(3, instances=[member(0)]), None, "1 of 3 VMs in service"),
        (
            group(1, instances=[member(0), member(1, state="Terminating")]),
            None,
            "1 of 1 VMs in service; i-1 Terminating Healthy",
        ),
        (
            group(1, instances=[member(0, health="Unhealthy")]),
            None,
            "0 of 1 VMs in service; i-0 InService Unhealthy",
        ),
        (group(1, instances=[member(0), member(1, state="Standby")]), None, ""),
    ],
)
def test_a_group_is_waited_for_until_it_is_settled(
    live: dict[str, Any], refresh: dict[str, Any] | None, text: str
) -> None:
    assert waited_for(live, refresh=refresh) == text
