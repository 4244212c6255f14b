# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_memory import memory_by_node, with_memory


class Answers:
    """An SQL node that answers every statement with these rows."""

    def __init__(self, *rows: Sequence[Any]) -> None:
        self.rows = rows

    def query(self, sql: str, values: Sequence[Any] | None = None) -> Sequence[Sequence[Any]]:
        return self.rows


def test_memory_and_uptime_come_as_numbers() -> None:
    found = memory_by_node(Answers((3, Decimal(7), Decimal(5), Decimal(80)), (4, 1, None, None)))
    assert found == {
        3: {"uptime_s": 7, "data_memory_used_bytes": 5, "data_memory_bytes": 80},
        4: {"uptime_s": 1, "data_memory_used_bytes": 0, "data_memory_bytes": 0},
    }


def test_nodes_without_an_answer_have_null() -> None:
    memory = {3: {"uptime_s": 7, "data_memory_used_bytes": 5, "data_memory_bytes": 80}}
    one, other = with_memory([{"id": 3}, {"id": 145}], memory)
    assert one == {"id": 3, **memory[3]}
    assert other == {"id": 145, "uptime_s": None, "data_memory_used_bytes": None, "data_memory_bytes": None}
