from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_parameters import (
    GIB,
    KIB,
    MIB,
    PARAMETERS,
    InvalidParameter,
    as_text,
    data_node_parameters,
    free_memory,
    number_of,
    restart_of,
    schema_limits,
    size_text,
    sized,
    strongest,
)

SMALL = {
    "DataMemory": "80M",
    "SharedGlobalMemory": "24M",
    "TransactionMemory": "24M",
    "TotalSendBufferMemory": "4M",
    "DiskPageBufferMemory": "4M",
    "RedoBuffer": "1M",
    "LongMessageBuffer": "2M",
    "NoOfFragmentLogParts": 4,
    "AutomaticThreadConfig": False,
    "MaxNoOfExecutionThreads": 2,
}


@pytest.mark.parametrize(
    ("value", "number"),
    [("8G", 8 * GIB), ("512k", 512 * KIB), (7, 7), (True, 1), ("N", 0), ("8GB", None), ("", None), ("-1", None)],
)
def test_values_are_read_as_ndb_reads_them(value: object, number: int | None) -> None:
    assert number_of(value) == number


@pytest.mark.parametrize(("number", "text"), [(8 * GIB, "8G"), (1536 * MIB, "1536M"), (5 * KIB, "5K"), (1001, "1001")])
def test_sizes_get_the_largest_unit(number: int, text: str) -> None:
    assert size_text(number) == text
    assert number_of(text) == number


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("DataMemory", "8GB", "DataMemory is '8GB', expected 1M to 16384G with the unit K, M or G"),
        ("DataMemory", "1K", "DataMemory is 1K, expected 1M to"),
        ("TimeBetweenEpochs", 40000, "TimeBetweenEpochs is 40000, expected 0 to 32000 milliseconds"),
        ("AutomaticThreadConfig", "maybe", "expected true or false"),
        ("MaxNoOfConcurrentScans", 501, "expected 2 to 500"),
        ("BackupDataDir", "/a\n[ndbd]", "BackupDataDir has a line break"),
    ],
)
def test_values_out_of_range_are_refused(name: str, value: object, said: str) -> None:
    with pytest.raises(InvalidParameter, match=said):
        as_text(name, value)


def test_a_parameter_that_is_not_in_the_table_is_passed_on() -> None:
    assert as_text("StringMemory", 25) == "25"
    assert restart_of("StringMemory") == "node"


def test_the_strongest_restart_counts() -> None:
    assert strongest([]) == "none"
    assert strongest(["node", "initial", "system"]) == "initial"


@pytest.mark.parametrize("deployments", [1, 20, 200, 1000])
def test_limits_have_room_for_the_schema(deployments: int) -> None:
    room = max(deployments, 200)
    limits = schema_limits(deployments)
    assert limits["MaxNoOfTables"] >= 77 + 2 * room + 9
    assert limits["MaxNoOfOrderedIndexes"] >= 102 + 3 * room + 9
    assert limits["MaxNoOfUniqueHashIndexes"] >= 13
    assert limits["MaxNoOfAttributes"] >= 692 + 21 * room + 9


def test_growing_to_200_deployments_changes_no_limit() -> None:
    assert schema_limits(20) == schema_limits(200) != schema_limits(201)


def test_more_deployments_than_ndb_holds_are_refused() -> None:
    with pytest.raises(InvalidParameter, match="expected at most 20320"):
        schema_limits(5000)


@pytest.mark.parametrize(("memory_mb", "cpus"), [(1400, 1), (4096, 2), (16384, 4), (126_000, 16), (1_500_000, 96)])
def test_sized_parameters_are_allowed_and_fit(memory_mb: int, cpus: int) -> None:
    values, needed = data_node_parameters({}, memory_mb, cpus, 20)
    for name, value in values.items():
        assert as_text(name, value) == value
    assert needed <= free_memory(memory_mb)
    assert (number_of(values["DataMemory"]) or 0) > memory_mb * MIB // 4


def test_a_few_mebibytes_change_no_parameter() -> None:
    assert sized(126_000, 16, 20) == sized(126_900, 16, 20)
    assert data_node_parameters({}, 126_000, 16, 20)[0] == data_node_parameters({}, 126_900, 16, 20)[0]


def test_given_values_win_and_empty_ones_are_sized() -> None:
    values, _needed = data_node_parameters({"DataMemory": "8G", "RedoBuffer": "", "StringMemory": 30}, 126_000, 16, 20)
    assert values["DataMemory"] == "8G"
    assert values["RedoBuffer"] == "64M"
    assert values["StringMemory"] == "30"


def test_threads_follow_the_cpus() -> None:
    assert data_node_parameters({}, 16384, 8, 20)[0]["NumCPUs"] == "8"
    two = data_node_parameters({}, 16384, 2, 20)[0]
    assert (two["AutomaticThreadConfig"], two["MaxNoOfExecutionThreads"]) == ("0", "2")
    by_hand = data_node_parameters({"AutomaticThreadConfig": False}, 16384, 8, 20)[0]
    assert by_hand["MaxNoOfExecutionThreads"] == "8"
    assert "NumCPUs" not in by_hand


def test_transaction_memory_takes_the_place_of_index_operations() -> None:
    given = {"MaxNoOfConcurrentIndexOperations": 30000}
    assert "MaxNoOfConcurrentIndexOperations" in data_node_parameters(given, 16384, 4, 20)[0]
    values = data_node_parameters({**given, "TransactionMemory": "24M"}, 16384, 4, 20)[0]
    assert "MaxNoOfConcurrentIndexOperations" not in values


def test_memory_is_reckoned_as_it_was_measured() -> None:
    """A data node with these parameters had 451 MB resident."""
    _values, needed = data_node_parameters(SMALL, 16384, 2, 20)
    assert 430 * MIB < needed < 500 * MIB


@pytest.mark.parametrize(
    ("given", "memory_mb", "said"),
    [
        ({"DataMemory": "12G"}, 8192, "expected at most 7680 MiB, which its VM of 8192 MiB leaves"),
        ({"SharedGlobalMemory": "900M"}, 1024, "take a larger VM, or set smaller buffers"),
        ({"NodeGroup": 1, "HostName": "x"}, 8192, "HostName, NodeGroup given, expected none of these"),
    ],
)
def test_what_does_not_fit_is_refused(given: dict[str, Any], memory_mb: int, said: str) -> None:
    with pytest.raises(InvalidParameter, match=said):
        data_node_parameters(given, memory_mb, 2, 20)


def test_without_a_vm_nothing_is_sized() -> None:
    values, _needed = data_node_parameters({}, 0, 0, 20)
    assert set(values) == set(schema_limits(20))


def test_every_range_is_one() -> None:
    assert [name for name, known in PARAMETERS.items() if known.low > known.high] == []
