# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What exists of a cluster and how it is, as one dict: AWS's resources and the answers of the services.

Nothing here talks to anybody. A further service is one more function and one more key of the report.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_nodes import DATANODE, FIRST_ID, MGMD, SQL
from ansible_collections.lambdafs.cluster.plugins.module_utils.scaling_plan import is_leaving, launched_by

Report = dict[str, Any]
Resource = Mapping[str, Any]
Resources = Mapping[str, list[Resource]]

TIERS: Mapping[str, str] = {
    "ZooKeeperVM": "ZooKeeper",
    "NDB_MGM_VM": "NDB manager",
    "NDB_DataNodeVM": "NDB data nodes",
    "NDB_SQL_VM": "NDB SQL nodes",
    "PrimaryLambdaFSClientVM": "λFS driver",
    "PrimaryHopsFSClientVM": "HopsFS driver",
    "LambdaFSClientVM": "λFS clients",
    "HopsFSClientVM": "HopsFS clients",
    "HopsFSNameNodeVM": "HopsFS NameNodes",
}
OTHER_TIER = "other VMs"
ZOOKEEPER_COMPONENT = "ZooKeeperVM"
NDB_COMPONENTS: Mapping[str, str] = {MGMD: "NDB_MGM_VM", DATANODE: "NDB_DataNodeVM", SQL: "NDB_SQL_VM"}


def status_report(
    resources: Resources,
    cluster: str,
    region: str,
    zookeeper: Iterable[Mapping[str, Any]] = (),
    ndb: Iterable[Mapping[str, Any]] = (),
    openwhisk: Mapping[str, Any] | None = None,
) -> Report:
    """Return the report on a cluster.

    Args:
        resources: what aws_deployment_info lists.
        cluster: the cluster's name.
        region: the AWS region.
        zookeeper: one answer a ZooKeeper VM, with the keys name, problem, servers, leader, quorum, wanted and missing.
        ndb: one answer a VM with a management server or SQL node, with the keys name, problem, nodes and schema.
        openwhisk: the answer of OpenWhisk, with the keys problem, release, api_host, wanted and deployments.
    """
    return {
        "cluster": cluster,
        "region": region,
        "deployed": any(resources.values()),
        "network": network_report(resources),
        "tiers": tier_reports(resources["instances"]),
        "scaling_groups": [scaling_report(group) for group in resources.get("auto_scaling_groups", [])],
        "zookeeper": zookeeper_report(resources["instances"], list(zookeeper)),
        "ndb": ndb_report(resources["instances"], list(ndb)),
        "eks": eks_report(resources),
        "openwhisk": openwhisk_report(openwhisk or {}),
    }


def network_report(resources: Resources) -> Report:
    """Return the cluster's network; a VPC that is used without being the cluster's own is listed as existing."""
    own = [network_item(vpc, cidr=vpc["cidr_block"], existing=False) for vpc in resources["vpcs"]]
    used = {resource["vpc_id"] for kind in ("subnets", "security_groups") for resource in resources[kind]}
    foreign = sorted(used - {vpc["id"] for vpc in own})
    return {
        "vpcs": own + [{"id": vpc, "name": "", "state": "", "cidr": "", "existing": True} for vpc in foreign],
        "subnets": [
            network_item(
                subnet,
                cidr=subnet["cidr_block"],
                zone=subnet["availability_zone"],
                public=subnet.get("map_public_ip_on_launch", False),
            )
            for subnet in sorted(resources["subnets"], key=lambda subnet: subnet["cidr_block"])
        ],
        "internet_gateways": [network_item(gateway) for gateway in resources["internet_gateways"]],
        "nat_gateways": [
            network_item(gateway, public_ips=public_addresses(gateway)) for gateway in resources["nat_gateways"]
        ],
        "security_groups": [network_item(group) for group in resources["security_groups"]],
    }


def network_item(resource: Resource, **details: Any) -> Report:
    """Return what every part of the network is reported with, and its own details."""
    return {"id": resource["id"], "name": resource["name"], "state": resource.get("state", ""), **details}


def public_addresses(gateway: Resource) -> list[str]:
    """Return the public addresses of a NAT gateway; one that is being made has none yet."""
    addresses = gateway.get("nat_gateway_addresses", [])
    return [address["public_ip"] for address in addresses if address.get("public_ip")]


def tier_reports(instances: Iterable[Resource]) -> list[Report]:
    """Return the VMs by tier, in the order of the tiers; a tier without a VM is left out."""
    by_tier: dict[str, list[Report]] = {label: [] for label in (*TIERS.values(), OTHER_TIER)}
    for instance in sorted(instances, key=by_index):
        by_tier[TIERS.get(instance["tags"].get("Component", ""), OTHER_TIER)].append(vm_report(instance))
    return [{"name": label, "vms": vms} for label, vms in by_tier.items() if vms]


def by_index(instance: Resource) -> tuple[int, str]:
    """Return what VMs of a tier are ordered by: their index, then their name."""
    index = instance["tags"].get("Index", "")
    return (int(index) if index.isdecimal() else 0, instance["name"])


def vm_report(instance: Resource) -> Report:
    """Return one VM; a stopped one has no public address."""
    return {
        "name": instance["name"],
        "id": instance["id"],
        "state": instance["state"],
        "private_ip": instance.get("private_ip_address", ""),
        "public_ip": instance.get("public_ip_address", ""),
        "type": instance["instance_type"],
        "ami": instance["image_id"],
    }


def scaling_report(group: Resource) -> Report:
    """Return one scaling group: its sizes, how many of its VMs serve, and which an older template launched."""
    members = group.get("instances", [])
    template = group.get("launch_template") or {}
    version = str(template.get("version", ""))
    # Another version than the group's number; a group that takes the latest or the default does not tell a number
    old = [
        member["instance_id"]
        for member in members
        if version.isdecimal() and launched_by(member) != launched_by(group) and not is_leaving(member)
    ]
    return {
        "name": group["auto_scaling_group_name"],
        "state": group.get("state", ""),
        "sizes": {
            "min": group["min_size"],
            "desired": group["desired_capacity"],
            "max": group["max_size"],
        },
        "running": sum(
            member["lifecycle_state"] == "InService" and member["health_status"] == "Healthy" for member in members
        ),
        "template": template.get("launch_template_name", ""),
        "version": version,
        "old": sorted(old),
    }


def zookeeper_report(instances: Iterable[Resource], answers: list[Mapping[str, Any]]) -> Report:
    """Return the ensemble as the first VM that could be asked sees it, with a line for every VM of the tier."""
    vms = [vm for vm in sorted(instances, key=by_index) if vm["tags"].get("Component") == ZOOKEEPER_COMPONENT]
    views = [answer for answer in answers if answer["servers"]]
    seen = {server["name"]: server for answer in views[:1] for server in answer["servers"]}
    problems = {answer["name"]: answer["problem"] for answer in answers if answer["problem"]}
    return {
        "asked": bool(views),
        "quorum": bool(views) and views[0]["quorum"],
        "leader": views[0]["leader"] if views else "",
        "servers": [server_report(vm, seen.get(vm["name"], {}), problems.get(vm["name"], "")) for vm in vms],
        "znodes": znode_report(answers),
    }


def server_report(vm: Resource, server: Mapping[str, Any], problem: str) -> Report:
    """Return one ZooKeeper server: what it says of itself, or why nothing is known of it."""
    if vm["state"] != "running":
        mode, note = "down", f"the VM is {vm['state']}"
    else:
        mode, note = server.get("state", "unreachable"), problem or server.get("detail", "")
    return {
        "name": vm["name"],
        "address": vm.get("private_ip_address", ""),
        "mode": mode,
        "version": server.get("version", ""),
        "zxid": server.get("zxid", ""),
        "connections": server.get("connections", 0),
        "znodes": server.get("znodes", 0),
        "note": one_line(note),
    }


def znode_report(answers: Iterable[Mapping[str, Any]]) -> Report:
    """Return how many of the deployments' znodes there are, as the server that compared them tells."""
    compared = [answer for answer in answers if answer["wanted"]]
    if not compared:
        return {"known": False, "wanted": 0, "found": 0, "roots": 0, "missing": []}
    wanted, missing, roots = compared[0]["wanted"], compared[0]["missing"], compared[0]["roots"]
    return {
        "known": True,
        "wanted": wanted,
        "found": wanted - len(missing),
        "roots": roots - sum(path.count("/") == 1 for path in missing),
        "missing": missing,
    }


def ndb_report(instances: Iterable[Resource], answers: list[Mapping[str, Any]]) -> Report:
    """Return NDB's nodes as the first VM that could be asked sees them, and the schema as a SQL node tells."""
    views = [answer for answer in answers if answer["nodes"]]
    seen = {node["id"]: node for answer in views[:1] for node in answer["nodes"]}
    # Only a SQL node tells memory: take it from whichever answer has it
    memory = {node["id"]: node for answer in views for node in answer["nodes"] if node.get("data_memory_bytes")}
    problems = {answer["name"]: answer["problem"] for answer in answers if answer["problem"]}
    nodes = [
        ndb_node_report(vm, kind, node_id, seen, memory.get(node_id, {}), problems, bool(views))
        for vm, kind, node_id in ndb_nodes_of(instances)
    ]
    groups: dict[str, list[str]] = {}
    for node in nodes:
        if node["kind"] == DATANODE and node["node_group"] != "":
            groups.setdefault(node["node_group"], []).append(node["name"])
    schemas = [answer["schema"] for answer in answers if answer["schema"]]
    return {
        "asked": bool(views),
        "nodes": nodes,
        "node_groups": groups,
        "schema": {"known": True, **schemas[0]} if schemas else {"known": False},
    }


def ndb_nodes_of(instances: Iterable[Resource]) -> list[tuple[Resource, str, int]]:
    """Return each node that the VMs are for: its VM, its kind, its id. Without SQL VMs the managers have SQL nodes."""
    kinds = {component: kind for kind, component in NDB_COMPONENTS.items()}
    vms = [
        (vm, kinds[vm["tags"]["Component"]], int(vm["tags"]["Index"]))
        for vm in instances
        if vm["tags"].get("Component") in kinds and vm["tags"].get("Index", "").isdecimal()
    ]
    if not any(kind == SQL for _vm, kind, _index in vms):
        vms += [(vm, SQL, index) for vm, kind, index in vms if kind == MGMD]
    nodes = [(vm, kind, FIRST_ID[kind] + index) for vm, kind, index in vms]
    return sorted(nodes, key=lambda node: node[2])


def ndb_node_report(
    vm: Resource,
    kind: str,
    node_id: int,
    seen: Mapping[int, Mapping[str, Any]],
    memory: Mapping[str, Any],
    problems: Mapping[str, str],
    asked: bool,
) -> Report:
    """Return one node: what the cluster says of it, or why nothing is known."""
    node = seen.get(node_id, {})
    note = problems.get(vm["name"], "")
    if vm["state"] != "running":
        state, note = "down", f"the VM is {vm['state']}"
    elif not asked:
        state = "unreachable"
    else:
        state = node.get("state", "unknown to the cluster")
    group = node.get("node_group")
    return {
        "name": vm["name"],
        "address": vm.get("private_ip_address", ""),
        "id": node_id,
        "kind": kind,
        "state": state,
        "node_group": "" if group is None else str(group),
        "version": node.get("version", ""),
        "data_memory_bytes": memory.get("data_memory_bytes", 0),
        "data_memory_used_bytes": memory.get("data_memory_used_bytes", 0),
        "note": one_line(note),
    }


def openwhisk_report(answer: Mapping[str, Any]) -> Report:
    """Return the release, where its API is, and the registered NameNode deployments."""
    release = answer.get("release") or {}
    deployments = answer.get("deployments") or []
    return {
        "release": {key: str(release.get(key, "")) for key in ("name", "namespace", "revision", "status", "chart")},
        "api_host": answer.get("api_host", ""),
        "wanted": answer.get("wanted", 0),
        "deployments": [
            {key: deployment[key] for key in ("name", "version", "kind", "memory", "concurrency")}
            for deployment in deployments
        ],
        "note": one_line(answer.get("problem", "")),
    }


def eks_report(resources: Resources) -> Report:
    """Return the EKS clusters, each with its node groups and add-ons."""
    return {"clusters": [eks_cluster_report(cluster, resources) for cluster in resources.get("eks_clusters", [])]}


def eks_cluster_report(cluster: Resource, resources: Resources) -> Report:
    """Return one EKS cluster as AWS tells of it."""

    def own(kind: str) -> list[Resource]:
        return [item for item in resources.get(kind, []) if item["cluster_name"] == cluster["name"]]

    return {
        "name": cluster["name"],
        "state": cluster["state"],
        "version": cluster["version"],
        "endpoint": cluster.get("endpoint", ""),
        "node_groups": [
            {
                "name": group["nodegroup_name"],
                "state": group["state"],
                "version": group["version"],
                "sizes": {key: group["scaling_config"][f"{key}_size"] for key in ("min", "desired", "max")},
                "types": group.get("instance_types") or [],
                "note": issues_of(group),
            }
            for group in own("eks_nodegroups")
        ],
        "addons": [
            {
                "name": addon["addon_name"],
                "state": addon["state"],
                "version": addon["addon_version"],
                "note": issues_of(addon),
            }
            for addon in own("eks_addons")
        ],
    }


def issues_of(item: Resource) -> str:
    """Return what EKS says is wrong with a node group or an add-on."""
    return one_line("; ".join(issue.get("message", "") for issue in item.get("health", {}).get("issues", [])))


def one_line(text: str) -> str:
    """Return a text with its line breaks and runs of spaces made single spaces."""
    return " ".join(text.split())
