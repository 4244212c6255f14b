# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.lambdafs.cluster.plugins.filter.ndb_needed_memory import ndb_needed_memory


def test_more_data_memory_needs_more() -> None:
    small, large = (ndb_needed_memory({"DataMemory": size, "RedoBuffer": ""}, 20) for size in ("1G", "8G"))
    assert large - small == 7 * 1024


def test_a_value_out_of_range_is_said() -> None:
    with pytest.raises(AnsibleFilterError, match="DataMemory is '8X', expected"):
        ndb_needed_memory({"DataMemory": "8X"}, 20)
