# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What ndbinfo tells of data nodes beyond the management server's view: memory for rows, and uptime."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

# ndbinfo.memoryusage gives bytes; numbers may come as Decimal
STATEMENT = (
    "SELECT nodes.node_id, nodes.uptime, memory.used, memory.total FROM ndbinfo.nodes nodes"
    " LEFT JOIN ndbinfo.memoryusage memory"
    " ON memory.node_id = nodes.node_id AND memory.memory_type = 'Data memory'"
)
KEYS = ("uptime_s", "data_memory_used_bytes", "data_memory_bytes")


class Server(Protocol):
    """What is needed of a connection to an SQL node."""

    def query(self, sql: str, values: Sequence[Any] | None = None) -> Sequence[Sequence[Any]]:
        """The rows that a statement returns."""


def memory_by_node(server: Server) -> dict[int, dict[str, int]]:
    """Uptime in seconds, used and whole `DataMemory` in bytes, by id of the data node; 0 where it is not told.

    Raises:
        SqlError: the SQL node does not answer.
    """
    return {
        int(row[0]): {key: int(value or 0) for key, value in zip(KEYS, row[1:], strict=True)}
        for row in server.query(STATEMENT)
    }


def with_memory(nodes: Iterable[Mapping[str, Any]], memory: Mapping[int, Mapping[str, int]]) -> list[dict[str, Any]]:
    """The nodes with the keys of `memory_by_node`, which are null for a node that it does not hold."""
    return [{**node, **dict.fromkeys(KEYS), **memory.get(node["id"], {})} for node in nodes]
