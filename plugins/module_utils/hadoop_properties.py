# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Hadoop's properties for λFS and HopsFS, by the facts of a deployment.

The number of deployments is the total of actions, znodes and tables. λFS counts `serverless.deployments.max`, and
fault-tolerant deployments on top unless they are switched off, as they are here: so both numbers are the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

KINDS = ("hdfs_site", "core_site", "ndb_config")
ROLES = ("client", "namenode", "hopsfs")

LAMBDAFS_PORT = 9000
HOPSFS_PORT = 8020
# The image of the serverless NameNodes
IMAGE_NDB_CONFIG = "/metadata-dal/ndb-config.properties"
IMAGE_DAL_JAR = "/metadata-dal/hops-metadata-dal-impl-ndb-3.2.0.3-SNAPSHOT.jar"
# Writes go to these deployments, which are the last ones; clients and NameNodes have to agree
WRITE_ONLY_DEPLOYMENTS = 2

_STORAGE: dict[str, Any] = {
    "dfs.storage.driver.class": "io.hops.metadata.ndb.NdbStorageFactory",
    "dfs.storage.eventmanager.class": "io.hops.metadata.ndb.wrapper.HopsEventManager",
}

_LAMBDAFS: dict[str, Any] = {
    **_STORAGE,
    "serverless.platform": "openwhisk",
    "serverless.config.dir": "/conf/",
    "serverless.use-fault-tolerant-deployments": False,
    "serverless.num-fault-tolerant-deployments": 0,
    "serverless.zookeeper.connectiontimeout": 15000,
    "serverless.zookeeper.sessiontimeout": 10000,
    "serverless.consistency.usendb": False,
    "serverless.tx.ack.timeout": 20000,
    "serverless.tcp.enabled": True,
    "serverless.tcp.port": 6000,
    "serverless.tcp.timeout": 12000,
    "serverless.tcp.clients-per-server": -1,
    "serverless.udp.enabled": False,
    "serverless.udp.port": 7000,
    "serverless.http.timeout": 20,
    "serverless.http.maxretries": 5,
    "serverless.http.batch-size": 8,
    "serverless.http.send-interval": 15,
    "serverless.task.timeoutmillis": 60000,
    "serverless.metadatacache.enabled": True,
    "serverless.metadatacache.capacity": 825000,
    "serverless.localmode.enabled": False,
    "serverless.localmode.endpoint": "http://localhost:8080/run",
    "serverless.straggler.mitigation.enabled": False,
}

_NAMENODE: dict[str, Any] = {
    "serverless.metadatacache.capacity": 800000,
    "serverless.straggler.mitigation.enabled": True,
    "serverless.straggler.mitigation.threshold": 3,
    "serverless.subtree.delete.batchsize": 2048,
    "dfs.storage.driver.configfile": IMAGE_NDB_CONFIG,
    "dfs.storage.driver.jarFile": IMAGE_DAL_JAR,
}

_HOPSFS: dict[str, Any] = {
    **_STORAGE,
    "metadatacache.enabled": True,
    "metadatacache.capacity": 825000,
}

_CORE: dict[str, Any] = {
    "hadoop.security.authentication": "simple",
    "hadoop.security.authorization": False,
}

_NDB: dict[str, Any] = {
    "com.mysql.clusterj.connection.pool.size": 1,
    "com.mysql.clusterj.max.transactions": 1024,
    "io.hops.metadata.ndb.mysqlserver.data_source_class_name": "com.mysql.cj.jdbc.MysqlDataSource",
    "io.hops.metadata.ndb.mysqlserver.connection_pool_size": 1,
    "io.hops.session.pool.size": 1000,
    "io.hops.session.reuse.count": 2147483647,
}

_NDB_NAMENODE: dict[str, Any] = {
    "io.hops.metadata.ndb.mysqlserver.connection_pool_size": 4,
    "io.hops.session.pool.size": 4,
}


def hadoop_properties(facts: Mapping[str, Any], kind: str, role: str) -> dict[str, str]:
    """The properties of one file.

    Args:
        facts: what is known of the deployment. `deployments` (1 or more), `zookeeper` (`host:port` each), `endpoint`
            (URL up to the deployment's number; empty leaves what the file has), `own_address`, `namenodes` (HopsFS's,
            `host:port` each), `ndb_connectstring`, `ndb_sql_host`, `ndb_sql_port`, `ndb_user`, `ndb_password` (empty
            leaves what the file has), `ndb_database`, `conf_dir`, `dal_jar` (path of NDB's storage driver; empty where
            the class path has it), `extra` (merged last; null leaves what the file has).
        kind: one of KINDS.
        role: one of ROLES: a client or a NameNode of λFS, or any VM of HopsFS.

    Returns:
        Value by name, sorted by name.

    Raises:
        ValueError: kind or role is unknown, or the number of deployments is below 1.
        KeyError: a fact that the file needs is missing.
    """
    if kind not in KINDS:
        raise ValueError(f"kind is {kind!r}, expected one of {', '.join(KINDS)}")
    if role not in ROLES:
        raise ValueError(f"role is {role!r}, expected one of {', '.join(ROLES)}")
    made = {"hdfs_site": _hdfs_site, "core_site": _core_site, "ndb_config": _ndb_config}[kind](facts, role)
    wanted = {**made, **(facts.get("extra") or {})}
    return {name: as_text(wanted[name]) for name in sorted(wanted) if wanted[name] is not None}


def as_text(value: Any) -> str:
    """A value as Hadoop reads it: booleans in small letters, lists with commas."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (list, tuple)):
        return ",".join(as_text(item) for item in value)
    return str(value)


def write_only_deployments(deployments: int) -> int:
    """How many of the deployments take writes alone; one is left for reads."""
    return min(WRITE_ONLY_DEPLOYMENTS, deployments - 1)


def _hdfs_site(facts: Mapping[str, Any], role: str) -> dict[str, Any]:
    driver = {
        "dfs.storage.driver.configfile": f"{facts['conf_dir']}/ndb-config.properties",
        "dfs.storage.driver.jarFile": facts.get("dal_jar") or None,
    }
    if role == "hopsfs":
        return {**_HOPSFS, **driver, "dfs.namenodes.rpc.addresses": _namenodes(facts)}
    deployments = int(facts["deployments"])
    if deployments < 1:
        raise ValueError(f"deployments is {deployments}, expected 1 or more")
    return {
        **_LAMBDAFS,
        **driver,
        **(_NAMENODE if role == "namenode" else {}),
        "serverless.deployments.max": deployments,
        "num.write-only.deployments": write_only_deployments(deployments),
        "serverless.zookeepers.hosts": facts["zookeeper"],
        "serverless.endpoint": facts["endpoint"] or None,
    }


def _core_site(facts: Mapping[str, Any], role: str) -> dict[str, Any]:
    if role != "hopsfs":
        return {**_CORE, "fs.default.name": f"hdfs://{facts['own_address']}:{LAMBDAFS_PORT}"}
    own = f"{facts['own_address']}:{HOPSFS_PORT}"
    namenodes = _namenodes(facts)
    return {
        **_CORE,
        "fs.default.name": f"hdfs://{own if own in namenodes else namenodes[0]}",
        "dfs.namenode.quota.enabled": False,
    }


def _namenodes(facts: Mapping[str, Any]) -> Sequence[str]:
    """HopsFS's NameNodes; a VM that knows of none is its own."""
    return facts.get("namenodes") or [f"{facts['own_address']}:{HOPSFS_PORT}"]


def _ndb_config(facts: Mapping[str, Any], role: str) -> dict[str, Any]:
    return {
        **_NDB,
        **(_NDB_NAMENODE if role == "namenode" else {}),
        "com.mysql.clusterj.connectstring": facts["ndb_connectstring"],
        "com.mysql.clusterj.database": facts["ndb_database"],
        "io.hops.metadata.ndb.mysqlserver.host": facts["ndb_sql_host"],
        "io.hops.metadata.ndb.mysqlserver.port": facts["ndb_sql_port"],
        "io.hops.metadata.ndb.mysqlserver.username": facts["ndb_user"],
        "io.hops.metadata.ndb.mysqlserver.password": facts["ndb_password"] or None,
    }
