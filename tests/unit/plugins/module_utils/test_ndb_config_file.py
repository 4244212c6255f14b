from __future__ import annotations

from typing import Any

from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_config_file import (
    Change,
    ConfiguredNode,
    Layout,
    api_ids,
    changes,
    parse,
    render,
)

LAYOUT = Layout(
    replicas=2, mgmd_port=1186, mgmd_data_dir="/var/lib/m", datanode_data_dir="/var/lib/d", datanode_port=1187
)
NODES: list[dict[str, Any]] = [
    {"name": "m-0", "id": 1, "kind": "mgmd", "host": "10.0.0.1"},
    {"name": "d-0", "id": 3, "kind": "datanode", "host": "10.0.0.3"},
    {"name": "d-1", "id": 4, "kind": "datanode", "host": "10.0.0.4"},
    {"name": "m-0", "id": 145, "kind": "sql", "host": "10.0.0.1"},
]
PRINTED = """[SYSTEM]
ConfigGenerationNumber=1
[ndbd(DB)]
NodeId=3
HostName=10.0.0.3
DataMemory=83886080
[mysqld(API)]
NodeId=145
[TCP]
NodeId1=1
"""


def test_what_is_rendered_is_read_back() -> None:
    found = parse(render(NODES, LAYOUT, {"DataMemory": "80M"}, {4}))
    assert found[1] == ConfiguredNode(
        1, "mgmd", {"hostname": "10.0.0.1", "portnumber": "1186", "datadir": "/var/lib/m", "arbitrationrank": "1"}
    )
    assert found[3].host == "10.0.0.3"
    assert found[3].values["datamemory"] == "80M"
    assert found[3].values["serverport"] == "1187"
    assert [node_id for node_id, node in found.items() if node.is_newcomer] == [4]
    assert found[145] == ConfiguredNode(145, "api", {"hostname": "10.0.0.1"})
    assert sorted(found)[-1] == 255
    assert not set(range(5, 145)) & set(found)


def test_slots_leave_the_ids_of_data_nodes_free() -> None:
    assert api_ids(NODES, LAYOUT) == list(range(146, 256))
    few = Layout(2, 1186, "/m", "/d", 0, reserved_data_nodes=48)
    assert api_ids(NODES, few) == [*range(51, 145), *range(146, 256)]
    grown = [*NODES, {"name": "d-60", "id": 63, "kind": "datanode", "host": "10.0.0.63"}]
    assert api_ids(grown, few)[0] == 64


def test_the_printed_form_is_read_as_well() -> None:
    found = parse(PRINTED)
    assert sorted(found) == [3, 145]
    assert found[3].values == {"hostname": "10.0.0.3", "datamemory": "83886080"}


def test_equal_numbers_are_no_change() -> None:
    assert (
        changes(
            {3: parse(PRINTED)[3]},
            {3: ConfiguredNode(3, "datanode", {"hostname": "10.0.0.3", "datamemory": "80M"})},
            {},
        )
        == []
    )


def test_a_change_of_all_nodes_is_told_once_with_its_restart() -> None:
    before = parse(render(NODES, LAYOUT, {"DataMemory": "80M", "NumCPUs": "4"}))
    after = parse(render(NODES, LAYOUT, {"DataMemory": "96M", "NumCPUs": "8"}))
    names = {"datamemory": "DataMemory", "numcpus": "NumCPUs"}
    assert changes(before, after, names) == [
        Change("datanode", "DataMemory", "80M", "96M", "node", (3, 4)),
        Change("datanode", "NumCPUs", "4", "8", "initial", (3, 4)),
    ]
    assert changes(before, after, names)[0].text == "datanode 3, 4: DataMemory: 80M -> 96M"


def test_a_node_group_and_an_address_of_a_slot_need_no_restart() -> None:
    before = {3: ConfiguredNode(3, "datanode", {"nodegroup": "65536"}), 145: ConfiguredNode(145, "api", {})}
    after = {3: ConfiguredNode(3, "datanode", {}), 145: ConfiguredNode(145, "api", {"hostname": "10.0.0.9"})}
    assert {change.restart for change in changes(before, after, {})} == {"none"}


def test_nodes_that_come_and_go_are_changes() -> None:
    found = changes({3: ConfiguredNode(3, "datanode")}, {4: ConfiguredNode(4, "datanode")}, {})
    assert [(change.name, change.before, change.after, change.node_ids) for change in found] == [
        ("node", "datanode", "", (3,)),
        ("node", "", "datanode", (4,)),
    ]
