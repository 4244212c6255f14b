# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Arguments that the modules of the schema share."""

from __future__ import annotations

from typing import Any

SCRIPT_SPEC: dict[str, dict[str, Any]] = {
    "database": {"type": "str", "required": True},
    "deployments": {"type": "int", "required": True},
    "scripts": {"type": "path"},
    "files": {
        "type": "list",
        "elements": "dict",
        "default": [],
        "options": {"name": {"type": "str", "required": True}, "content": {"type": "str", "required": True}},
    },
}
