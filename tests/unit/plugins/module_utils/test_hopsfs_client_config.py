from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.lambdafs.cluster.plugins.module_utils.hopsfs_client_config import (
    ClientConfig,
    WrongConfig,
    client_config,
    database_config,
    ndb_config_path,
    read_client_config,
    read_database_config,
)

HDFS_SITE = {
    "serverless.deployments.max": "20",
    "serverless.use-fault-tolerant-deployments": "false",
    "serverless.zookeepers.hosts": "10.0.8.233:2181, 10.0.4.113:2181",
    "serverless.endpoint": "http://elb:80/api/v1/web/whisk.system/default/namenode",
}
NDB = {
    "com.mysql.clusterj.connectstring": "10.0.6.227:1186",
    "com.mysql.clusterj.database": "vanilla_hopsfs",
    "io.hops.metadata.ndb.mysqlserver.host": "10.0.6.227",
    "io.hops.metadata.ndb.mysqlserver.port": "3307",
    "io.hops.metadata.ndb.mysqlserver.username": "hops",
    "io.hops.metadata.ndb.mysqlserver.password": "s3cret",
}
PATH = Path("/c/f")


def test_the_client_is_read() -> None:
    found = client_config(PATH, HDFS_SITE)
    assert found == ClientConfig(
        20, ("10.0.8.233:2181", "10.0.4.113:2181"), HDFS_SITE["serverless.endpoint"], True, 6000
    )


@pytest.mark.parametrize(
    ("more", "count"),
    [
        ({"serverless.use-fault-tolerant-deployments": "true", "serverless.num-fault-tolerant-deployments": "3"}, 23),
        ({"serverless.use-fault-tolerant-deployments": "TRUE"}, 22),
        ({"serverless.num-fault-tolerant-deployments": "3"}, 20),
    ],
)
def test_fault_tolerant_deployments_count_unless_switched_off(more: dict[str, str], count: int) -> None:
    assert client_config(PATH, {**HDFS_SITE, **more}).deployments == count


def test_the_code_has_fault_tolerant_deployments_where_the_file_is_silent() -> None:
    silent = {name: value for name, value in HDFS_SITE.items() if "fault" not in name}
    assert client_config(PATH, silent).deployments == 22


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("serverless.deployments.max", "", "/c/f: serverless.deployments.max is not set, expected 1 to 10000"),
        ("serverless.deployments.max", "x", "serverless.deployments.max is x"),
        ("serverless.endpoint", " ", "serverless.endpoint is not set, expected a value"),
        ("serverless.tcp.port", "70000", "serverless.tcp.port is 70000, expected 1 to 65535"),
    ],
)
def test_what_the_client_cannot_use_is_named(name: str, value: str, said: str) -> None:
    with pytest.raises(WrongConfig, match=said):
        client_config(PATH, {**HDFS_SITE, name: value})


def test_the_database_is_read_and_its_password_is_not_shown() -> None:
    found = database_config(PATH, NDB)
    assert (found.database, found.port, found.login("/ca").password) == ("vanilla_hopsfs", 3307, "s3cret")
    assert "s3cret" not in repr(found)


@pytest.mark.parametrize("name", [name for name in NDB if not name.endswith("port")])
def test_a_missing_setting_of_the_database_is_named(name: str) -> None:
    with pytest.raises(WrongConfig, match=f"/c/f: {name} is not set"):
        database_config(PATH, {**NDB, name: ""})


def test_a_database_whose_name_needs_quoting_is_refused() -> None:
    with pytest.raises(WrongConfig, match="database is 'a`b', expected letters"):
        database_config(PATH, {**NDB, "com.mysql.clusterj.database": "a`b"})


def test_the_driver_file_is_the_one_that_hdfs_site_names(tmp_path: Path) -> None:
    assert ndb_config_path(Path("/c"), {}) == Path("/c/ndb-config.properties")
    assert ndb_config_path(Path("/c"), {"dfs.storage.driver.configfile": "/m/n.properties"}) == Path("/m/n.properties")
    (tmp_path / "hdfs-site.xml").write_text(
        "<configuration><property><name>dfs.storage.driver.configfile</name><value>n.properties</value></property>"
        "</configuration>"
    )
    with pytest.raises(WrongConfig, match=r"n\.properties is missing, expected the file"):
        read_database_config(tmp_path)
    (tmp_path / "n.properties").write_text("".join(f"{name}={value}\n" for name, value in NDB.items()))
    assert read_database_config(tmp_path).user == "hops"


def test_a_file_that_is_no_xml_is_named(tmp_path: Path) -> None:
    (tmp_path / "hdfs-site.xml").write_text("<configuration>")
    with pytest.raises(WrongConfig, match=r"hdfs-site\.xml cannot be read"):
        read_client_config(tmp_path)
