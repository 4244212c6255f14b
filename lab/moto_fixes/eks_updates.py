"""EKS updates: what is under way, and how it ended."""

from __future__ import annotations

from typing import Any

from lab.moto_fixes import eks_store
from lab.moto_fixes.eks_call import Call, page


def describe(call: Call) -> dict[str, Any]:
    """DescribeUpdate."""
    update = call.cluster.updates.get(call.params["updateId"])
    if update is None or not _belongs(update, call.params):
        raise eks_store.not_found(f"No update found for ID: {call.params['updateId']}", clusterName=call.cluster.name)
    return {"update": update.shown}


def list_ids(call: Call) -> dict[str, Any]:
    """ListUpdates."""
    return page(
        call,
        "updateIds",
        [name for name, update in call.cluster.updates.items() if _belongs(update, call.params)],
    )


def _belongs(update: eks_store.Update, params: dict[str, Any]) -> bool:
    """Whether an update is one of the resource that the call names."""
    wanted = (params.get("nodegroupName") or "", params.get("addonName") or "")
    return (update.node_group, update.addon) == wanted
