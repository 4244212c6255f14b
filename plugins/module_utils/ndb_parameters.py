# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Data node parameters: units, ranges, the restart that a change needs, and values that fit a VM.

Ranges and restart classes are those of storage/ndb/src/common/mgmcommon/ConfigInfo.cpp (flags CI_RESTART_SYSTEM and
CI_RESTART_INITIAL), which the chapter "Defining NDB Cluster Data Nodes" of the MySQL reference manual repeats.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

NONE, NODE, SYSTEM, INITIAL = "none", "node", "system", "initial"
# From the mildest to the one that erases data
RESTARTS = (NONE, NODE, SYSTEM, INITIAL)

KIB, MIB, GIB = 1 << 10, 1 << 20, 1 << 30
_UNITS = {"": 1, "K": KIB, "M": MIB, "G": GIB}
_SIZE = re.compile(r"(\d+)([KMG]?)", re.IGNORECASE)
_UINT32 = 0xFFFFFEFF
# NDB's pool of tables, ordered and unique indexes (NDB_MAX_TABLES in storage/ndb/include/kernel/ndb_limits.h)
MAX_SCHEMA_OBJECTS = 20320


class InvalidParameter(ValueError):
    """A value that the parameter does not take; the message is one sentence."""


@dataclass(frozen=True)
class Parameter:
    """A data node parameter.

    `unit` is bytes, ms, number, bool or text; `low` and `high` are in that unit; `restart` is what a change needs:
    a rolling restart of the nodes, a restart of the whole system, or an initial restart, which erases the nodes.
    """

    unit: str
    low: int = 0
    high: int = _UINT32
    restart: str = NODE


PARAMETERS: dict[str, Parameter] = {
    # Memory
    "DataMemory": Parameter("bytes", MIB, 16384 * GIB),
    "SharedGlobalMemory": Parameter("bytes", 0, 65536 * GIB),
    "TransactionMemory": Parameter("bytes", 0, 16384 * GIB),
    "RedoBuffer": Parameter("bytes", MIB),
    "DiskPageBufferMemory": Parameter("bytes", 4 * MIB, 16384 * GIB),
    "LongMessageBuffer": Parameter("bytes", 512 * KIB),
    "TotalSendBufferMemory": Parameter("bytes", 256 * KIB),
    "LockPagesInMainMemory": Parameter("number", 0, 2),
    # Threads
    "NumCPUs": Parameter("number", 0, 1024, INITIAL),
    "AutomaticThreadConfig": Parameter("bool", 0, 1, INITIAL),
    "MaxNoOfExecutionThreads": Parameter("number", 2, 72, INITIAL),
    "ThreadConfig": Parameter("text", restart=INITIAL),
    # Redo log
    "NoOfFragmentLogParts": Parameter("number", 4, 32, INITIAL),
    "NoOfFragmentLogFiles": Parameter("number", 3, restart=INITIAL),
    "FragmentLogFileSize": Parameter("bytes", 4 * MIB, GIB, INITIAL),
    # Schema objects
    "MaxNoOfTables": Parameter("number", 8, MAX_SCHEMA_OBJECTS),
    "MaxNoOfOrderedIndexes": Parameter("number"),
    "MaxNoOfUniqueHashIndexes": Parameter("number"),
    "MaxNoOfAttributes": Parameter("number", 32),
    "MaxNoOfTriggers": Parameter("number"),
    # Transactions
    "MaxNoOfConcurrentTransactions": Parameter("number", 32),
    "MaxNoOfConcurrentScans": Parameter("number", 2, 500),
    "MaxNoOfConcurrentOperations": Parameter("number", 32),
    "MaxNoOfConcurrentIndexOperations": Parameter("number"),
    # Times
    "TimeBetweenEpochs": Parameter("ms", 0, 32000),
    "TimeBetweenGlobalCheckpoints": Parameter("ms", 20, 32000),
    "HeartbeatIntervalDbDb": Parameter("ms", 10),
    "HeartbeatIntervalDbApi": Parameter("ms", 100),
    "ArbitrationTimeout": Parameter("ms", 10),
    "TransactionDeadlockDetectionTimeout": Parameter("ms", 50),
    "TransactionInactiveTimeout": Parameter("ms"),
    # The cluster's shape; the role sets these itself
    "NoOfReplicas": Parameter("number", 1, 4, INITIAL),
    "HostName": Parameter("text", restart=SYSTEM),
    "ServerPort": Parameter("number", 1, 65535, SYSTEM),
    "DataDir": Parameter("text", restart=INITIAL),
    "FileSystemPath": Parameter("text", restart=INITIAL),
    "BackupDataDir": Parameter("text", restart=INITIAL),
    "Diskless": Parameter("bool", 0, 1, INITIAL),
    "InitialTablespace": Parameter("text", restart=INITIAL),
    "InitialLogFileGroup": Parameter("text", restart=INITIAL),
}
# Follow from inventory and role, so that no extra parameter may name them
OWN = frozenset({"NodeId", "Id", "NodeGroup", "NoOfReplicas", "HostName", "ServerPort", "DataDir"})
# NDB refuses these beside TransactionMemory
_INSTEAD_OF_TRANSACTION_MEMORY = ("MaxNoOfConcurrentIndexOperations",)

# NDB 9.7 with two threads uses 309 MB beyond its configured buffers; each further thread has its own job buffers
_BASE_MEMORY = 320 * MIB
_THREAD_MEMORY = 24 * MIB
# The reference manual's figure for an operation record
_OPERATION_MEMORY = KIB
# What the rest of the VM needs: at least this, and this part of its memory
_SYSTEM_MEMORY = 256 * MIB
_SYSTEM_PART = 16
_AUTOMATIC_CPUS = 4


def restart_of(name: str) -> str:
    """The restart that a change of a data node parameter needs; one that is not in the table needs a node's."""
    return PARAMETERS[name].restart if name in PARAMETERS else NODE


def strongest(restarts: list[str]) -> str:
    """The strongest of several restarts; `none` of none."""
    return max(restarts, key=RESTARTS.index, default=NONE)


def number_of(value: object) -> int | None:
    """A number, size or yes/no as NDB reads it; None for other text."""
    if isinstance(value, bool):
        return int(value)
    text = str(value).strip()
    found = _SIZE.fullmatch(text)
    if found:
        return int(found[1]) * _UNITS[found[2].upper()]
    return {"true": 1, "yes": 1, "y": 1, "false": 0, "no": 0, "n": 0}.get(text.lower())


def size_text(number: int) -> str:
    """A number of bytes in the largest unit that it is a multiple of."""
    for unit, factor in (("G", GIB), ("M", MIB), ("K", KIB)):
        if number and number % factor == 0:
            return f"{number // factor}{unit}"
    return str(number)


def as_text(name: str, value: object) -> str:
    """A parameter's value as config.ini gets it.

    Raises:
        InvalidParameter: the value is not of the parameter's unit, or beyond its range.
    """
    known = PARAMETERS.get(name)
    text = str(int(value)) if isinstance(value, bool) else str(value).strip()
    if "\n" in text:
        raise InvalidParameter(f"{name} has a line break, expected a value of one line")
    if known is None or known.unit == "text":
        return text
    number = number_of(value)
    if number is None:
        raise InvalidParameter(f"{name} is '{text}', expected {_range(known)}")
    if not known.low <= number <= known.high:
        raise InvalidParameter(f"{name} is {text}, expected {_range(known)}")
    return size_text(number) if known.unit == "bytes" else str(number)


def _range(known: Parameter) -> str:
    if known.unit == "bool":
        return "true or false"
    show = size_text if known.unit == "bytes" else str
    unit = {"bytes": " with the unit K, M or G", "ms": " milliseconds"}.get(known.unit, "")
    return f"{show(known.low)} to {show(known.high)}{unit}"


def schema_limits(deployments: int) -> dict[str, int]:
    """Limits of schema objects with room for `deployments` and never fewer than 200, so that growing needs no restart.

    A schema of N deployments was counted to hold 77+2N tables, 102+3N ordered and 4 unique indexes and 692+21N
    attributes, and NDB to need 9 more of each. The floors are NDB's own defaults. An ordered index has one trigger,
    a unique one three, and moving a table to new nodes takes one more.

    Raises:
        InvalidParameter: NDB does not hold that many.
    """
    room = max(deployments, 200)
    spare = 9
    tables, ordered, unique = 77 + 2 * room + spare, 102 + 3 * room + spare, 4 + spare
    limits = {
        "MaxNoOfTables": max(tables, 128),
        "MaxNoOfOrderedIndexes": max(ordered, 128),
        "MaxNoOfUniqueHashIndexes": max(unique, 64),
        "MaxNoOfAttributes": max(692 + 21 * room + spare, 1000),
        "MaxNoOfTriggers": max(ordered + 3 * unique + tables, 768),
    }
    objects = limits["MaxNoOfTables"] + limits["MaxNoOfOrderedIndexes"] + limits["MaxNoOfUniqueHashIndexes"]
    if objects > MAX_SCHEMA_OBJECTS:
        raise InvalidParameter(
            f"{deployments} deployments need {objects} tables and indexes, expected at most {MAX_SCHEMA_OBJECTS}:"
            " lower the number of deployments"
        )
    return limits


def clamp(number: int, low: int, high: int) -> int:
    """The number, but at least `low` and at most `high`."""
    return max(low, min(number, high))


def steady(memory_mb: int) -> int:
    """The memory less up to an eighth, so that a few MiB more or less, as kernels differ, change no parameter."""
    step = 1 << max(memory_mb.bit_length() - 4, 0)
    return memory_mb // step * step


def sized(memory_mb: int, cpus: int, deployments: int) -> dict[str, int]:
    """Values that fit a data node's VM.

    Args:
        memory_mb: the VM's memory in MiB.
        cpus: its CPUs.
        deployments: number of NameNode deployments.
    """
    memory_mb = steady(memory_mb)
    memory = memory_mb * MIB
    values = {
        "SharedGlobalMemory": _in_mib(clamp(memory // 16, 24 * MIB, 512 * MIB)),
        "RedoBuffer": _in_mib(clamp(memory // 256, MIB, 64 * MIB)),
        "DiskPageBufferMemory": _in_mib(clamp(memory // 32, 4 * MIB, 4 * GIB)),
        "LongMessageBuffer": _in_mib(clamp(memory // 256, 2 * MIB, 64 * MIB)),
        "TotalSendBufferMemory": _in_mib(clamp(memory // 64, 4 * MIB, 512 * MIB)),
        "MaxNoOfConcurrentOperations": clamp(8 * memory_mb, 32768, 1_000_000),
        **schema_limits(deployments),
    }
    if cpus >= _AUTOMATIC_CPUS:
        values |= {"AutomaticThreadConfig": 1, "NumCPUs": min(cpus, 1024)}
    else:
        values |= {"AutomaticThreadConfig": 0, "MaxNoOfExecutionThreads": max(cpus, 2)}
    return values


def _in_mib(number: int) -> int:
    return number // MIB * MIB


def threads(values: Mapping[str, int]) -> int:
    """The execution threads of a data node with these parameters."""
    if values.get("AutomaticThreadConfig"):
        return max(values.get("NumCPUs", 0), 2)
    return values.get("MaxNoOfExecutionThreads", 2)


def fixed_memory(values: Mapping[str, int]) -> int:
    """Bytes that a data node needs beside DataMemory, reckoned from its parameters.

    The redo buffer exists once a log part. Operation records count where TransactionMemory does not hold them.
    """
    defaults = {"SharedGlobalMemory": 128 * MIB, "DiskPageBufferMemory": 64 * MIB, "LongMessageBuffer": 64 * MIB}
    buffers = sum(values.get(name, default) for name, default in defaults.items())
    redo = values.get("RedoBuffer", 32 * MIB) * values.get("NoOfFragmentLogParts", 4)
    operations = (
        values.get("TransactionMemory", 0) or values.get("MaxNoOfConcurrentOperations", 32768) * _OPERATION_MEMORY
    )
    return (
        buffers
        + redo
        + operations
        + values.get("TotalSendBufferMemory", 0)
        + _BASE_MEMORY
        + (threads(values) - 2) * _THREAD_MEMORY
    )


def free_memory(memory_mb: int) -> int:
    """Bytes of a VM that its data node may use."""
    memory = memory_mb * MIB
    return max(memory - max(memory // _SYSTEM_PART, _SYSTEM_MEMORY), 0)


def data_node_parameters(
    given: Mapping[str, Any], memory_mb: int, cpus: int, deployments: int
) -> tuple[dict[str, str], int]:
    """All parameters of a data node: those that are given, the others as they fit the VM.

    DataMemory becomes three quarters of what the other parameters leave free.

    Args:
        given: values by name as the user set them; an empty text leaves the value to this function.
        memory_mb: MiB of the smallest data node's VM; 0 where it is not known, then nothing is sized.
        cpus: its CPUs.
        deployments: number of NameNode deployments.

    Returns:
        The values as config.ini gets them, and the bytes of memory that such a data node needs.

    Raises:
        InvalidParameter: a value is out of range, belongs to the role, or does not fit the VM.
    """
    own = sorted(OWN & set(given))
    if own:
        raise InvalidParameter(
            f"{', '.join(own)} given, expected none of these: they follow from the inventory and the role"
        )
    chosen = {name: as_text(name, value) for name, value in given.items() if value not in (None, "")}
    defaults = sized(memory_mb, cpus, deployments) if memory_mb else schema_limits(deployments)
    if "TransactionMemory" in chosen:
        chosen = {name: value for name, value in chosen.items() if name not in _INSTEAD_OF_TRANSACTION_MEMORY}
        defaults.pop("MaxNoOfConcurrentOperations", None)
    if "AutomaticThreadConfig" in chosen and number_of(chosen["AutomaticThreadConfig"]) == 0:
        defaults = {"MaxNoOfExecutionThreads": max(cpus, 2), **defaults}
        defaults.pop("NumCPUs", None)
    values = {**{name: as_text(name, value) for name, value in defaults.items()}, **chosen}
    numbers = {name: number for name, value in values.items() if (number := number_of(value)) is not None}
    needed = fixed_memory(numbers)
    if memory_mb and "DataMemory" not in values:
        left = free_memory(steady(memory_mb)) - needed
        data_memory = max(left * 3 // 4 // (8 * MIB) * 8 * MIB, 0)
        if data_memory < 16 * MIB:
            raise InvalidParameter(
                f"a data node needs {needed // MIB} MiB beside DataMemory and its VM has {memory_mb} MiB,"
                " expected 16 MiB more at least: take a larger VM, or set smaller buffers"
            )
        numbers["DataMemory"] = data_memory
        values["DataMemory"] = size_text(data_memory)
    needed += numbers.get("DataMemory", 98 * MIB)
    if memory_mb and needed > free_memory(memory_mb):
        raise InvalidParameter(
            f"a data node needs {needed // MIB} MiB with DataMemory={values['DataMemory']},"
            f" expected at most {free_memory(memory_mb) // MIB} MiB, which its VM of {memory_mb} MiB leaves for it:"
            " lower the memory parameters, or take a larger VM"
        )
    return dict(sorted(values.items())), needed
