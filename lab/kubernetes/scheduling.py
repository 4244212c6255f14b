"""On which node a pod may run, as the scheduler decides it: pure functions on Kubernetes objects."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from lab.kubernetes.api import Thing
from lab.kubernetes.quantities import number

RESOURCES = ("cpu", "memory")
ENDED = ("Succeeded", "Failed")


@dataclass(frozen=True)
class Decision:
    """The node that was chosen, or an empty text and the reason why none was."""

    node: str
    reason: str = ""


def choose(pod: Thing, nodes: list[Thing], pods: list[Thing], zone: str = "") -> Decision:
    """Choose the node with the fewest pods among those on which the pod may run.

    Args:
        pods: all pods; those with a node count for room and anti-affinity.
        zone: the only zone in which the pod's volumes can be had, or an empty text for any.
    """
    refusals: Counter[str] = Counter()
    fitting = []
    by_node: dict[str, list[Thing]] = {}
    for other in pods:
        if other.get("status", {}).get("phase") not in ENDED and other["spec"].get("nodeName"):
            by_node.setdefault(other["spec"]["nodeName"], []).append(other)
    for node in nodes:
        refusal = _refusal(pod, node, nodes, by_node, zone)
        if refusal:
            refusals[refusal] += 1
        else:
            fitting.append(node["metadata"]["name"])
    if fitting:
        return Decision(min(fitting, key=lambda name: (len(by_node.get(name, [])), name)))
    reasons = ", ".join(f"{count} {reason}" for reason, count in sorted(refusals.items()))
    return Decision("", f"0/{len(nodes)} nodes are available{': ' if reasons else ''}{reasons}.")


def _refusal(pod: Thing, node: Thing, nodes: list[Thing], by_node: dict[str, list[Thing]], zone: str) -> str:
    """Why the pod may not run on the node, in the scheduler's words, or an empty text."""
    if node["spec"].get("unschedulable") and not _is_daemon(pod):
        return "node(s) were unschedulable"
    if not selects(pod, node):
        return "node(s) didn't match Pod's node affinity/selector"
    taint = untolerated(pod, node)
    if taint:
        return f"node(s) had taint {{{taint['key']}: {taint.get('value', '')}}}, that the pod didn't tolerate"
    if zone and node["metadata"].get("labels", {}).get("topology.kubernetes.io/zone") != zone:
        return "node(s) had volume node affinity conflict"
    here = by_node.get(node["metadata"]["name"], [])
    if lacking := lacks(pod, node, here):
        return f"Insufficient {lacking}"
    if _is_repelled(pod, node, nodes, by_node):
        return "node(s) didn't match pod anti-affinity rules"
    return ""


def selects(pod: Thing, node: Thing) -> bool:
    """Whether node selector and required node affinity of the pod match the node."""
    labels = node["metadata"].get("labels") or {}
    spec = pod["spec"]
    if any(labels.get(key) != value for key, value in (spec.get("nodeSelector") or {}).items()):
        return False
    affinity = (spec.get("affinity") or {}).get("nodeAffinity") or {}
    terms = (affinity.get("requiredDuringSchedulingIgnoredDuringExecution") or {}).get("nodeSelectorTerms")
    if terms is None:
        return True
    fields = {"metadata.name": node["metadata"]["name"]}
    return any(
        (term.get("matchExpressions") or term.get("matchFields"))
        and all(_matches(labels, expression) for expression in term.get("matchExpressions") or [])
        and all(_matches(fields, expression) for expression in term.get("matchFields") or [])
        for term in terms
    )


def untolerated(pod: Thing, node: Thing) -> Thing | None:
    """A taint of the node that keeps the pod away, or None."""
    tolerations = pod["spec"].get("tolerations") or []
    for taint in node["spec"].get("taints") or []:
        if taint["effect"] != "PreferNoSchedule" and not any(_tolerates(entry, taint) for entry in tolerations):
            found: Thing = taint
            return found
    return None


def lacks(pod: Thing, node: Thing, here: Iterable[Thing]) -> str:
    """The resource of which the node has too little left for the pod, or an empty text.

    Args:
        here: the pods that are on the node.
    """
    others = list(here)
    allocatable = node["status"].get("allocatable") or {}
    if len(others) >= number(allocatable.get("pods", 0)):
        return "pods"
    for resource in RESOURCES:
        used = sum(requested(other, resource) for other in others)
        if used + requested(pod, resource) > number(allocatable.get(resource, 0)):
            return resource
    return ""


def requested(pod: Thing, resource: str) -> float:
    """How much of a resource (cores or bytes) the pod asks for."""

    def of(containers: list[Thing]) -> list[float]:
        asked = [(container.get("resources") or {}).get("requests") or {} for container in containers]
        return [number(requests.get(resource, 0)) for requests in asked]

    spec = pod["spec"]
    return max([sum(of(spec.get("containers") or [])), *of(spec.get("initContainers") or [])])


def _is_repelled(pod: Thing, node: Thing, nodes: list[Thing], by_node: dict[str, list[Thing]]) -> bool:
    """Whether required anti-affinity of the pod keeps it from the node's part of the topology."""
    anti = (pod["spec"].get("affinity") or {}).get("podAntiAffinity") or {}
    for term in anti.get("requiredDuringSchedulingIgnoredDuringExecution") or []:
        key = term["topologyKey"]
        place = (node["metadata"].get("labels") or {}).get(key)
        near = [other for other in nodes if place and (other["metadata"].get("labels") or {}).get(key) == place]
        namespaces = term.get("namespaces") or [pod["metadata"]["namespace"]]
        for other_node in near:
            for other in by_node.get(other_node["metadata"]["name"], []):
                labels = other["metadata"].get("labels") or {}
                if other["metadata"]["namespace"] in namespaces and label_selector_matches(
                    term.get("labelSelector") or {}, labels
                ):
                    return True
    return False


def label_selector_matches(selector: Thing, labels: dict[str, str]) -> bool:
    """Whether a label selector matches labels."""
    return all(labels.get(key) == value for key, value in (selector.get("matchLabels") or {}).items()) and all(
        _matches(labels, expression) for expression in selector.get("matchExpressions") or []
    )


def _matches(labels: dict[str, str], expression: Thing) -> bool:
    value, values = labels.get(expression["key"]), expression.get("values") or []
    match expression["operator"]:
        case "In":
            return value in values
        case "NotIn":
            return value not in values
        case "Exists":
            return value is not None
        case "DoesNotExist":
            return value is None
        case "Gt":
            return value is not None and value.isdigit() and int(value) > int(values[0])
        case "Lt":
            return value is not None and value.isdigit() and int(value) < int(values[0])
        case _:
            return False


def _tolerates(toleration: Thing, taint: Thing) -> bool:
    if toleration.get("effect") and toleration["effect"] != taint["effect"]:
        return False
    if toleration.get("key") and toleration["key"] != taint["key"]:
        return False
    if toleration.get("operator") == "Exists":
        return True
    return bool(toleration.get("key")) and toleration.get("value", "") == taint.get("value", "")


def _is_daemon(pod: Thing) -> bool:
    return any(owner.get("kind") == "DaemonSet" for owner in pod["metadata"].get("ownerReferences") or [])
