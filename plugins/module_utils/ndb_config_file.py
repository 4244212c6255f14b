# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""NDB's configuration: written as config.ini, read from such a file or from what NDB prints, and compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_nodes import (
    DATANODE,
    FIRST_ID,
    LAST_ID,
    MAX_ID,
    MGMD,
    SQL,
    of_kind,
)
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_parameters import (
    NODE,
    NONE,
    number_of,
    restart_of,
)

API = "api"
# Keeps a data node out of the node groups until it is put into one
NO_NODE_GROUP = 65536
_KINDS = {
    "ndbd": DATANODE,
    "ndbd(db)": DATANODE,
    "ndb_mgmd": MGMD,
    "ndb_mgmd(mgm)": MGMD,
    "mysqld": API,
    "api": API,
    "mysqld(api)": API,
}
_ID_NAMES = ("nodeid", "id")
# Neither needs a restart of anything: they are read at a node's next start, or not by data nodes at all
_HARMLESS = frozenset({"nodegroup"})


@dataclass(frozen=True)
class Layout:
    """What config.ini says beside nodes and data node parameters.

    `mgmd_port` is where management servers listen, `datanode_port` where data nodes do; 0 leaves that to NDB.
    `reserved_data_nodes` is how many ids from the first data node's on no other node gets.
    """

    replicas: int
    mgmd_port: int
    mgmd_data_dir: str
    datanode_data_dir: str
    datanode_port: int
    reserved_data_nodes: int = LAST_ID[DATANODE] - FIRST_ID[DATANODE] + 1


def api_ids(nodes: Sequence[Mapping[str, Any]], layout: Layout) -> list[int]:
    """Ids of the slots for file systems and other clients: all that no node has and that are kept for none."""
    used = {node["id"] for node in nodes}
    first = FIRST_ID[DATANODE] + layout.reserved_data_nodes
    beyond = range(max(first, max(used & set(range(FIRST_ID[DATANODE], FIRST_ID[SQL])), default=0) + 1), FIRST_ID[SQL])
    last_sql = max((node["id"] for node in of_kind(nodes, SQL)), default=FIRST_ID[SQL] - 1)
    return [*beyond, *range(last_sql + 1, MAX_ID + 1)]


def render(
    nodes: Sequence[Mapping[str, Any]], layout: Layout, parameters: Mapping[str, str], newcomers: Set[int] = frozenset()
) -> str:
    """The text of config.ini.

    Args:
        nodes: nodes of the cluster as the filter ndb_nodes describes them.
        layout: everything else but the data nodes' parameters.
        parameters: data node parameters by name.
        newcomers: ids of data nodes that are to start without a node group.
    """
    lines = ["# Made by lambdafs.cluster: changes are overwritten", "[ndbd default]", f"NoOfReplicas={layout.replicas}"]
    lines += [f"DataDir={layout.datanode_data_dir}"]
    lines += [f"ServerPort={layout.datanode_port}"] if layout.datanode_port else []
    lines += [f"{name}={value}" for name, value in sorted(parameters.items())]
    for node in nodes:
        lines += ["", f"# {node['name']}", f"[{_section(node)}]", f"NodeId={node['id']}", f"HostName={node['host']}"]
        if node["kind"] == MGMD:
            lines += [f"PortNumber={layout.mgmd_port}", f"DataDir={layout.mgmd_data_dir}", "ArbitrationRank=1"]
        if node["id"] in newcomers:
            lines += [f"NodeGroup={NO_NODE_GROUP}"]
    lines += ["", "# Slots for the file systems and other clients"]
    for node_id in api_ids(nodes, layout):
        lines += ["[api]", f"NodeId={node_id}"]
    return "\n".join(lines) + "\n"


def _section(node: Mapping[str, Any]) -> str:
    return {MGMD: "ndb_mgmd", DATANODE: "ndbd", SQL: "mysqld"}[node["kind"]]


@dataclass(frozen=True)
class ConfiguredNode:
    """A node of a configuration, with its parameters by their names in small letters."""

    id: int
    kind: str
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def host(self) -> str:
        """Its address; empty for a slot that any host may use."""
        return self.values.get("hostname", "")

    @property
    def is_newcomer(self) -> bool:
        """Whether it is to start without a node group."""
        return number_of(self.values.get("nodegroup", "0")) == NO_NODE_GROUP


def sections(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The sections of a configuration in small letters, with their settings by name in small letters."""
    title = ""
    values: dict[str, str] = {}
    for line in (line.strip() for line in text.splitlines()):
        if line.startswith("["):
            yield title, values
            title, values = " ".join(line.strip("[]").lower().split()), {}
        elif line and not line.startswith("#"):
            name, _equals, value = line.partition("=")
            values[name.strip().lower()] = value.strip()
    yield title, values


def parse(text: str) -> dict[int, ConfiguredNode]:
    """The nodes of a configuration by id, each with the defaults of its kind. Sections without an id are left out."""
    defaults: dict[str, dict[str, str]] = {}
    nodes: dict[int, ConfiguredNode] = {}
    for title, values in sections(text):
        kind = _KINDS.get(title.removesuffix(" default"))
        if kind and title.endswith(" default"):
            defaults.setdefault(kind, {}).update(values)
        elif kind:
            node_id = next((int(values[name]) for name in _ID_NAMES if name in values), None)
            if node_id is not None:
                merged = {**defaults.get(kind, {}), **values}
                own = {name: value for name, value in merged.items() if name not in _ID_NAMES}
                nodes[node_id] = ConfiguredNode(node_id, kind, own)
    return nodes


def of(configuration: Mapping[int, ConfiguredNode], kind: str) -> list[ConfiguredNode]:
    """The nodes of one kind (mgmd, datanode, api), by id."""
    return [configuration[node_id] for node_id in sorted(configuration) if configuration[node_id].kind == kind]


@dataclass(frozen=True)
class Change:
    """One setting that differs, on one or several nodes. `name` is `node` where whole nodes come or go."""

    kind: str
    name: str
    before: str
    after: str
    restart: str
    node_ids: tuple[int, ...]

    @property
    def text(self) -> str:
        """The change as a line."""
        ids = ", ".join(str(node_id) for node_id in self.node_ids)
        return f"{self.kind} {ids}: {self.name}: {self.before or 'unset'} -> {self.after or 'unset'}"

    def as_result(self) -> dict[str, Any]:
        """The change as a module returns it."""
        return {
            "kind": self.kind,
            "name": self.name,
            "before": self.before,
            "after": self.after,
            "restart": self.restart,
            "node_ids": list(self.node_ids),
        }


def _same(before: str | None, after: str | None) -> bool:
    if before is None or after is None or before == after:
        return before == after
    numbers = (number_of(before), number_of(after))
    return numbers[0] is not None and numbers[0] == numbers[1]


def _restart(kind: str, name: str, names: Mapping[str, str]) -> str:
    if kind != DATANODE or name in _HARMLESS:
        return NONE
    return restart_of(names.get(name, name))


def changes(
    before: Mapping[int, ConfiguredNode], after: Mapping[int, ConfiguredNode], names: Mapping[str, str]
) -> list[Change]:
    """How two configurations differ, changes that are the same on several nodes told once.

    Args:
        before: what runs.
        after: what is wanted.
        names: parameter names as NDB writes them, by their small letters.
    """
    found: dict[tuple[str, str, str, str, str], list[int]] = {}
    for node_id in sorted({*before, *after}):
        old, new = before.get(node_id), after.get(node_id)
        if old is None or new is None or old.kind != new.kind:
            kind = (new or old or ConfiguredNode(node_id, API)).kind
            key = (kind, "node", old.kind if old else "", new.kind if new else "", NODE)
            found.setdefault(key, []).append(node_id)
            continue
        for name in sorted({*old.values, *new.values}):
            if not _same(old.values.get(name), new.values.get(name)):
                restart = _restart(new.kind, name, names)
                key = (new.kind, names.get(name, name), old.values.get(name, ""), new.values.get(name, ""), restart)
                found.setdefault(key, []).append(node_id)
    return [
        Change(kind, name, before_text, after_text, restart, tuple(ids))
        for (kind, name, before_text, after_text, restart), ids in found.items()
    ]
