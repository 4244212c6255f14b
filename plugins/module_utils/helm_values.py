# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Values of a Helm release: merging them, and finding some in others."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

Values = Mapping[str, Any]

OWN_KEY = "lambdafsChart"
"""Name of the value that holds the digest of the chart a revision was made from; charts take no notice of it."""


def merged(*layers: Values) -> dict[str, Any]:
    """Layers merged as Helm merges values files: maps key by key, everything else as a whole, later ones win."""
    result: dict[str, Any] = {}
    for layer in layers:
        for key, value in layer.items():
            present = result.get(key)
            if isinstance(present, dict) and isinstance(value, Mapping):
                result[key] = merged(present, value)
            else:
                result[key] = merged(value) if isinstance(value, Mapping) else deepcopy(value)
    return result


def contains(values: Values, part: Values) -> bool:
    """Whether every leaf of a part has the same value in the whole; an empty part is in none."""
    return bool(part) and merged(values, part) == merged(values)
