"""Links between λFS's client and its servers, each broken for a while and mended afterwards."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from kazoo.client import KazooClient

from lab import podman
from tests.e2e.database import DATABASE, MANAGER, sql
from tests.e2e.openwhisk import Platform
from tests.e2e.site import Site

DRIVER = "lambda-fs-client-driver-0"
ZOOKEEPER = "lambdafs-zookeeper-0"
HADOOP_CONF = "/opt/hadoop-lambdafs/etc/hadoop"
PORT = 6000
"""The port on which the driver waits for NameNodes: λFS's default of serverless.tcp.port."""

Break = Callable[[Site], AbstractContextManager[object]]


@contextmanager
def stopped_mysqld(site: Site) -> Iterator[None]:
    """No SQL node serves."""
    manager = site.instance(MANAGER)
    site.ssh(manager, "sudo systemctl stop ndb-sql")
    try:
        yield
    finally:
        site.ssh(manager, "sudo systemctl start ndb-sql")


@contextmanager
def missing_znode(site: Site) -> Iterator[None]:
    """One deployment has no place for acknowledgements."""
    client = KazooClient(f"{site.instance(ZOOKEEPER)[1]}:2181")
    client.start()
    try:
        client.delete("/namenode7/ACK")
        yield
    finally:
        client.ensure_path("/namenode7/ACK")
        client.stop()
        client.close()


@contextmanager
def missing_table(site: Site) -> Iterator[None]:
    """One deployment lacks a table."""
    table = f"`{DATABASE}`.`write_acks_deployment7`"
    ((_name, definition),) = sql(site, f"SHOW CREATE TABLE {table}")
    sql(site, f"DROP TABLE {table}")
    try:
        yield
    finally:
        sql(site, definition.replace("CREATE TABLE `", f"CREATE TABLE `{DATABASE}`.`", 1))


@contextmanager
def missing_action(site: Site) -> Iterator[None]:
    """OpenWhisk does not know one of the deployments."""
    platform = Platform(site)
    path = "/api/v1/namespaces/_/actions/namenode7"
    action = platform.get(path)
    platform.send("DELETE", path)
    try:
        yield
    finally:
        kept = ("exec", "parameters", "annotations", "limits")
        platform.send("PUT", path, {name: action[name] for name in kept})


@contextmanager
def blocked_port(site: Site) -> Iterator[None]:
    """No NameNode can connect to the driver."""
    identity, _address = site.instance(DRIVER)
    (container,) = podman.podman("ps", "--quiet", "--filter", f"label={podman.INSTANCE_LABEL}={identity}").split()
    process = podman.podman("inspect", "--format", "{{.State.Pid}}", container).strip()

    def rule(action: str) -> None:
        filtered = ["INPUT", "--protocol", "tcp", "--dport", str(PORT), "--jump", "REJECT"]
        subprocess.run(["nsenter", f"--net=/proc/{process}/ns/net", "iptables", action, *filtered], check=True)

    rule("--insert")
    try:
        yield
    finally:
        rule("--delete")


@contextmanager
def wrong_password(site: Site) -> Iterator[None]:
    """The driver's file has another password than the database."""
    driver = site.instance(DRIVER)
    file = f"{HADOOP_CONF}/ndb-config.properties"
    site.ssh(driver, f"sudo cp --preserve=all {file} {file}.kept")
    site.ssh(driver, f"sudo sed -i 's/^\\(io.hops.metadata.ndb.mysqlserver.password\\)=.*/\\1=wrong/' {file}")
    try:
        yield
    finally:
        site.ssh(driver, f"sudo mv {file}.kept {file}")
