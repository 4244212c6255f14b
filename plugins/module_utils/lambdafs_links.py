# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The links that λFS's client depends on, judged by what was seen of each: one line for each that is broken."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from ansible_collections.lambdafs.cluster.plugins.module_utils.hopsfs_client_config import (
    ClientConfig,
    DatabaseConfig,
)
from ansible_collections.lambdafs.cluster.plugins.module_utils.hopsfs_namespace import Namespace
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_management import View

NAMES_SHOWN = 5
CONFIGURE = "run the configure stage"
# Server errors of MySQL that say that the account, or the database, is not what the file says
LOGIN_DENIED = frozenset({1045, 1698, 3118, 3159})
DATABASE_DENIED = frozenset({1044, 1049, 1142})


@dataclass(frozen=True)
class Fault:
    """A broken link: what was found, what was expected, and what to do."""

    link: str
    found: str
    expected: str
    advice: str

    def __str__(self) -> str:
        return f"link '{self.link}': found {self.found}, expected {self.expected}: {self.advice}"


def some(names: Sequence[str], shown: int = NAMES_SHOWN) -> str:
    """Names, and how many more there are."""
    more = f" and {len(names) - shown} more" if len(names) > shown else ""
    return ", ".join(names[:shown]) + more


def config_fault(config: ClientConfig, deployments: int) -> list[Fault]:
    """The client counts other deployments than the cluster has."""
    if config.deployments == deployments:
        return []
    return [
        Fault(
            "driver → its configuration",
            f"serverless.deployments.max for {config.deployments} deployments",
            f"{deployments}",
            CONFIGURE,
        )
    ]


def zookeeper_fault(server: str, problem: str) -> list[Fault]:
    """A ZooKeeper server that gives no session; `problem` is empty for one that does."""
    if not problem:
        return []
    return [
        Fault(
            f"driver → ZooKeeper {server}",
            problem,
            "a session",
            "start the server, and let the security group pass its port",
        )
    ]


def tree_fault(wanted: Sequence[str], existing: Collection[str]) -> list[Fault]:
    """Znodes of the deployments that are missing."""
    missing = [path for path in wanted if path not in existing]
    if not missing:
        return []
    return [
        Fault(
            "driver → ZooKeeper's tree",
            f"no {some(missing)}",
            f"all {len(wanted)} znodes of the deployments",
            "run --tags namenodes",
        )
    ]


def management_fault(view: View) -> list[Fault]:
    """A management server that does not answer, or whose cluster has no started data node."""
    link = f"driver → NDB management server {view.address}"
    if not view.answers:
        return [Fault(link, view.detail, "an answer", "start ndb_mgmd, and let the security group pass its port")]
    data_nodes = [node for node in view.nodes if node.kind == "datanode"]
    if any(node.started for node in data_nodes):
        return []
    return [Fault(link, f"0 of {len(data_nodes)} data nodes started", "a running cluster", "start the data nodes")]


def login_fault(config: DatabaseConfig, number: int, text: str) -> list[Fault]:
    """An SQL node that refuses the file's account or cannot be reached.

    Args:
        config: what the file says.
        number: MySQL's error number.
        text: its message.
    """
    link = f"driver → mysqld {config.host}:{config.port}"
    if number in LOGIN_DENIED:
        expected = f"a login as {config.user} with the password of {config.path}"
        return [Fault(link, text, expected, f"{CONFIGURE}, which gives account and file the same password")]
    if number in DATABASE_DENIED:
        return [Fault(link, text, f"database {config.database}, which {config.user} may use", CONFIGURE)]
    return [Fault(link, text, "a login", "start mysqld, and let the security group pass its port")]


def namespace_fault(config: DatabaseConfig, namespace: Namespace) -> list[Fault]:
    """A database without tables, or one that was never formatted."""
    link = f"driver → mysqld {config.host}:{config.port}"
    if namespace.missing:
        tables = [f"{config.database}.{name}" for name in namespace.missing]
        return [Fault(link, f"no table {some(tables)}", "the metadata schema", CONFIGURE)]
    if not namespace.formatted:
        return [Fault(link, f"database {config.database} not formatted", "a formatted one", "run --tags driver")]
    return []


def action_faults(problems: Mapping[str, str]) -> list[Fault]:
    """Deployments that did not answer as they should, those with the same problem in one line.

    Args:
        problems: what is wrong by the name of the action, empty for one that is well.
    """
    by_problem: dict[str, list[str]] = {}
    for name, problem in problems.items():
        if problem:
            by_problem.setdefault(problem, []).append(name)
    return [
        Fault(
            f"driver → OpenWhisk action {some(names)}",
            problem,
            "a NameNode's answer",
            _action_advice(problem),
        )
        for problem, names in by_problem.items()
    ]


def is_no_answer(problem: str) -> bool:
    """Whether OpenWhisk's API did not answer at all."""
    return problem.startswith("no answer of ")


def _action_advice(problem: str) -> str:
    if "HTTP 404" in problem:
        return "run --tags namenodes"
    if is_no_answer(problem):
        return "correct serverless.endpoint by the configure stage, or look at the load balancer and nginx"
    return "look at the NameNodes' logs, and at their configuration in the release's Secret"


def callback_fault(address: str, port: int, connected: int, answered: int, timeout: float) -> list[Fault]:
    """NameNodes that answered and did not connect to the client.

    Args:
        address: the driver's own address.
        port: the TCP port that it listened on.
        connected: how many connections came.
        answered: how many NameNodes should have connected.
        timeout: seconds that were waited after the last answer.
    """
    if connected >= answered:
        return []
    return [
        Fault(
            f"NameNode → driver {address}:{port}",
            f"{connected} connections of {answered} NameNodes within {timeout:g} s",
            "one of each",
            f"let security group and firewall of the driver pass TCP port {port} from the EKS nodes",
        )
    ]


def ports_fault(address: str, first: int, last: int) -> Fault:
    """No port on which the driver could listen."""
    return Fault(
        f"NameNode → driver {address}:{first}",
        f"no free TCP port from {first} to {last}",
        "one that the client can listen on",
        "end what listens there, or change serverless.tcp.port",
    )


def namenode_fault(address: str, problem: str) -> list[Fault]:
    """A NameNode of HopsFS that does not take connections; `problem` is empty for one that does."""
    if not problem:
        return []
    advice = "look at its service, and let the security group pass its port"
    return [Fault(f"driver → HopsFS NameNode {address}", problem, "a connection", advice)]
