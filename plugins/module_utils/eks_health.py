# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What is wrong with a live EKS cluster, one line a problem. Nothing here talks to anybody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Answer = Mapping[str, Any]
GROUP_LABEL = "eks.amazonaws.com/nodegroup"


def eks_problems(
    nodegroups: Sequence[Answer], addons: Sequence[Answer], group_names: Iterable[str], addon_names: Iterable[str]
) -> list[str]:
    """Return a line for each node group and add-on that is missing or not active.

    Args:
        nodegroups: what eks_nodegroup_info lists.
        addons: what eks_addon_info lists.
        group_names: the node groups that there should be.
        addon_names: the add-ons that there should be.
    """
    groups = {group["nodegroup_name"]: group for group in nodegroups}
    extras = {addon["addon_name"]: addon for addon in addons}
    lines = [state_problem("node group", name, groups.get(name)) for name in group_names]
    lines += [state_problem("add-on", name, extras.get(name)) for name in addon_names]
    return [line for line in lines if line]


def state_problem(what: str, name: str, found: Answer | None) -> str:
    """Return the line for a part of a cluster that is not active, or an empty text."""
    if found is None:
        return f"{what} {name} does not exist; expected ACTIVE; run the stage eks"
    if found["status"] == "ACTIVE":
        return ""
    issues = found.get("health", {}).get("issues", [])
    words = "; ".join(f"{issue.get('code', 'unknown')}: {issue.get('message', 'no message')}" for issue in issues)
    return (
        f"{what} {name} is {found['status']} ({words or 'EKS names no cause'}); expected ACTIVE; "
        "mend the cause and run the stage eks again"
    )


def node_problems(nodes: Iterable[Answer], nodegroups: Iterable[Answer]) -> list[str]:
    """Return a line for each node group that has fewer ready nodes in Kubernetes than EKS was asked for.

    Args:
        nodes: Node objects of Kubernetes.
        nodegroups: what eks_nodegroup_info lists.
    """
    ready: Counter[str] = Counter()
    waiting: dict[str, list[str]] = {}
    for node in nodes:
        group = node["metadata"].get("labels", {}).get(GROUP_LABEL, "")
        if is_ready(node):
            ready[group] += 1
        else:
            waiting.setdefault(group, []).append(node["metadata"]["name"])
    problems = []
    for group in nodegroups:
        name, wanted = group["nodegroup_name"], group["scaling_config"]["desired_size"]
        if ready[name] < wanted:
            others = f"; not ready: {', '.join(waiting[name])}" if name in waiting else ""
            problems.append(
                f"node group {name} has {ready[name]} ready nodes{others}; expected {wanted}; "
                f"see kubectl describe nodes --selector {GROUP_LABEL}={name}"
            )
    return problems


def is_ready(node: Answer) -> bool:
    """Say whether Kubernetes takes a node for ready."""
    conditions = node.get("status", {}).get("conditions", [])
    return any(item["type"] == "Ready" and item["status"] == "True" for item in conditions)
