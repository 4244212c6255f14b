# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.lambdafs.cluster.plugins.filter.hadoop_properties import hadoop_properties

FACTS: dict[str, Any] = {
    "deployments": 20,
    "zookeeper": ["10.0.8.233:2181", "10.0.4.113:2181"],
    "endpoint": "https://openwhisk.example/api/v1/web/whisk.system/default/namenode",
    "own_address": "10.0.1.7",
    "ndb_connectstring": "10.0.6.227:1186",
    "ndb_sql_host": "10.0.6.228",
    "ndb_sql_port": 3306,
    "ndb_user": "hops",
    "ndb_password": "pass word",
    "ndb_database": "vanilla_hopsfs",
    "conf_dir": "/opt/hadoop-lambdafs/etc/hadoop",
}

# What λFS's code reads, less the key of OpenWhisk's system user: web actions need none
READ_BY_LAMBDAFS = {
    "serverless.endpoint",
    "serverless.platform",
    "serverless.deployments.max",
    "num.write-only.deployments",
    "serverless.use-fault-tolerant-deployments",
    "serverless.num-fault-tolerant-deployments",
    "serverless.zookeepers.hosts",
    "serverless.zookeeper.connectiontimeout",
    "serverless.zookeeper.sessiontimeout",
    "serverless.consistency.usendb",
    "serverless.tx.ack.timeout",
    "serverless.tcp.enabled",
    "serverless.tcp.port",
    "serverless.udp.port",
    "serverless.udp.enabled",
    "serverless.tcp.timeout",
    "serverless.tcp.clients-per-server",
    "serverless.http.timeout",
    "serverless.http.maxretries",
    "serverless.http.batch-size",
    "serverless.http.send-interval",
    "serverless.task.timeoutmillis",
    "serverless.metadatacache.enabled",
    "serverless.metadatacache.capacity",
    "serverless.localmode.enabled",
    "serverless.localmode.endpoint",
    "serverless.config.dir",
    "serverless.straggler.mitigation.enabled",
    "dfs.storage.driver.class",
    "dfs.storage.driver.configfile",
    "dfs.storage.eventmanager.class",
}


def test_a_client_has_every_property_that_lambdafs_reads() -> None:
    assert set(hadoop_properties(FACTS, "hdfs_site", "client")) == READ_BY_LAMBDAFS


def test_a_client_agrees_with_the_deployment() -> None:
    made = hadoop_properties(FACTS, "hdfs_site", "client")
    assert made["serverless.deployments.max"] == "20"
    assert made["serverless.zookeepers.hosts"] == "10.0.8.233:2181,10.0.4.113:2181"
    assert made["serverless.endpoint"] == FACTS["endpoint"]
    assert made["dfs.storage.driver.configfile"] == "/opt/hadoop-lambdafs/etc/hadoop/ndb-config.properties"


def total_actions(made: dict[str, str]) -> int:
    """The number of actions that λFS's code counts, with its own defaults for properties that are not set."""
    tolerant = made.get("serverless.use-fault-tolerant-deployments", "true") == "true"
    return int(made.get("serverless.deployments.max", 3)) + (
        int(made.get("serverless.num-fault-tolerant-deployments", 2)) if tolerant else 0
    )


@pytest.mark.parametrize("role", ["client", "namenode"])
@pytest.mark.parametrize("deployments", [1, 2, 20])
def test_lambdafs_counts_the_deployments_that_there_are(deployments: int, role: str) -> None:
    assert total_actions(hadoop_properties({**FACTS, "deployments": deployments}, "hdfs_site", role)) == deployments


@pytest.mark.parametrize(("deployments", "write_only"), [(1, 0), (2, 1), (3, 2), (20, 2)])
def test_a_deployment_is_left_for_reads(deployments: int, write_only: int) -> None:
    for role in ("client", "namenode"):
        made = hadoop_properties({**FACTS, "deployments": deployments}, "hdfs_site", role)
        assert made["num.write-only.deployments"] == str(write_only)


def test_clients_and_namenodes_agree_on_what_both_act_on() -> None:
    client, namenode = (hadoop_properties(FACTS, "hdfs_site", role) for role in ("client", "namenode"))
    differing = {name for name in client if client[name] != namenode[name]}
    assert differing == {
        "dfs.storage.driver.configfile",
        "serverless.metadatacache.capacity",
        "serverless.straggler.mitigation.enabled",
    }


def test_a_namenode_has_the_values_of_its_image() -> None:
    made = hadoop_properties(FACTS, "hdfs_site", "namenode")
    expected = {
        "serverless.consistency.usendb": "false",
        "serverless.metadatacache.capacity": "800000",
        "dfs.storage.driver.configfile": "/metadata-dal/ndb-config.properties",
        "dfs.storage.driver.jarFile": "/metadata-dal/hops-metadata-dal-impl-ndb-3.2.0.3-SNAPSHOT.jar",
        "serverless.straggler.mitigation.enabled": "true",
        "serverless.straggler.mitigation.threshold": "3",
        "serverless.subtree.delete.batchsize": "2048",
    }
    assert {name: made[name] for name in expected} == expected
    assert set(made) >= READ_BY_LAMBDAFS


def test_hopsfs_knows_its_namenodes() -> None:
    made = hadoop_properties({**FACTS, "namenodes": ["10.0.1.8:8020", "10.0.1.9:8020"]}, "hdfs_site", "hopsfs")
    assert made["dfs.namenodes.rpc.addresses"] == "10.0.1.8:8020,10.0.1.9:8020"
    assert made["metadatacache.enabled"] == "true"
    assert made["metadatacache.capacity"] == "825000"
    assert not [name for name in made if name.startswith("serverless.")]


@pytest.mark.parametrize(
    ("own", "namenodes", "address"),
    [
        ("10.0.1.7", [], "10.0.1.7"),
        ("10.0.1.7", ["10.0.1.8:8020", "10.0.1.9:8020"], "10.0.1.8"),
        ("10.0.1.9", ["10.0.1.8:8020", "10.0.1.9:8020"], "10.0.1.9"),
    ],
)
def test_hopsfs_namenodes_name_themselves_and_clients_the_first(own: str, namenodes: list[str], address: str) -> None:
    made = hadoop_properties({"own_address": own, "namenodes": namenodes}, "core_site", "hopsfs")
    assert made == {
        "fs.default.name": f"hdfs://{address}:8020",
        "hadoop.security.authentication": "simple",
        "hadoop.security.authorization": "false",
        "dfs.namenode.quota.enabled": "false",
    }


def test_core_site_of_lambdafs() -> None:
    assert hadoop_properties(FACTS, "core_site", "client") == {
        "fs.default.name": "hdfs://10.0.1.7:9000",
        "hadoop.security.authentication": "simple",
        "hadoop.security.authorization": "false",
    }


@pytest.mark.parametrize(
    ("role", "pool", "sessions"), [("client", "1", "1000"), ("namenode", "4", "4"), ("hopsfs", "1", "1000")]
)
def test_ndb_config(role: str, pool: str, sessions: str) -> None:
    assert hadoop_properties(FACTS, "ndb_config", role) == {
        "com.mysql.clusterj.connectstring": "10.0.6.227:1186",
        "com.mysql.clusterj.database": "vanilla_hopsfs",
        "com.mysql.clusterj.connection.pool.size": "1",
        "com.mysql.clusterj.max.transactions": "1024",
        "io.hops.metadata.ndb.mysqlserver.data_source_class_name": "com.mysql.cj.jdbc.MysqlDataSource",
        "io.hops.metadata.ndb.mysqlserver.host": "10.0.6.228",
        "io.hops.metadata.ndb.mysqlserver.port": "3306",
        "io.hops.metadata.ndb.mysqlserver.username": "hops",
        "io.hops.metadata.ndb.mysqlserver.password": "pass word",
        "io.hops.metadata.ndb.mysqlserver.connection_pool_size": pool,
        "io.hops.session.pool.size": sessions,
        "io.hops.session.reuse.count": "2147483647",
    }


@pytest.mark.parametrize(
    ("fact", "kind", "name"),
    [
        ("endpoint", "hdfs_site", "serverless.endpoint"),
        ("ndb_password", "ndb_config", "io.hops.metadata.ndb.mysqlserver.password"),
    ],
)
def test_what_is_not_known_is_left_as_it_is(fact: str, kind: str, name: str) -> None:
    assert name in hadoop_properties(FACTS, kind, "client")
    assert name not in hadoop_properties({**FACTS, fact: ""}, kind, "client")


def test_extra_properties_win_and_null_leaves_one_out() -> None:
    extra = {
        "serverless.tcp.port": 6100,
        "serverless.udp.enabled": True,
        "serverless.udp.port": None,
        "own": ["a", "b"],
    }
    made = hadoop_properties({**FACTS, "extra": extra}, "hdfs_site", "client")
    assert made["serverless.tcp.port"] == "6100"
    assert made["serverless.udp.enabled"] == "true"
    assert "serverless.udp.port" not in made
    assert made["own"] == "a,b"


@pytest.mark.parametrize(
    ("facts", "kind", "role", "message"),
    [
        (FACTS, "yarn_site", "client", "kind is 'yarn_site', expected one of hdfs_site, core_site, ndb_config"),
        (FACTS, "hdfs_site", "datanode", "role is 'datanode', expected one of client, namenode, hopsfs"),
        ({**FACTS, "deployments": 0}, "hdfs_site", "client", "deployments is 0, expected 1 or more"),
        ({}, "core_site", "client", "no fact 'own_address', expected one for core_site of client"),
    ],
)
def test_wrong_requests_are_refused(facts: dict[str, Any], kind: str, role: str, message: str) -> None:
    with pytest.raises(AnsibleFilterError, match=message):
        hadoop_properties(facts, kind, role)
