from __future__ import annotations

from typing import Any

import pytest

from lab.kubernetes import scheduling
from lab.kubernetes.quantities import number


def node(name: str, labels: dict[str, str] | None = None, taints: list[dict[str, str]] | None = None) -> dict[str, Any]:
    return {
        "metadata": {"name": name, "labels": {"kubernetes.io/hostname": name, **(labels or {})}},
        "spec": {"taints": taints or []},
        "status": {"allocatable": {"cpu": "4", "memory": "32Gi", "pods": "110"}},
    }


def pod(name: str = "p", on: str = "", labels: dict[str, str] | None = None, **spec: Any) -> dict[str, Any]:
    spec = {"containers": [{"name": "c", "image": "i"}], **spec}
    if on:
        spec["nodeName"] = on
    return {"metadata": {"name": name, "namespace": "n", "labels": labels or {}}, "spec": spec, "status": {}}


def required(key: str, operator: str, *values: str) -> dict[str, Any]:
    term = {"matchExpressions": [{"key": key, "operator": operator, "values": list(values)}]}
    return {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [term]}}}


@pytest.mark.parametrize(
    ("affinity", "chosen"),
    [
        (required("role", "In", "invoker"), "b"),
        (required("role", "NotIn", "invoker"), "a"),
        (required("role", "Exists"), "b"),
        (required("role", "DoesNotExist"), "a"),
        (required("role", "In", "core"), ""),
        (required("size", "Gt", "5"), "b"),
        (required("size", "Lt", "5"), ""),
        (required("role", "Unheard"), ""),
    ],
)
def test_required_affinity_decides(affinity: dict[str, Any], chosen: str) -> None:
    nodes = [node("a"), node("b", {"role": "invoker", "size": "7"})]
    assert scheduling.choose(pod(affinity=affinity), nodes, []).node == chosen


def test_no_terms_match_nothing_and_any_term_suffices() -> None:
    terms: list[dict[str, Any]] = [{}]
    affinity = {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": terms}}}
    assert not scheduling.selects(pod(affinity=affinity), node("a"))
    fields = {"matchFields": [{"key": "metadata.name", "operator": "In", "values": ["a"]}]}
    terms.append(fields)
    assert scheduling.selects(pod(affinity=affinity), node("a"))
    assert not scheduling.selects(pod(affinity=affinity), node("b"))


def test_node_selector_needs_every_label() -> None:
    nodes = [node("a", {"x": "1"}), node("b", {"x": "1", "y": "2"})]
    assert scheduling.choose(pod(nodeSelector={"x": "1", "y": "2"}), nodes, []).node == "b"


@pytest.mark.parametrize(
    ("toleration", "may"),
    [
        ({"key": "k", "operator": "Equal", "value": "v", "effect": "NoSchedule"}, True),
        ({"key": "k", "value": "v"}, True),
        ({"key": "k", "operator": "Exists"}, True),
        ({"operator": "Exists"}, True),
        ({"key": "k", "value": "w"}, False),
        ({"key": "k", "value": "v", "effect": "NoExecute"}, False),
        ({"key": "j", "operator": "Exists"}, False),
    ],
)
def test_taints_keep_away_what_does_not_tolerate_them(toleration: dict[str, str], may: bool) -> None:
    tainted = node("a", taints=[{"key": "k", "value": "v", "effect": "NoSchedule"}])
    assert (scheduling.untolerated(pod(tolerations=[toleration]), tainted) is None) is may


def test_a_preference_keeps_nobody_away() -> None:
    assert scheduling.choose(pod(), [node("a", taints=[{"key": "k", "effect": "PreferNoSchedule"}])], []).node == "a"


def test_room_is_counted() -> None:
    resources = {"requests": {"cpu": "3", "memory": "1Gi"}}
    asks: dict[str, Any] = {"containers": [{"name": "c", "image": "i", "resources": resources}]}
    first = pod("first", on="a", **asks)
    assert scheduling.choose(pod(**asks), [node("a")], [first]).reason == "0/1 nodes are available: 1 Insufficient cpu."
    ended = {**first, "status": {"phase": "Succeeded"}}
    assert scheduling.choose(pod(**asks), [node("a")], [ended]).node == "a"


def test_pods_are_spread() -> None:
    assert scheduling.choose(pod(), [node("a"), node("b")], [pod("one", on="a")]).node == "b"


def test_required_anti_affinity_keeps_pods_apart() -> None:
    term = {"topologyKey": "kubernetes.io/hostname", "labelSelector": {"matchLabels": {"app": "x"}}}
    anti = {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [term]}}
    nodes, here = [node("a"), node("b")], pod("one", on="a", labels={"app": "x"})
    assert scheduling.choose(pod(affinity=anti), nodes, [here]).node == "b"
    both = [here, pod("two", on="b", labels={"app": "x"})]
    refused = scheduling.choose(pod(affinity=anti), nodes, both)
    assert refused.reason == "0/2 nodes are available: 2 node(s) didn't match pod anti-affinity rules."


def test_a_volume_holds_its_pod_in_its_zone() -> None:
    nodes = [node("a", {"topology.kubernetes.io/zone": "z1"}), node("b", {"topology.kubernetes.io/zone": "z2"})]
    assert scheduling.choose(pod(), nodes, [], "z2").node == "b"
    assert "volume node affinity conflict" in scheduling.choose(pod(), nodes, [], "z3").reason


def test_without_nodes_the_reason_says_so() -> None:
    assert scheduling.choose(pod(), [], []).reason == "0/0 nodes are available."


@pytest.mark.parametrize(
    ("quantity", "value"), [("500m", 0.5), ("2Gi", 2.0**31), ("3", 3.0), (4, 4.0), ("1k", 1000.0), ("1.5", 1.5)]
)
def test_quantities(quantity: str | int, value: float) -> None:
    assert number(quantity) == value
