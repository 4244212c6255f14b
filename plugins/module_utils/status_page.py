# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A status report as a page of plain text. A further part of the page is one more row of SECTIONS."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

Report = Mapping[str, Any]
INDENT = "  "
MISSING_SHOWN = 5
MIB = 1024 * 1024
NDB_KINDS = {"mgmd": "management server", "datanode": "data node", "sql": "SQL node"}
NDB_GOOD = {"mgmd": {"started", "connected"}, "datanode": {"started"}, "sql": {"started", "connected"}}


def status_page(report: Report) -> str:
    """Return the page: lines separated by line breaks, no line break at the end."""
    title = f"Cluster {report['cluster']} in {report['region']}"
    if not report["deployed"]:
        return f"{title}: nothing is deployed"
    sections = [section(report) for section in SECTIONS]
    return "\n".join([title, *(line for section in sections if section for line in ["", *section])])


def network_section(report: Report) -> list[str]:
    """Return the network's lines."""
    network = report["network"]
    rows = [
        *[
            ("VPC", vpc["id"], vpc["name"], "existing, not the cluster's" if vpc["existing"] else vpc["cidr"])
            for vpc in network["vpcs"]
        ],
        *[
            (
                "subnet",
                net["id"],
                net["name"],
                f"{net['cidr']} {net['zone']} {'public' if net['public'] else 'private'}",
            )
            for net in network["subnets"]
        ],
        *[("internet gateway", gateway["id"], gateway["name"], "") for gateway in network["internet_gateways"]],
        *[
            ("NAT gateway", gateway["id"], gateway["name"], " ".join([gateway["state"], *gateway["public_ips"]]))
            for gateway in network["nat_gateways"]
        ],
        *[("security group", group["id"], group["name"], "") for group in network["security_groups"]],
    ]
    return ["Network" if rows else "Network: none", *table(rows)]


def vm_section(report: Report) -> list[str]:
    """Return the lines of the VMs, tier by tier."""
    if not report["tiers"]:
        return ["VMs: none"]
    header = ("VM", "state", "private", "public", "type", "AMI", "id")
    keys = ("name", "state", "private_ip", "public_ip", "type", "ami", "id")
    rows = [tuple(vm[key] for key in keys) for tier in report["tiers"] for vm in tier["vms"]]
    counts = "; ".join(f"{tier['name']} {count_states(tier['vms'])}" for tier in report["tiers"])
    return [f"VMs: {counts}", *table([header, *rows])]


def count_states(vms: Iterable[Report]) -> str:
    """Say how many VMs are in which state."""
    return ", ".join(f"{number} {state}" for state, number in Counter(vm["state"] for vm in vms).items())


def scaling_section(report: Report) -> list[str]:
    """Return one line for each scaling group; none without any."""
    if not report["scaling_groups"]:
        return []
    header = ("group", "desired", "min", "max", "running", "template", "old template", "note")
    rows = [
        (
            group["name"],
            *(str(group["sizes"][key]) for key in ("desired", "min", "max")),
            str(group["running"]),
            f"{group['template']} version {group['version']}" if group["template"] else "",
            ", ".join(group["old"]),
            group["state"],
        )
        for group in report["scaling_groups"]
    ]
    running = sum(group["running"] for group in report["scaling_groups"])
    wanted = sum(group["sizes"]["desired"] for group in report["scaling_groups"])
    return [f"Scaling groups: {running} of {wanted} VMs in service", *table([header, *rows])]


def zookeeper_section(report: Report) -> list[str]:
    """Return the lines of the ensemble."""
    ensemble = report["zookeeper"]
    if not ensemble["servers"]:
        return ["ZooKeeper: none"]
    number = len(ensemble["servers"])
    header = ("server", "address", "mode", "version", "zxid", "connections", "note")
    rows = [tuple(str(server[key]) for key in ("name", *header[1:])) for server in ensemble["servers"]]
    return [
        f"ZooKeeper: {number} server{'s' if number > 1 else ''}, {quorum_text(ensemble)}",
        *table([header, *rows]),
        INDENT + znode_line(ensemble["znodes"]),
    ]


def openwhisk_section(report: Report) -> list[str]:
    """Return the lines of OpenWhisk; none where it is not deployed."""
    platform = report["openwhisk"]
    release = platform["release"]
    if not release["name"]:
        return [f"OpenWhisk: {platform['note']}"] if platform["note"] else []
    rows = [
        ("release", f"{release['name']} in {release['namespace']}, revision {release['revision']} {release['status']}"),
        ("chart", release["chart"]),
        ("API", platform["api_host"]),
        ("note", platform["note"]),
    ]
    return [f"OpenWhisk: {registered_text(platform)}", *table([row for row in rows if row[1]])]


def registered_text(platform: Report) -> str:
    """Say how many NameNode deployments are registered, and in which versions."""
    deployments = platform["deployments"]
    text = f"{len(deployments)} NameNode deployments registered"
    if len(deployments) != platform["wanted"]:
        text += f", expected {platform['wanted']}"
    forms = Counter((item["memory"], item["concurrency"]) for item in deployments)
    kinds = [
        f"{number} with {memory} MB for {requests} requests at a time" for (memory, requests), number in forms.items()
    ]
    return ": ".join([text, *([", ".join(kinds)] if kinds else [])])


def quorum_text(ensemble: Report) -> str:
    """Say whether the ensemble serves and who leads it."""
    if not ensemble["asked"]:
        return "none could be asked"
    return f"quorum, leader {ensemble['leader']}" if ensemble["quorum"] else "no quorum"


def znode_line(znodes: Report) -> str:
    """Say how many of the deployments' znodes exist, and which do not."""
    if not znodes["known"]:
        return "znodes unknown: no server compared them"
    line = f"{znodes['found']} znodes below {znodes['roots']} roots"
    if not znodes["missing"]:
        return line
    shown = ", ".join(znodes["missing"][:MISSING_SHOWN])
    more = len(znodes["missing"]) - MISSING_SHOWN
    return f"{line}, expected {znodes['wanted']}; missing: {shown}{f' and {more} more' if more > 0 else ''}"


def ndb_section(report: Report) -> list[str]:
    """Return the lines of the database: its nodes, their memory, the schema."""
    ndb = report["ndb"]
    if not ndb["nodes"]:
        return ["NDB: none"]
    header = ("node", "kind", "id", "address", "state", "group", "memory", "version", "note")
    rows = [
        (
            node["name"],
            NDB_KINDS[node["kind"]],
            str(node["id"]),
            node["address"],
            node["state"],
            node["node_group"],
            memory_text(node),
            node["version"],
            node["note"],
        )
        for node in ndb["nodes"]
    ]
    schema = ndb["schema"]
    namespaces = [INDENT + namespace_line(namespace) for namespace in schema.get("file_systems", [])]
    return [f"NDB: {ndb_text(ndb)}", *table([header, *rows]), INDENT + schema_line(schema), *namespaces]


def namespace_line(namespace: Report) -> str:
    """Say whether a file system was formatted, and how many inodes it has."""
    line = f"{' and '.join(namespace['systems'])} in {namespace['database']}: "
    if namespace["unfinished"]:
        return f"{line}a format that {namespace['unfinished']} began was not seen to end"
    return line + (f"formatted, {plural(namespace['inodes'], 'inode')}" if namespace["formatted"] else "not formatted")


def ndb_text(ndb: Report) -> str:
    """Say how many nodes of each kind there are and whether all is well with them."""
    counts = Counter(node["kind"] for node in ndb["nodes"])
    numbers = [plural(counts[kind], title) for kind, title in NDB_KINDS.items() if counts[kind]]
    if ndb["node_groups"]:
        numbers[-1 if "sql" not in counts else -2] += f" in {plural(len(ndb['node_groups']), 'group')}"
    text = ", ".join(numbers)
    if not ndb["asked"]:
        return f"{text}; none could be asked"
    bad = [node for node in ndb["nodes"] if node["state"] not in NDB_GOOD[node["kind"]]]
    return f"{text}; {plural(len(bad), 'node')} not in order" if bad else f"{text}; all in order"


def plural(number: int, noun: str) -> str:
    """Say how many there are of something."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def memory_text(node: Report) -> str:
    """Say how much of a data node's memory for rows is used."""
    total = node["data_memory_bytes"]
    if not total:
        return ""
    return f"{node['data_memory_used_bytes'] // MIB} of {total // MIB} MiB"


def schema_line(schema: Report) -> str:
    """Say which schema the database has, and what is wrong with it."""
    if not schema["known"]:
        return "schema unknown: no SQL node told it"
    line = (
        f"schema of {schema['database']}: version {schema['version'] or 'none'}, {schema['tables']} tables, "
        f"{schema['deployments']} deployments"
    )
    return f"{line}; {'; '.join(schema['problems'][:MISSING_SHOWN])}" if schema["problems"] else line


def eks_section(report: Report) -> list[str]:
    """Return the lines of the EKS clusters, none without any."""
    return [line for cluster in report["eks"]["clusters"] for line in eks_lines(cluster)]


def eks_lines(cluster: Report) -> list[str]:
    """Return the lines of one EKS cluster: its node groups, then its add-ons."""
    header = ("part", "name", "state", "version", "nodes", "type", "note")
    groups = [
        (
            "node group",
            group["name"],
            group["state"],
            group["version"],
            "{desired} ({min} to {max})".format(**group["sizes"]),
            " ".join(group["types"]),
            group["note"],
        )
        for group in cluster["node_groups"]
    ]
    addons = [
        ("add-on", addon["name"], addon["state"], addon["version"], "", "", addon["note"])
        for addon in cluster["addons"]
    ]
    title = f"EKS: cluster {cluster['name']} {cluster['state']}, Kubernetes {cluster['version']}"
    return [f"{title}, {cluster['endpoint'] or 'no endpoint yet'}", *table([header, *groups, *addons])]


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return rows as lines with aligned columns, indented; an empty cell shows as a dash."""
    shown = [[cell or "-" for cell in row] for row in rows]
    widths = [max(len(cell) for cell in column) for column in zip(*shown, strict=True)]
    padded = [[cell.ljust(width) for cell, width in zip(row, widths, strict=True)] for row in shown]
    return [(INDENT + "  ".join(row)).rstrip() for row in padded]


SECTIONS: tuple[Callable[[Report], list[str]], ...] = (
    network_section,
    vm_section,
    scaling_section,
    zookeeper_section,
    ndb_section,
    eks_section,
    openwhisk_section,
)
