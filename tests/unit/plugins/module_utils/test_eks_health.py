from __future__ import annotations

from typing import Any

from ansible_collections.lambdafs.cluster.plugins.module_utils.eks_health import eks_problems, node_problems

GROUP = {"nodegroup_name": "core-nodes", "status": "ACTIVE", "scaling_config": {"desired_size": 2}}


def node(name: str, ready: str, group: str = "core-nodes") -> dict[str, Any]:
    return {
        "metadata": {"name": name, "labels": {"eks.amazonaws.com/nodegroup": group}},
        "status": {"conditions": [{"type": "MemoryPressure", "status": "False"}, {"type": "Ready", "status": ready}]},
    }


def test_what_is_active_is_no_problem() -> None:
    addon = {"addon_name": "coredns", "status": "ACTIVE"}
    assert eks_problems([GROUP], [addon], ["core-nodes"], ["coredns"]) == []


def test_what_is_missing_or_unwell_is_a_line_each() -> None:
    issue = {"code": "AccessDenied", "message": "no role"}
    addon = {"addon_name": "coredns", "status": "DEGRADED", "health": {"issues": [issue]}}
    assert eks_problems([], [addon], ["core-nodes"], ["coredns"]) == [
        "node group core-nodes does not exist; expected ACTIVE; run the stage eks",
        "add-on coredns is DEGRADED (AccessDenied: no role); expected ACTIVE; "
        "mend the cause and run the stage eks again",
    ]


def test_enough_ready_nodes_are_no_problem() -> None:
    assert node_problems([node("a", "True"), node("b", "True"), node("c", "Unknown")], [GROUP]) == []


def test_too_few_ready_nodes_are_named() -> None:
    (line,) = node_problems([node("a", "True"), node("b", "False"), node("c", "True", "others")], [GROUP])
    assert line.startswith("node group core-nodes has 1 ready nodes; not ready: b; expected 2; see kubectl describe")
