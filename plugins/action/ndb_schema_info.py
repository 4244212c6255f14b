# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Controller side of M(lambdafs.cluster.ndb_schema_info): the same as that of M(lambdafs.cluster.ndb_schema)."""

from __future__ import annotations

from ansible_collections.lambdafs.cluster.plugins.action.ndb_schema import ActionModule

__all__ = ["ActionModule"]
