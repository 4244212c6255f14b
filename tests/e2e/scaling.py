"""The VMs of a site that come and go, and what their peers know and see of them."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from tests.e2e.links import DRIVER
from tests.e2e.site import CLUSTER, Site
from tests.e2e.watching import repeatedly

CLIENTS = "LambdaFSClientVM"
NAMENODES = "HopsFSNameNodeVM"
NAMENODE_PORT = 8020


def running(site: Site, **tags: str) -> list[dict[str, Any]]:
    """The running VMs of the deployment that have these tags."""
    wanted = {"Cluster": CLUSTER, **tags}
    filters = [{"Name": f"tag:{name}", "Values": [value]} for name, value in wanted.items()]
    filters.append({"Name": "instance-state-name", "Values": ["running"]})
    found = site.client("ec2").describe_instances(Filters=filters)["Reservations"]
    return [one for reservation in found for one in reservation["Instances"]]


def identities(instances: list[dict[str, Any]]) -> set[str]:
    return {one["InstanceId"] for one in instances}


def client_addresses(site: Site) -> list[str]:
    """The addresses of the running clients of λFS."""
    return [one["PrivateIpAddress"] for one in running(site, Component=CLIENTS)]


def followers(site: Site) -> str:
    """What the benchmark utility knows of its followers."""
    return site.ssh(site.instance(DRIVER), "cat /opt/lambdafs-benchmark/config.yaml")


def started(site: Site, namenode: dict[str, Any]) -> str:
    """When systemd started HopsFS's NameNode of a VM, in its own clock."""
    address = (namenode["InstanceId"], namenode["PrivateIpAddress"])
    return site.ssh(address, "systemctl show --property ActiveEnterTimestampMonotonic --value hopsfs-namenode").strip()


def answers(address: str, port: int) -> bool:
    """Whether something accepts a connection."""
    try:
        with socket.create_connection((address, port), timeout=2):
            return True
    except OSError:
        return False


@contextmanager
def answering(addresses: Sequence[str], port: int) -> Iterator[list[int]]:
    """How many of the servers answered at each of several looks a second, as long as the block runs."""
    seen: list[int] = []
    with repeatedly(lambda: seen.append(sum(answers(address, port) for address in addresses)), 0.1):
        yield seen
