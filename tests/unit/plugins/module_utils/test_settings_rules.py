# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.lambdafs.cluster.plugins.module_utils import settings_rules

GOOD: dict[str, Any] = {
    "lambdafs_cluster_name": "lambdafs",
    "lambdafs_region": "us-east-1",
    "lambdafs_availability_zones": [],
    "lambdafs_namenode_deployments": 20,
    "lambdafs_vpc_id": "",
    "lambdafs_vpc_cidr": "10.0.0.0/16",
    "lambdafs_public_subnet_cidrs": ["10.0.0.0/20", "10.0.16.0/20"],
    "lambdafs_private_subnet_cidrs": ["10.0.128.0/20", "10.0.144.0/20"],
    "lambdafs_operator_cidrs": ["203.0.113.7/32", "2001:db8::/32"],
    "lambdafs_tags": {"Team": "storage"},
    "lambdafs_zookeeper_count": 3,
    "lambdafs_zookeeper_private_ips": ["10.0.8.233", "10.0.4.113", "10.0.14.89"],
    "lambdafs_zookeeper_root_volume_gib": 32,
    "lambdafs_zookeeper_ami": "ami-0700bf4465e5fd16d",
    "lambdafs_ndb_mgmd_count": 1,
    "lambdafs_ndb_mgmd_private_ips": ["10.0.6.227"],
    "lambdafs_ndb_datanode_count": 4,
    "lambdafs_ndb_datanode_amis": [],
}

KNOWN = {"lambdafs_zookeeper_count", "lambdafs_region", "zookeeper_tick_time"}
PREFIXES = ["lambdafs_", "zookeeper_"]


def test_good_settings_have_no_problem() -> None:
    assert settings_rules.settings_problems(GOOD) == []


def test_absent_settings_are_skipped() -> None:
    assert settings_rules.settings_problems({}) == []


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"lambdafs_cluster_name": "9x"}, "lambdafs_cluster_name is '9x'; expected 2 to 40"),
        ({"lambdafs_cluster_name": "a" * 41}, "expected 2 to 40"),
        ({"lambdafs_region": "useast"}, "lambdafs_region is 'useast'"),
        ({"lambdafs_availability_zones": ["us-east-1a"]}, "expected 2 different zones"),
        ({"lambdafs_availability_zones": ["us-east-1a", "eu-west-1a"]}, "eu-west-1a, which is not in us-east-1"),
        ({"lambdafs_driver_hopsfs_count": -1}, "lambdafs_driver_hopsfs_count is -1; expected 0 or more"),
        ({"lambdafs_ndb_datanode_count": 3}, "lambdafs_ndb_datanode_count is 3; expected a multiple of 2 up to 142"),
        ({"lambdafs_ndb_datanode_count": 144}, "up to 142"),
        ({"lambdafs_ndb_replicas": 3}, "lambdafs_ndb_datanode_count is 4; expected a multiple of 3"),
        ({"lambdafs_ndb_replicas": 0}, "lambdafs_ndb_replicas is 0; expected 1, 2, 3 or 4"),
        ({"lambdafs_ndb_datanode_count": 0}, "lambdafs_ndb_datanode_count is 0 with 1 management servers"),
        ({"lambdafs_ndb_sql_count": 65}, "lambdafs_ndb_sql_count is 65; expected 64 or fewer"),
        ({"lambdafs_ndb_database": "ndbinfo"}, "lambdafs_ndb_database is 'ndbinfo'; expected up to 63 letters"),
        ({"lambdafs_ndb_user": "root"}, "lambdafs_ndb_user is 'root'"),
        ({"lambdafs_ndb_user": "a'b"}, "no digit first, and no name that MySQL has for itself"),
        ({"lambdafs_ndb_mgmd_count": 3}, "lambdafs_ndb_mgmd_count is 3; expected 1 or 2"),
        ({"lambdafs_ndb_mgmd_count": 0}, "lambdafs_ndb_mgmd_count is 0 with 4 data nodes"),
        ({"lambdafs_namenode_deployments": 0}, "lambdafs_namenode_deployments is 0; expected 1 to 1000"),
        ({"lambdafs_zookeeper_root_volume_gib": 4}, "lambdafs_zookeeper_root_volume_gib is 4; expected 8 GiB"),
        ({"lambdafs_client_root_volume_gib": 4}, "lambdafs_client_root_volume_gib is 4; expected 8 GiB"),
        ({"lambdafs_client_count": "three"}, "lambdafs_client_count is 'three'; expected a number, or nothing"),
        (
            {"lambdafs_hopsfs_client_count": "9", "lambdafs_hopsfs_client_max_count": 8},
            "lambdafs_hopsfs_client_count is 9; expected 8 or less",
        ),
        ({"lambdafs_hopsfs_namenode_max_count": 0}, "lambdafs_hopsfs_namenode_max_count is 0; expected 1 or more"),
        ({"lambdafs_hopsfs_namenode_ami": "ami-1"}, "lambdafs_hopsfs_namenode_ami holds 'ami-1'; expected an AMI id"),
        ({"lambdafs_ndb_database": "mysql", "lambdafs_hopsfs_database": "mysql"}, "lambdafs_ndb_database is 'mysql'"),
        ({"lambdafs_hopsfs_database": "mysql"}, "lambdafs_hopsfs_database is 'mysql'; expected up to 63 letters"),
        ({"lambdafs_ndb_datanode_data_volume_gib": -1}, "expected 0 GiB or more"),
        ({"lambdafs_zookeeper_ami": "ami-xyz"}, "lambdafs_zookeeper_ami holds 'ami-xyz'"),
        ({"lambdafs_ndb_datanode_amis": ["ami-0700bf4465e5fd16d"] * 3}, "lambdafs_ndb_datanode_amis holds 3 ids"),
        ({"lambdafs_tags": {"Cluster": "x"}}, "lambdafs_tags holds 'Cluster'"),
        ({"lambdafs_tags": {"AWS:x": "x"}}, "lambdafs_tags holds 'AWS:x'"),
        ({"lambdafs_vpc_cidr": "10.0.0.0/33"}, "lambdafs_vpc_cidr holds '10.0.0.0/33'"),
        ({"lambdafs_vpc_cidr": "10.0.0.1/16"}, "did you mean 10.0.0.0/16?"),
        ({"lambdafs_vpc_cidr": "10.0.0.0/8"}, "lambdafs_vpc_cidr holds 10.0.0.0/8; expected a size that AWS takes"),
        ({"lambdafs_private_subnet_cidrs": ["10.0.128.0/20"]}, "lambdafs_private_subnet_cidrs holds 1 subnets"),
        (
            {"lambdafs_private_subnet_cidrs": ["10.0.128.0/20", "10.1.0.0/20"]},
            "holds 10.1.0.0/20, which is outside lambdafs_vpc_cidr 10.0.0.0/16",
        ),
        (
            {"lambdafs_private_subnet_cidrs": ["10.0.128.0/20", "10.0.0.0/24"]},
            "holds 10.0.0.0/24, which overlaps 10.0.0.0/20 of lambdafs_public_subnet_cidrs",
        ),
        (
            {"lambdafs_private_subnet_cidrs": ["False", "False"]},
            "lambdafs_vpc_cidr 10.0.0.0/16 has no room for the default lambdafs_private_subnet_cidrs",
        ),
        ({"lambdafs_ndb_mgmd_private_ips": ["10.0.6.2270"]}, "lambdafs_ndb_mgmd_private_ips holds '10.0.6.2270'"),
        ({"lambdafs_ndb_mgmd_private_ips": ["10.0.200.1"]}, "holds 10.0.200.1, which is outside the public subnets"),
        ({"lambdafs_ndb_mgmd_private_ips": ["10.0.0.3"]}, "10.0.0.3, which AWS reserves in 10.0.0.0/20"),
        ({"lambdafs_ndb_mgmd_private_ips": ["10.0.15.255"]}, "10.0.15.255, which AWS reserves"),
        (
            {"lambdafs_ndb_mgmd_private_ips": ["10.0.8.233"]},
            "10.0.8.233, which is given in lambdafs_zookeeper_private_ips already",
        ),
        ({"lambdafs_operator_cidrs": ["everyone"]}, "lambdafs_operator_cidrs holds 'everyone'"),
        ({"lambdafs_operator_cidrs": ["203.0.113.7/24"]}, "did you mean 203.0.113.0/24?"),
    ],
)
def test_each_wrong_setting_is_one_line(changed: dict[str, Any], expected: str) -> None:
    problems = settings_rules.settings_problems(GOOD | changed)
    assert len(problems) == 1
    assert expected in problems[0]
    assert "\n" not in problems[0]


@pytest.mark.parametrize("password", ["short", "with space in it", "quo'te-in-it-here"])
def test_a_password_that_cannot_be_written_is_refused_and_not_shown(password: str) -> None:
    (problem,) = settings_rules.settings_problems(GOOD | {"lambdafs_ndb_password": password})
    assert "lambdafs_ndb_password is a hidden value; expected 12 to 79" in problem
    assert password not in problem


def test_every_problem_is_reported_at_once() -> None:
    changed = {"lambdafs_cluster_name": "X", "lambdafs_ndb_datanode_count": 3, "lambdafs_operator_cidrs": ["x"]}
    assert len(settings_rules.settings_problems(GOOD | changed)) == 3


def test_addresses_beyond_the_count_are_not_looked_at() -> None:
    addresses = [*GOOD["lambdafs_zookeeper_private_ips"], "192.0.2.1"]
    assert settings_rules.settings_problems(GOOD | {"lambdafs_zookeeper_private_ips": addresses}) == []


def test_a_wrong_vpc_cidr_is_not_repeated_for_the_subnets_that_derive_from_it() -> None:
    derived = {name: ["False", "False"] for name in GOOD if name.endswith("_subnet_cidrs")}
    problems = settings_rules.settings_problems(GOOD | derived | {"lambdafs_vpc_cidr": "10.0.0.0"})
    assert len(problems) == 1


def test_an_existing_vpc_may_have_another_range() -> None:
    changed = {"lambdafs_vpc_id": "vpc-1", "lambdafs_vpc_cidr": "10.9.0.0/16"}
    assert settings_rules.settings_problems(GOOD | changed) == []


@pytest.mark.parametrize(("cidr", "count"), [("0.0.0.0/0", 1), ("::/0", 1), ("203.0.113.7/32", 0), ("junk", 0)])
def test_the_whole_internet_is_a_warning(cidr: str, count: int) -> None:
    assert len(settings_rules.operator_cidr_warnings({"lambdafs_operator_cidrs": [cidr]})) == count


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "lambdafs_zookeper_count",
            "lambdafs_zookeper_count is no variable of this collection: did you mean lambdafs_zookeeper_count?",
        ),
        ("zookeeper_ticktime", "did you mean zookeeper_tick_time?"),
        ("lambdafs_qqq", "none is called alike: remove it"),
        ("confirm_teerdown", "did you mean confirm_teardown?"),
        ("confirm_fromat", "did you mean confirm_format?"),
    ],
)
def test_unknown_names(name: str, expected: str) -> None:
    (problem,) = settings_rules.unknown_name_problems([name, "lambdafs_region"], KNOWN, PREFIXES)
    assert expected in problem


@pytest.mark.parametrize(
    "name", ["lambdafs_region", "lambdafs_component", "preflight_images", "confirm_format", "confirm_launch", "region"]
)
def test_names_that_are_left_alone(name: str) -> None:
    assert settings_rules.unknown_name_problems([name], KNOWN, PREFIXES) == []


def test_removed_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(settings_rules.REMOVED_VARIABLES, "lambdafs_servers", "lambdafs_zookeeper_count")
    assert settings_rules.unknown_name_problems(["lambdafs_servers"], KNOWN, PREFIXES) == [
        "lambdafs_servers was removed: use lambdafs_zookeeper_count"
    ]


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ({"type": "int", "choices": [1, 3, 5, 7]}, "x is 4; expected 1, 3, 5 or 7; correct it"),
        ({"type": "list", "elements": "str"}, "x is 4; expected list of str; correct it"),
        ({}, "x is 4; expected str; correct it"),
        ({"no_log": True}, "x is a hidden value; expected str; correct it"),
    ],
)
def test_value_problem(spec: dict[str, Any], expected: str) -> None:
    assert settings_rules.value_problem("x", 4, spec) == expected


def test_an_empty_value_is_named() -> None:
    assert settings_rules.value_problem("x", "", {"type": "int"}) == "x is empty; expected int; correct it"


@pytest.mark.parametrize(
    ("connection", "bastion", "count"),
    [("public", "", 0), ("bastion", "ops@bastion", 0), ("bastion", "", 1)],
)
def test_a_connection_through_a_bastion_needs_one(connection: str, bastion: str, count: int) -> None:
    settings = {"lambdafs_connection": connection, "lambdafs_bastion": bastion}
    assert len(settings_rules.bastion_problems(settings)) == count
