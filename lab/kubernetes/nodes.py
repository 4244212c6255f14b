"""Node objects that follow the node groups: pure functions."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from lab.kubernetes.api import Thing

INSTANCE_ANNOTATION = "lab/instance-id"
APPLIED_ANNOTATION = "lab/applied"
GROUP_LABEL = "eks.amazonaws.com/nodegroup"
EFFECTS = {"NO_SCHEDULE": "NoSchedule", "NO_EXECUTE": "NoExecute", "PREFER_NO_SCHEDULE": "PreferNoSchedule"}
PODS_PER_NODE = 110
GIBIBYTES_PER_CPU = {"r": 8, "x": 16, "m": 4, "t": 4, "c": 2}
SIZES = {"medium": 1, "large": 2, "xlarge": 4}
RELEASES = {"AL2023": "Amazon Linux 2023", "AL2": "Amazon Linux 2", "BOTTLEROCKET": "Bottlerocket OS"}


@dataclass(frozen=True)
class Node:
    """A node that should be there."""

    name: str
    instance_id: str
    group: str
    address: str
    zone: str
    region: str
    instance_type: str
    capacity_type: str
    ami_type: str
    labels: tuple[tuple[str, str], ...]
    taints: tuple[tuple[str, str, str], ...]


def capacity(instance_type: str) -> tuple[int, int]:
    """VCPUs and GiB of an instance type, by the rule of its family and size."""
    family, _, size = instance_type.partition(".")
    times, _, unit = size.rpartition("xlarge")
    cpus = 4 * int(times) if unit == "" and times.isdigit() else SIZES.get(size, 2)
    return cpus, cpus * GIBIBYTES_PER_CPU.get(family[:1], 4)


def taints_of(shown: dict[str, Any]) -> tuple[tuple[str, str, str], ...]:
    """Key, value and effect of a node group's taints, in Kubernetes' spelling."""
    return tuple(
        (taint["key"], taint.get("value") or "", EFFECTS[taint["effect"]]) for taint in shown.get("taints") or []
    )


def labels_of(node: Node) -> dict[str, str]:
    """All labels of a node: those that EKS sets, and the group's own."""
    return {
        "kubernetes.io/hostname": node.name,
        "kubernetes.io/os": "linux",
        "kubernetes.io/arch": "amd64",
        "beta.kubernetes.io/os": "linux",
        "beta.kubernetes.io/arch": "amd64",
        "node.kubernetes.io/instance-type": node.instance_type,
        "beta.kubernetes.io/instance-type": node.instance_type,
        "topology.kubernetes.io/region": node.region,
        "topology.kubernetes.io/zone": node.zone,
        "failure-domain.beta.kubernetes.io/region": node.region,
        "failure-domain.beta.kubernetes.io/zone": node.zone,
        GROUP_LABEL: node.group,
        "eks.amazonaws.com/capacityType": node.capacity_type,
        "eks.amazonaws.com/nodegroup-image": f"ami-{hashlib.sha256(node.ami_type.encode()).hexdigest()[:17]}",
        **dict(node.labels),
    }


def as_object(node: Node, version: str) -> Thing:
    """The Node object of a node that joins.

    Args:
        version: the kubelet's version, such as `v1.20.2`.
    """
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {
            "name": node.name,
            "labels": labels_of(node),
            "annotations": {
                INSTANCE_ANNOTATION: node.instance_id,
                APPLIED_ANNOTATION: json.dumps(applied(node)),
            },
        },
        "spec": {
            "providerID": f"aws:///{node.zone}/{node.instance_id}",
            "taints": _taints(node),
        },
        "status": status(node, version),
    }


def status(node: Node, version: str) -> Thing:
    """The status of a node that is ready."""
    cpus, memory = capacity(node.instance_type)
    amounts = {
        "cpu": str(cpus),
        "memory": f"{memory}Gi",
        "pods": str(PODS_PER_NODE),
        "ephemeral-storage": "100Gi",
    }
    release = next((text for prefix, text in RELEASES.items() if node.ami_type.startswith(prefix)), "Linux")
    return {
        "capacity": amounts,
        "allocatable": amounts,
        "conditions": [
            {"type": "Ready", "status": "True", "reason": "KubeletReady", "message": "kubelet is posting ready status"},
            *(
                {"type": kind, "status": "False", "reason": "KubeletHasEnough", "message": "kubelet has enough"}
                for kind in ("MemoryPressure", "DiskPressure", "PIDPressure")
            ),
        ],
        "addresses": [{"type": "InternalIP", "address": node.address}, {"type": "Hostname", "address": node.name}],
        "nodeInfo": {
            "machineID": node.instance_id,
            "systemUUID": node.instance_id,
            "bootID": node.instance_id,
            "kernelVersion": "lab",
            "osImage": f"{release} (a stand-in of the lab)",
            "containerRuntimeVersion": "lab://1",
            "kubeletVersion": version,
            "kubeProxyVersion": version,
            "operatingSystem": "linux",
            "architecture": "amd64",
        },
        "daemonEndpoints": {"kubeletEndpoint": {"Port": 10250}},
    }


def change(node: Node, current: Thing) -> Thing | None:
    """The patch for a Node object whose group changed its labels or taints, or None.

    Labels and taints that somebody else set on the node stay: only what the group says otherwise than before changes.
    """
    metadata = current["metadata"]
    before: Thing = json.loads((metadata.get("annotations") or {}).get(APPLIED_ANNOTATION) or "{}")
    wanted = applied(node)
    if before == wanted:
        return None
    labels: dict[str, str | None] = dict.fromkeys(before.get("labels") or {})
    labels.update(wanted["labels"])
    old, new = before.get("taints") or [], wanted["taints"]
    gone = {(taint["key"], taint["effect"]) for taint in [*old, *new]}
    kept = [taint for taint in current["spec"].get("taints") or [] if (taint["key"], taint["effect"]) not in gone]
    return {
        "metadata": {"labels": labels, "annotations": {APPLIED_ANNOTATION: json.dumps(wanted)}},
        "spec": {"taints": [*kept, *new]},
    }


def applied(node: Node) -> Thing:
    """What of a node comes from its group and may change."""
    return {"labels": dict(node.labels), "taints": _taints(node)}


def _taints(node: Node) -> list[dict[str, str]]:
    return [{"key": key, "effect": effect, **({"value": value} if value else {})} for key, value, effect in node.taints]
