"""What the role file_system makes of inventory and settings."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.roles.role_templates import Roles

HOSTS = {
    "localhost": {"lambdafs_openwhisk_api_host": "elb.example"},
    "zk-0": {"private_ip_address": "10.0.8.233"},
    "zk-1": {"private_ip_address": "10.0.4.113"},
    "ndb": {"private_ip_address": "10.0.6.227"},
    "driver": {"private_ip_address": "10.0.1.1"},
    "other": {"private_ip_address": "10.0.1.2"},
    "i-2": {"private_ip_address": "10.0.2.2"},
    "i-1": {"private_ip_address": "10.0.2.1"},
}
BOTH = {"driver_lambdafs": ["driver"], "driver_hopsfs": ["other"]}


def role(groups: dict[str, list[str]] = BOTH, **given: Any) -> Roles:
    settings = {
        "groups": groups,
        "hostvars": HOSTS,
        "inventory_hostname": "driver",
        "driver_vm_system": "lambdafs",
        "lambdafs_ndb_database": "vanilla_hopsfs",
        "lambdafs_driver_lambdafs_count": len(groups.get("driver_lambdafs", [])),
        "lambdafs_driver_hopsfs_count": len(groups.get("driver_hopsfs", [])),
        "__lambdafs_zookeeper_staying": ["zk-0", "zk-1"],
        "__lambdafs_ndb_mgmd_hosts": ["ndb"],
        "__lambdafs_ndb_sql_hosts": ["ndb"],
        "__lambdafs_ndb_password": "correct-horse",
    }
    return Roles("settings", "file_system", **{**settings, **given})


@pytest.mark.parametrize(
    ("groups", "given", "other"),
    [
        (BOTH, {}, "HopsFS"),
        (BOTH, {"driver_vm_system": "hopsfs"}, "λFS"),
        (BOTH, {"lambdafs_hopsfs_database": "hopsfs"}, ""),
        ({"driver_lambdafs": ["driver"]}, {}, ""),
        ({"driver_lambdafs": ["driver"]}, {"lambdafs_driver_hopsfs_count": 1}, "HopsFS"),
        ({"driver_lambdafs": ["driver"], "namenode_hopsfs": ["i-1"]}, {}, "HopsFS"),
        ({"driver_hopsfs": ["other"], "client_lambdafs": ["i-1"]}, {"driver_vm_system": "hopsfs"}, "λFS"),
    ],
)
def test_a_database_is_shared_when_both_systems_exist_or_are_about_to(
    groups: dict[str, list[str]], given: dict[str, Any], other: str
) -> None:
    assert role(groups, **given).value("__file_system_shared_with") == other


def test_namenodes_are_told_the_addresses_of_the_inventory() -> None:
    facts = role().value("__file_system_facts")
    assert facts["zookeeper"] == ["10.0.4.113:2181", "10.0.8.233:2181"]
    assert facts["endpoint"] == "https://elb.example/api/v1/web/whisk.system/default/namenode"
    assert (facts["ndb_connectstring"], facts["ndb_sql_host"]) == ("10.0.6.227:1186", "10.0.6.227")
    assert (facts["deployments"], facts["own_address"]) == (20, "10.0.1.1")


def test_the_endpoint_is_left_alone_while_the_api_is_unknown() -> None:
    assert role(hostvars={**HOSTS, "localhost": {}}).value("__file_system_facts.endpoint") == ""


def test_one_driver_of_a_system_formats() -> None:
    several = {"driver_lambdafs": ["driver", "other"]}
    assert role(several).value("__file_system_is_first") is True
    assert role(several, inventory_hostname="other").value("__file_system_is_first") is False
    assert role({}, inventory_hostname="i-1").value("__file_system_is_first") is False


@pytest.mark.parametrize(
    ("lines", "missing"),
    [
        ([], ["python3-kazoo", "python3-pymysql"]),
        (["python3-kazoo ii  ", "python3-pymysql un  "], ["python3-pymysql"]),
        (["python3-kazoo ii  ", "python3-pymysql ii  "], []),
    ],
)
def test_packages_that_dpkg_does_not_show_as_installed_are_missing(lines: list[str], missing: list[str]) -> None:
    found = role(__file_system_dpkg={"stdout_lines": lines}).value("__file_system_missing_packages")
    assert sorted(found) == missing


def test_the_namenodes_of_hopsfs_are_those_of_the_scaling_group() -> None:
    assert role().value("__file_system_hopsfs_namenodes") == []
    found = role({**BOTH, "namenode_hopsfs": ["i-2", "i-1"]}).value("__file_system_hopsfs_namenodes")
    assert found == ["10.0.2.1:8020", "10.0.2.2:8020"]


@pytest.mark.parametrize(
    ("given", "databases"),
    [({}, ["vanilla_hopsfs"]), ({"lambdafs_hopsfs_database": "hopsfs"}, ["vanilla_hopsfs", "hopsfs"])],
)
def test_each_database_is_made_once_and_the_account_may_use_it(given: dict[str, Any], databases: list[str]) -> None:
    sql = Roles("settings", "ndb_sql", lambdafs_cluster_name="c", **given)
    assert sql.value("__ndb_sql_databases") == databases
    privileges = sql.value("__ndb_sql_account_privileges")
    tables = {f"{name}.*": "SELECT,INSERT,UPDATE,DELETE,DROP" for name in databases}
    assert privileges == {"*.*": "NDB_STORED_USER", **tables}
