# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Client of NDB's management server, which speaks lines of text over TCP.

A request is a command, its arguments as `name: value`, and an empty line; the answer has the same form. Commands and
answers are those of storage/ndb/src/mgmsrv/Services.cpp. This file needs Python's standard library only and imports
nothing of Ansible, so that it serves as a library on a VM as well.

No command here ever asks for an initial start, which would erase a data node.
"""

from __future__ import annotations

import base64
import socket
import struct
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

DEFAULT_PORT = 1186
KINDS = {"NDB": "datanode", "MGM": "mgmd", "API": "api"}
# What the server says of a node that it has no contact with
ABSENT = ("NO_CONTACT", "UNKNOWN")
# storage/ndb/include/mgmapi/mgmapi_config_parameters.h and storage/ndb/include/util/ConfigSection.hpp
_SYSTEM_SECTIONS, _NODE_SECTIONS = 1000, 2000
_GENERATION_KEY, _NODE_ID_KEY, _HOST_KEY, _NODE_GROUP_KEY, _PORT_KEY, _TYPE_KEY = 2, 3, 5, 185, 300, 999
_PARENT_KEY = 0x3FFE
_MGM_KEYS = (_HOST_KEY, _PORT_KEY)
_DATA_NODE, _API_NODE, _MGM_NODE = 0, 1, 2
_MAGIC = b"NDBCONFV"
_INT, _STRING, _SECTION, _INT64 = 1, 2, 3, 4
_NO_GROUP = 65536


class ManagementError(Exception):
    """The management server refused a command; the message holds its own words."""


@dataclass(frozen=True)
class Address:
    """Where a management server listens."""

    host: str
    port: int = DEFAULT_PORT

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


@dataclass(frozen=True)
class Node:
    """One node as a management server sees it.

    `kind` is datanode, mgmd or api; `state` is the server's word in small letters, for example started, starting,
    not_started, no_contact or connected; `start_phase` is 0 once a data node has started; `node_group` is None where
    a data node has none, and for other nodes; `host` is empty for a node that is not connected.
    """

    id: int
    kind: str
    state: str
    host: str = ""
    start_phase: int = 0
    node_group: int | None = None
    version: str = ""
    connect_count: int = 0

    @property
    def started(self) -> bool:
        """Whether it is a data node that takes part in the cluster."""
        return self.kind == "datanode" and self.state == "started"

    @property
    def connected(self) -> bool:
        """Whether the management server or the data nodes are in contact with it."""
        return self.state.upper() not in ABSENT


@dataclass(frozen=True)
class View:
    """What one management server said: its nodes, or why it said nothing."""

    address: Address
    detail: str = ""
    node_id: int | None = None
    generation: int | None = None
    nodes: tuple[Node, ...] = field(default_factory=tuple)

    @property
    def answers(self) -> bool:
        """Whether the server answered."""
        return not self.detail


def parse_connectstring(text: str) -> list[Address]:
    """The addresses of `host:port,host:port`; the port is 1186 where none is given.

    Raises:
        ValueError: a part has no host, or a port that is no number.
    """
    addresses: list[Address] = []
    for part in filter(None, (part.strip() for part in text.replace(";", ",").split(","))):
        if part.lower().startswith("nodeid="):
            continue
        host, colon, port = part.rpartition(":")
        if colon and not (host and port.isdigit()):
            raise ValueError(f"'{part}' found, expected HOST or HOST:PORT")
        addresses.append(Address(host, int(port)) if colon else Address(part))
    if not addresses:
        raise ValueError("no management server found, expected HOST:PORT, several with commas")
    return addresses


def version_text(number: int) -> str:
    """A version as NDB packs it into a number, for example 8.0.26; empty for 0."""
    return f"{number >> 16 & 0xFF}.{number >> 8 & 0xFF}.{number & 0xFF}" if number else ""


def parse_status(lines: Sequence[str]) -> tuple[Node, ...]:
    """The nodes of the answer to `get status`, by id."""
    fields: dict[int, dict[str, str]] = {}
    for line in lines:
        name, _colon, value = line.partition(":")
        parts = name.split(".", 2)
        if len(parts) == 3 and parts[0] == "node" and parts[1].isdigit():
            fields.setdefault(int(parts[1]), {})[parts[2]] = value.strip()
    return tuple(_node(node_id, fields[node_id]) for node_id in sorted(fields))


def _node(node_id: int, values: Mapping[str, str]) -> Node:
    kind = KINDS.get(values.get("type", ""), values.get("type", ""))
    state = values.get("status", "UNKNOWN")
    group = int(values.get("node_group", 0))
    grouped = kind == "datanode" and state not in ABSENT and 0 <= group < _NO_GROUP
    return Node(
        id=node_id,
        kind=kind,
        state=state.lower().replace(" ", "_"),
        host=values.get("address", ""),
        start_phase=int(values.get("startphase", 0)),
        node_group=group if grouped else None,
        version=version_text(int(values.get("version", 0))),
        connect_count=int(values.get("connect_count", 0)),
    )


@dataclass(frozen=True)
class Entry:
    """One entry of a packed configuration: its type, its section, its key, and its value, a text or a number."""

    kind: int
    section: int
    key: int
    value: int | str

    @property
    def target(self) -> int | None:
        """The section that the value points to."""
        return self.value >> 14 & 0x3FFF if isinstance(self.value, int) else None


def parse_packed(packed: bytes) -> Iterator[Entry]:
    """The entries of a packed configuration, version 1.

    Raises:
        ValueError: it is no such configuration.
    """
    if not packed.startswith(_MAGIC):
        raise ValueError(f"a configuration that begins with {packed[:8]!r} found, expected {_MAGIC!r}")
    position, end = len(_MAGIC), len(packed) - 4
    while end - position > 4:
        word, number = struct.unpack_from(">II", packed, position)
        kind, value = word >> 28, number
        position += 8
        if kind == _STRING:
            value = packed[position : position + number - 1].decode("utf-8", "replace")
            position += number + (4 - number % 4)
        elif kind == _INT64:
            value = number << 32 | int(struct.unpack_from(">I", packed, position)[0])
            position += 4
        elif kind not in (_INT, _SECTION):
            raise ValueError(f"an entry of type {kind} found in the configuration, expected 1 to 4")
        yield Entry(kind, word >> 14 & 0x3FFF, word & 0x3FFF, value)


@dataclass(frozen=True)
class PackedConfiguration:
    """What a packed configuration says: its generation, and each node's values by their numbers."""

    generation: int
    nodes: Mapping[int, Mapping[int, int | str]]

    @property
    def newcomers(self) -> list[int]:
        """Ids of the data nodes that are to start without a node group."""
        return [node_id for node_id, values in self.nodes.items() if values.get(_NODE_GROUP_KEY) == _NO_GROUP]


def unpack(packed: bytes) -> PackedConfiguration:
    """Read a packed configuration.

    Raises:
        ValueError: it is no such configuration, or has no generation.
    """
    entries = list(parse_packed(packed))

    def values_of(kind: int) -> list[dict[int, int | str]]:
        pointers = {entry.target for entry in entries if entry.kind == _SECTION and entry.key == kind}
        targets = [entry.target for entry in entries if entry.section in pointers and entry.kind == _INT]
        found: dict[int | None, dict[int, int | str]] = {target: {} for target in targets}
        for entry in entries:
            if entry.section in found and entry.key != _PARENT_KEY:
                found[entry.section][entry.key] = entry.value
        return list(found.values())

    generations = [values[_GENERATION_KEY] for values in values_of(_SYSTEM_SECTIONS) if _GENERATION_KEY in values]
    if not generations:
        raise ValueError("no generation found in the configuration")
    nodes = values_of(_NODE_SECTIONS)
    return PackedConfiguration(int(generations[0]), {int(values[_NODE_ID_KEY]): values for values in nodes})


def needs_restart(running: PackedConfiguration, current: PackedConfiguration) -> bool:
    """Whether a data node that runs with one configuration has to be restarted to apply another.

    It has to where nodes came or went, where a management server moved, and where a data node's parameter differs; the
    node group of the file is read at a first start only, and clients' addresses matter to the management server alone.
    """
    relevant = {_DATA_NODE: None, _MGM_NODE: _MGM_KEYS, _API_NODE: ()}

    def essence(configuration: PackedConfiguration) -> dict[int, tuple[object, dict[int, int | str]]]:
        found: dict[int, tuple[object, dict[int, int | str]]] = {}
        for node_id, values in configuration.nodes.items():
            kind = values.get(_TYPE_KEY)
            keys = relevant.get(kind if isinstance(kind, int) else _API_NODE)
            wanted = set(values) - {_NODE_GROUP_KEY} if keys is None else set(values) & set(keys)
            found[node_id] = (kind, {key: values[key] for key in wanted})
        return found

    return essence(running) != essence(current)


class Management:
    """A connection to one management server; use it in a `with` statement.

    Args:
        address: where the server listens.
        timeout: seconds for the connection, and for each answer.

    Every method raises `OSError` when the server cannot be reached or does not answer in time, and `ManagementError`
    with the server's words when it refuses.
    """

    def __init__(self, address: Address, timeout: float = 5.0) -> None:
        self._address = address
        self._timeout = timeout

    def __enter__(self) -> Management:
        self._socket = socket.create_connection((self._address.host, self._address.port), timeout=self._timeout)
        self._reader = self._socket.makefile("r", encoding="utf-8", errors="replace", newline="\n")
        return self

    def __exit__(self, *_error: object) -> None:
        self._reader.close()
        self._socket.close()

    def ask(self, command: str, arguments: Mapping[str, object] | None = None) -> list[str]:
        """Send a command; returns the lines of the answer, less the first, which repeats the command."""
        lines = [command, *(f"{name}: {value}" for name, value in (arguments or {}).items()), "", ""]
        self._socket.sendall("\n".join(lines).encode())
        first = self._line(command)
        answer = list(iter(lambda: self._line(command), ""))
        if first.startswith(("result:", "Authorization")):
            raise ManagementError(f"{self._address} answers {command}: {' '.join([first, *answer]).strip()}")
        return answer

    def do(self, command: str, arguments: Mapping[str, object] | None = None) -> dict[str, str]:
        """Send a command that answers with a result; returns the other fields of the answer."""
        pairs = (line.partition(":") for line in self.ask(command, arguments))
        fields = {name.strip(): value.strip() for name, _colon, value in pairs}
        result = fields.pop("result", "no result")
        if result != "Ok":
            raise ManagementError(f"{self._address} refuses {command}: {result}")
        return fields

    def _line(self, command: str) -> str:
        line = self._reader.readline()
        if not line:
            raise ConnectionError(f"{self._address} closed the connection before it answered {command}")
        return line.rstrip("\n")

    def status(self) -> tuple[Node, ...]:
        """All nodes of the configuration, by id."""
        return parse_status(self.ask("get status"))

    def own_id(self) -> int:
        """The node id of the server itself."""
        return int(self.ask("get mgmd nodeid")[0].partition(":")[2])

    def show_config(self, section: str | None = None, node_id: int | None = None, name: str | None = None) -> str:
        """The running configuration with all its defaults, in the form of `ndb_mgmd --print-full-config`."""
        wanted = {"Section": section, "NodeId": node_id, "Name": name}
        lines = self.ask("show config", {key: value for key, value in wanted.items() if value is not None})
        return "".join(f"{line}\n" for line in lines)

    def generation(self) -> int:
        """The generation of the running configuration; each reload that changes something adds one."""
        return int(self.show_config("SYSTEM", name="ConfigGenerationNumber").strip().rpartition("=")[2])

    def configuration(self, node_id: int | None = None) -> PackedConfiguration:
        """The running configuration, or the one that a data node was started with, as it says itself."""
        fields = self.do("get config", {"version": 0, **({} if node_id is None else {"from_node": node_id})})
        # It follows in base64, broken into lines that the length counts, and ends with a line break
        return unpack(base64.b64decode(self._reader.read(int(fields["Content-Length"]) + 1)))

    def reload_config(self, path: str | None = None) -> None:
        """Take over the configuration file, on all management servers; the server's own file where none is named."""
        self.do("reload config", {"config_filename": path} if path else None)

    def create_node_group(self, node_ids: Sequence[int]) -> int:
        """Make a node group of started data nodes that have none; returns its number."""
        return int(self.do("create nodegroup", {"nodes": _ids(node_ids)})["ng"])

    def stop_nodes(self, node_ids: Sequence[int], *, abort: bool = False, force: bool = False) -> int:
        """Stop nodes; returns how many. Refused where that would stop the cluster.

        Args:
            node_ids: the nodes.
            abort: kill them instead of waiting for their transactions.
            force: where the cluster cannot go on without them, stop all data nodes, with a checkpoint.
        """
        answer = self.do("stop v2", {"node": _ids(node_ids), "abort": int(abort), "force": int(force)})
        return int(answer["stopped"])

    def stop_data_nodes(self) -> int:
        """Stop all data nodes after a checkpoint, so that nothing is lost; returns how many."""
        return int(self.do("stop all", {"abort": 0, "stop": "db"})["stopped"])

    def restart_nodes(self, node_ids: Sequence[int], *, no_start: bool = False) -> int:
        """Restart nodes; returns how many. With `no_start` they wait to be started."""
        arguments = {"node": _ids(node_ids), "initialstart": 0, "nostart": int(no_start), "abort": 0, "force": 0}
        return int(self.do("restart node v2", arguments)["restarted"])

    def restart_data_nodes(self, *, no_start: bool = False) -> int:
        """Restart all data nodes after a checkpoint; returns how many. With `no_start` they wait to be started."""
        arguments = {"initialstart": 0, "nostart": int(no_start), "abort": 0}
        return int(self.do("restart all", arguments)["restarted"])

    def start_node(self, node_id: int) -> None:
        """Start a data node whose process waits to be started."""
        self.do("start", {"node": node_id})


def _ids(node_ids: Sequence[int]) -> str:
    return " ".join(str(node_id) for node_id in node_ids)


def look(address: Address, timeout: float) -> View:
    """What a server says of its nodes and of its configuration; failures become the view's detail."""
    try:
        with Management(address, timeout) as server:
            return View(address, "", server.own_id(), server.generation(), server.status())
    except (OSError, ManagementError, ValueError, IndexError) as error:
        return View(address, str(error) or type(error).__name__)


def look_at_all(addresses: Sequence[Address], timeout: float) -> list[View]:
    """The views of all servers, asked at the same time, in the order of the addresses."""
    with ThreadPoolExecutor(max_workers=len(addresses)) as pool:
        return list(pool.map(lambda address: look(address, timeout), addresses))


def best(views: Sequence[View]) -> View | None:
    """The view of the server that is in contact with most nodes; None when none answers."""
    answering = [view for view in views if view.answers]
    return max(answering, key=lambda view: sum(node.connected for node in view.nodes), default=None)


def as_result(node: Node) -> dict[str, Any]:
    """A node as a module returns it."""
    return {
        "id": node.id,
        "kind": node.kind,
        "host": node.host,
        "state": node.state,
        "connected": node.connected,
        "start_phase": node.start_phase,
        "node_group": node.node_group,
        "version": node.version,
    }
