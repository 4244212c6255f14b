from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator

import pytest
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_management import (
    Address,
    Management,
    ManagementError,
    Node,
    PackedConfiguration,
    look,
    needs_restart,
    parse_connectstring,
    parse_status,
    unpack,
    version_text,
)

STATUS = """nodes: 4
node.3.type: NDB
node.3.status: STARTED
node.3.version: 591620
node.3.startphase: 0
node.3.node_group: 1
node.3.connect_count: 2
node.3.address: 10.0.0.3
node.4.type: NDB
node.4.status: NO_CONTACT
node.4.version: 0
node.4.node_group: 0
node.4.address:
node.1.type: MGM
node.1.status: CONNECTED
node.1.version: 591620
node.1.address: 10.0.0.1
node.145.type: API
node.145.status: NO_CONTACT
""".splitlines()

ANSWERS = {
    "get status": "node status\nnodes: 1\nnode.3.type: NDB\nnode.3.status: STARTING\nnode.3.startphase: 5\n\n",
    "get mgmd nodeid": "get mgmd nodeid reply\nnodeid:1\n\n",
    "show config": "show config reply\n[SYSTEM]\nConfigGenerationNumber=7\n\n",
    "reload config": "reload config reply\nresult: Could not load configuration from '/x'\n\n",
    "create nodegroup": "create nodegroup reply\nng: 1\nresult: Ok\n\n",
}


@pytest.fixture
def server() -> Iterator[Address]:
    """A management server that knows few commands, in the words of the real one."""

    def serve() -> None:
        connection, _peer = listener.accept()
        with connection, connection.makefile("r") as reader:
            while command := reader.readline().strip():
                while reader.readline().strip():
                    pass
                connection.sendall(ANSWERS.get(command, f"result: Unknown command, '{command}'\n\n").encode())

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve)
        thread.start()
        yield Address("127.0.0.1", listener.getsockname()[1])
        thread.join()


def test_nodes_are_read_from_the_status() -> None:
    assert parse_status(STATUS) == (
        Node(1, "mgmd", "connected", "10.0.0.1", version="9.7.4"),
        Node(3, "datanode", "started", "10.0.0.3", node_group=1, version="9.7.4", connect_count=2),
        Node(4, "datanode", "no_contact"),
        Node(145, "api", "no_contact"),
    )


@pytest.mark.parametrize("group", [65536, -256])
def test_a_node_group_that_is_none(group: int) -> None:
    (node,) = parse_status(["node.5.type: NDB", "node.5.status: STARTED", f"node.5.node_group: {group}"])
    assert node.started
    assert node.node_group is None


@pytest.mark.parametrize(("number", "text"), [(0, ""), (0x08001A, "8.0.26"), (591620, "9.7.4")])
def test_versions_are_unpacked(number: int, text: str) -> None:
    assert version_text(number) == text


def test_a_connectstring_names_servers() -> None:
    assert parse_connectstring("nodeid=5,10.0.0.1:1187, ndb-1") == [Address("10.0.0.1", 1187), Address("ndb-1")]


@pytest.mark.parametrize("text", ["", "host:", ":1186", "host:port"])
def test_a_wrong_connectstring_is_told(text: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        parse_connectstring(text)


def test_commands_and_their_results(server: Address) -> None:
    with Management(server, 2) as management:
        assert management.own_id() == 1
        assert management.generation() == 7
        assert management.create_node_group([5, 6]) == 1
        assert management.status()[0].start_phase == 5


def test_a_refusal_holds_the_words_of_the_server(server: Address) -> None:
    with Management(server, 2) as management:
        with pytest.raises(ManagementError, match=r"refuses reload config: Could not load configuration from '/x'"):
            management.reload_config("/x")
        with pytest.raises(ManagementError, match="Unknown command, 'start'"):
            management.start_node(3)


def test_a_server_that_does_not_answer_is_a_view_with_the_reason() -> None:
    view = look(Address("127.0.0.1", 1), 1)
    assert not view.answers
    assert "refused" in view.detail


def packed(*entries: tuple[int, int, int, int | str]) -> bytes:
    """A configuration of entries as type, section, key and value, in NDB's own form."""
    words = b""
    for kind, section, key, value in entries:
        text = value.encode() + b"\0" if isinstance(value, str) else b""
        words += struct.pack(">II", kind << 28 | section << 14 | key, len(text) if isinstance(value, str) else value)
        words += text + bytes(4 - len(text) % 4 if text else 0)
    return b"NDBCONFV" + words + bytes(4)


SYSTEM = [(3, 0, 1000, 1 << 14), (1, 1, 0, 2 << 14)]
PAIR = [(3, 0, 2000, 3 << 14), (1, 3, 0, 4 << 14), (1, 3, 1, 5 << 14), (1, 5, 999, 2), (1, 5, 3, 1), (1, 4, 999, 0)]


def configuration(
    generation: int = 1, memory: int = 80, manager: str = "10.0.0.1", group: int | None = None, node_id: int = 3
) -> PackedConfiguration:
    own: list[tuple[int, int, int, int | str]] = [(1, 2, 2, generation), (1, 4, 3, node_id), (1, 4, 112, memory)]
    own += [(2, 5, 5, manager)] + ([] if group is None else [(1, 4, 185, group)])
    return unpack(packed(*SYSTEM, *PAIR, *own))


def test_a_packed_configuration_is_read() -> None:
    found = configuration(generation=8)
    assert found.generation == 8
    assert found.nodes == {3: {3: 3, 999: 0, 112: 80}, 1: {3: 1, 999: 2, 5: "10.0.0.1"}}


@pytest.mark.parametrize("broken", [b"NDBCONF2" + bytes(16), packed((1, 4, 2, 99)), packed((9, 0, 0, 0))])
def test_a_configuration_without_generation_is_an_error(broken: bytes) -> None:
    with pytest.raises(ValueError, match=r"expected|no generation"):
        unpack(broken)


def test_a_data_node_is_restarted_for_what_it_reads_alone() -> None:
    assert not needs_restart(configuration(), configuration(generation=2))
    assert not needs_restart(configuration(group=65536), configuration())
    assert needs_restart(configuration(), configuration(memory=96))
    assert needs_restart(configuration(), configuration(manager="10.0.0.2"))
    assert needs_restart(configuration(), configuration(node_id=4))
