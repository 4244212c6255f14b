"""The plan of a deployment's VMs."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.lambdafs.cluster.plugins.module_utils.instance_plan import (
    instance_plan,
    quorum,
    subnet_of,
)

SUBNETS = {"10.0.0.0/20": "subnet-a", "10.0.16.0/20": "subnet-b"}
COMPONENTS = {"zookeeper": "ZooKeeperVM", "ndb_datanode": "NDB_DataNodeVM", "driver_hopsfs": "PrimaryHopsFSClientVM"}


def tier(name: str = "zookeeper", count: int = 3, shrink: str = "never_below_quorum", **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "component": COMPONENTS[name],
        "vm_name": name + "-{index}",
        "count": count,
        "instance_type": "r5.4xlarge",
        "images": [{"id": "ami-1", "root_device_name": "/dev/sda1"}],
        "private_ips": [],
        "root_volume_gib": 32,
        "data_volume_gib": 0,
        "shrink": shrink,
    } | more


def vm(index: int, name: str = "zookeeper", state: str = "running", **more: Any) -> dict[str, Any]:
    return {
        "id": f"i-{name}-{index}",
        "name": f"{name}-{index}",
        "state": state,
        "private_ip_address": f"10.0.0.{10 + index}",
        "instance_type": "r5.4xlarge",
        "image_id": "ami-1",
        "tags": {"Name": f"{name}-{index}", "Component": COMPONENTS[name], "Index": str(index)},
    } | more


def plan(tiers: list[dict[str, Any]], instances: list[dict[str, Any]], confirmed: bool = False) -> dict[str, Any]:
    return instance_plan(tiers, instances, SUBNETS, confirmed)


@pytest.mark.parametrize(("count", "majority"), [(1, 1), (3, 2), (4, 3), (5, 3), (7, 4)])
def test_a_quorum_is_a_majority(count: int, majority: int) -> None:
    assert quorum(count) == majority


def test_an_address_belongs_to_the_subnet_that_holds_it() -> None:
    assert subnet_of("10.0.16.9", SUBNETS) == "subnet-b"
    assert subnet_of("10.0.128.9", SUBNETS) is None


def test_an_empty_account_gets_every_vm() -> None:
    found = plan([tier(private_ips=["10.0.8.233", "10.0.17.1"])], [])
    assert [(one["name"], one["private_ip_address"], one["subnet_id"]) for one in found["create"]] == [
        ("zookeeper-0", "10.0.8.233", "subnet-a"),
        ("zookeeper-1", "10.0.17.1", "subnet-b"),
        ("zookeeper-2", None, "subnet-a"),
    ]
    assert found["create"][2]["tags"] == {"Name": "zookeeper-2", "Component": "ZooKeeperVM", "Index": "2"}
    assert found["problems"] == []


def test_volumes_are_encrypted_and_go_with_the_vm() -> None:
    (wanted,) = plan([tier(count=1, data_volume_gib=128)], [])["create"]
    assert [(one["device_name"], one["ebs"]["volume_size"]) for one in wanted["volumes"]] == [
        ("/dev/sda1", 32),
        ("/dev/sdf", 128),
    ]
    assert all(one["ebs"]["encrypted"] and one["ebs"]["delete_on_termination"] for one in wanted["volumes"])


def test_images_are_taken_in_turn_and_growth_renames_nobody() -> None:
    images = [{"id": "ami-1", "root_device_name": "/dev/sda1"}, {"id": "ami-2", "root_device_name": "/dev/xvda"}]
    data_nodes = tier("ndb_datanode", vm_name="dn-type{type}-{index}", images=images, shrink="confirmed")
    names = [[one["name"] for one in plan([data_nodes | {"count": count}], [])["create"]] for count in (2, 4)]
    assert names == [["dn-type1-0", "dn-type2-1"], ["dn-type1-0", "dn-type2-1", "dn-type1-2", "dn-type2-3"]]


def test_nothing_is_to_be_done_when_all_is_there() -> None:
    found = plan([tier()], [vm(index) for index in range(3)])
    assert found.pop("keep") == ["zookeeper-0", "zookeeper-1", "zookeeper-2"]
    assert not any(found.values())


def test_the_gap_of_a_lost_vm_is_filled() -> None:
    found = plan([tier()], [vm(0), vm(2), vm(1, state="shutting-down")])
    assert [one["name"] for one in found["create"]] == ["zookeeper-1"]
    assert found["leaving"] == ["i-zookeeper-1"]


def test_a_stopped_vm_is_started() -> None:
    found = plan([tier(count=1)], [vm(0, state="stopped")])
    assert (found["start"], found["create"]) == (["i-zookeeper-0"], [])


def test_a_lost_tag_is_mended() -> None:
    bare = vm(0, tags={"Component": "ZooKeeperVM", "Index": "0"})
    assert plan([tier(count=1)], [bare])["retag"] == [{"id": "i-zookeeper-0", "tags": {"Name": "zookeeper-0"}}]


def test_another_type_or_image_is_reported_and_kept() -> None:
    found = plan([tier(count=1)], [vm(0, instance_type="t3.small", image_id="ami-0")])
    assert [line.split(";")[0] for line in found["stale"]] == [
        "zookeeper-0: instance_type is t3.small, the settings say r5.4xlarge",
        "zookeeper-0: image_id is ami-0, the settings say ami-1",
    ]
    assert found["keep"] == ["zookeeper-0"]


def test_shrinking_retires_the_highest_indices() -> None:
    found = plan([tier(count=3)], [vm(index) for index in range(5)])
    assert [(one["id"], one["index"]) for one in found["retire"]] == [("i-zookeeper-3", 3), ("i-zookeeper-4", 4)]
    assert found["problems"] == []


@pytest.mark.parametrize(
    ("wanted", "present"),
    [(tier(count=1), 5), (tier("ndb_datanode", count=2, shrink="confirmed"), 4)],
    ids=["below the quorum", "a tier that others depend on"],
)
def test_a_dangerous_shrink_is_refused_unless_confirmed(wanted: dict[str, Any], present: int) -> None:
    instances = [vm(index, wanted["name"]) for index in range(present)]
    (problem,) = plan([wanted], instances)["problems"]
    assert f"{wanted['name']}-{present - 1} would be terminated" in problem
    assert "confirm_shrink" in problem
    assert plan([wanted], instances, confirmed=True)["problems"] == []


def test_data_nodes_never_go() -> None:
    instances = [vm(index, "ndb_datanode") for index in range(4)]
    (problem,) = plan([tier("ndb_datanode", count=2, shrink="never")], instances, confirmed=True)["problems"]
    assert "Found 4 ndb_datanode VMs and a count of 2, expected 4 or more" in problem


def test_a_driver_may_go_without_a_word() -> None:
    found = plan([tier("driver_hopsfs", count=0, shrink="free")], [vm(0, "driver_hopsfs")])
    assert (len(found["retire"]), found["problems"]) == (1, [])


def test_a_moved_address_is_refused() -> None:
    (problem,) = plan([tier(count=1, private_ips=["10.0.8.233"])], [vm(0)])["problems"]
    assert "Found zookeeper-0 at 10.0.0.10, expected 10.0.8.233" in problem


def test_two_vms_of_one_index_are_refused() -> None:
    (problem,) = plan([tier(count=1)], [vm(0), vm(0, id="i-twin")])["problems"]
    assert "Found i-zookeeper-0 and i-twin as zookeeper 0, expected one" in problem


def test_a_vm_without_an_index_is_refused() -> None:
    (problem,) = plan([tier(count=0)], [vm(0, tags={"Component": "ZooKeeperVM"})])["problems"]
    assert "Found i-zookeeper-0 of component ZooKeeperVM with Index tag ''" in problem


def test_the_arguments_are_left_as_they_were() -> None:
    tiers, instances = [tier()], [vm(0)]
    plan(tiers, instances)
    assert (tiers, instances) == ([tier()], [vm(0)])


def test_fixed_addresses_of_the_wanted_vms_are_reserved_once() -> None:
    tiers = [tier(count=2, private_ips=["10.0.8.233", "10.0.17.1", "10.0.8.9"]), tier("driver_hopsfs", 1, "free")]
    found = instance_plan(tiers, [], SUBNETS, False, [{"cidr": "10.0.8.233/32"}])
    assert found["reserve"] == [{"address": "10.0.17.1", "subnet_id": "subnet-b", "name": "zookeeper-1"}]
    assert plan(tiers, [])["reserve"][0]["address"] == "10.0.8.233"
