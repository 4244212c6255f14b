"""Stands in for scheduler and kubelets: pods get a node, become Ready, come to their end, and go."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from lab.kubernetes import nodes, pod_files, pod_status, programs, scheduling
from lab.kubernetes.api import Api, Thing, path_of
from lab.kubernetes.control_plane import ControlPlane
from lab.kubernetes.events import Events
from lab.kubernetes.pod_files import Lookup, Missing
from lab.kubernetes.pod_processes import PodProcesses
from lab.kubernetes.volumes import SELECTED_NODE, zone_of
from lab.moto_fixes import instances

_PODS = "api/v1/pods"
_NODES = "api/v1/nodes"
_CLAIMS = "api/v1/persistentvolumeclaims"


@dataclass
class Held:
    """What a pod that was started holds: its address, the subnet that gave it, and its processes."""

    address: str
    subnet: Any
    processes: PodProcesses


class Pods:
    """Looks after the pods of a cluster.

    Args:
        lock: guards moto's data.
    """

    def __init__(self, lab: str, plane: ControlPlane, api: Api, lock: threading.RLock) -> None:
        self._lab = lab
        self._plane = plane
        self._api = api
        self._lock = lock
        self._events = Events(api, "lab")
        self._held: dict[str, Held] = {}

    def round(self) -> None:
        """Look once, and do what is to do."""
        pods = self._api.list_all(path_of(_PODS))
        if not pods and not self._held:
            return
        known = self._api.list_all(path_of(_NODES))
        by_name = {node["metadata"]["name"]: node for node in known}
        for pod in pods:
            self._look_at(pod, pods, by_name)
        for uid in set(self._held) - {pod["metadata"]["uid"] for pod in pods}:
            self._let_go(uid)

    def _look_at(self, pod: Thing, pods: list[Thing], by_name: dict[str, Thing]) -> None:
        pod.setdefault("kind", "Pod")
        pod.setdefault("apiVersion", "v1")
        metadata, phase = pod["metadata"], (pod.get("status") or {}).get("phase", "Pending")
        path = path_of(_PODS, metadata["namespace"], metadata["name"])
        if metadata.get("deletionTimestamp"):
            self._let_go(metadata["uid"])
            self._api.delete(path, grace_seconds=0)
        elif phase in scheduling.ENDED:
            self._let_go(metadata["uid"])
        elif not pod["spec"].get("nodeName"):
            self._schedule(pod, pods, list(by_name.values()))
        elif pod["spec"]["nodeName"] in by_name:
            node = by_name[pod["spec"]["nodeName"]]
            if phase == "Pending" or metadata["uid"] not in self._held:
                self._start(pod, node)
            else:
                self._attend(pod, node)

    def _schedule(self, pod: Thing, pods: list[Thing], known: list[Thing]) -> None:
        metadata = pod["metadata"]
        path = path_of(_PODS, metadata["namespace"], metadata["name"])
        claims, reason = self._claims(pod)
        zones = {zone for claim in claims if (zone := self._zone(claim))}
        decision = scheduling.choose(pod, known, pods, min(zones, default=""))
        waiting = [claim for claim in claims if claim["status"].get("phase") != "Bound"]
        if not reason and decision.node and not waiting:
            self._api.request("POST", f"{path}/binding", _binding(metadata, decision.node))
            pod["spec"]["nodeName"] = decision.node
            self._events.tell(
                pod,
                "Scheduled",
                f"Successfully assigned {metadata['namespace']}/{metadata['name']} to {decision.node}",
                is_warning=False,
            )
            return
        if decision.node and not reason:
            for claim in waiting:
                self._choose_for(claim, decision.node)
            reason = f"waiting for {', '.join(claim['metadata']['name'] for claim in waiting)} to be bound"
            self._refuse(pod, path, reason, is_event=False)
        else:
            self._refuse(pod, path, reason or decision.reason, is_event=True)

    def _refuse(self, pod: Thing, path: str, reason: str, is_event: bool) -> None:
        """Say why a pod has no node."""
        if is_event:
            self._events.tell(pod, "FailedScheduling", reason)
        conditions = (pod.get("status") or {}).get("conditions") or []
        wanted = {"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": reason}
        if not any(entry.get("message") == reason for entry in conditions):
            self._api.patch(f"{path}/status", {"status": {"conditions": [wanted]}})

    def _claims(self, pod: Thing) -> tuple[list[Thing], str]:
        """The claims of a pod, and what is wrong with them or an empty text."""
        found = []
        for volume in pod["spec"].get("volumes") or []:
            if reference := volume.get("persistentVolumeClaim"):
                claim = self._api.get(path_of(_CLAIMS, pod["metadata"]["namespace"], reference["claimName"]))
                if claim is None:
                    return [], f'persistentvolumeclaim "{reference["claimName"]}" not found'
                found.append(claim)
        return found, ""

    def _zone(self, claim: Thing) -> str:
        """The zone of a claim's volume, or an empty text."""
        if claim["status"].get("phase") != "Bound":
            return ""
        volume = self._api.get(path_of("api/v1/persistentvolumes", name=claim["spec"]["volumeName"]))
        return zone_of(volume or {})

    def _choose_for(self, claim: Thing, node: str) -> None:
        """Tell the volume provisioner on which node a claim is wanted."""
        metadata = claim["metadata"]
        if (metadata.get("annotations") or {}).get(SELECTED_NODE) != node:
            self._api.patch(
                path_of(_CLAIMS, metadata["namespace"], metadata["name"]),
                {"metadata": {"annotations": {SELECTED_NODE: node}}},
            )

    def _start(self, pod: Thing, node: Thing) -> None:
        metadata = pod["metadata"]
        lookup = self._lookup(metadata["namespace"])
        held = self._held.get(metadata["uid"])
        try:
            pod_files.check(pod, lookup)
            if held is None:
                held = self._hold(pod, node)
                held.processes.start(lookup)
        except Missing as missing:
            self._events.tell(pod, "FailedMount", f"MountVolume.SetUp failed: {missing}")
            return
        self._show(pod, node, held)

    def _hold(self, pod: Thing, node: Thing) -> Held:
        metadata = pod["metadata"]
        address, subnet = self._address(pod, node)
        directory = self._plane.directory / "pods" / metadata["uid"]
        processes = PodProcesses(
            self._lab, pod, address, directory, self._plane.directory / "volumes", self._plane.environment()
        )
        self._held[metadata["uid"]] = Held(address, subnet, processes)
        return self._held[metadata["uid"]]

    def _address(self, pod: Thing, node: Thing) -> tuple[str, Any]:
        """An address for a pod, from its node's subnet as with EKS's network plug-in, and that subnet."""
        if pod["spec"].get("hostNetwork"):
            return _internal_address(node), None
        with self._lock:
            instance = instances.find(node["metadata"]["annotations"][nodes.INSTANCE_ANNOTATION])
            if instance is None:
                raise Missing(f"node {node['metadata']['name']} is gone")
            subnet = instance.nics[0].subnet
            return subnet.get_available_subnet_ip(None), subnet

    def _attend(self, pod: Thing, node: Thing) -> None:
        """Look after a pod that runs: let it come to its end where it does, else keep its status right."""
        metadata = pod["metadata"]
        failing = [container for container in pod["spec"]["containers"] if programs.fails(container)]
        if pod_status.completes(pod):
            status = pod_status.ended(pod, _now(), 1 if failing else 0)
            self._api.patch(f"{path_of(_PODS, metadata['namespace'], metadata['name'])}/status", {"status": status})
        elif self._held[metadata["uid"]].processes.runs:
            self._show(pod, node, self._held[metadata["uid"]])

    def _show(self, pod: Thing, node: Thing, held: Held) -> None:
        """Write the status of a pod whose containers were started, where it changed."""
        metadata = pod["metadata"]
        states = held.processes.states(self._lookup(metadata["namespace"]))
        for container in pod["spec"]["containers"]:
            if programs.fails(container) and not pod_status.completes(pod):
                states[container["name"]] = pod_status.ContainerState(False, False, 1, 1, is_waiting=True)
        status = pod_status.running(pod, held.address, _internal_address(node), _now(), states)
        if _essence(status) != _essence(pod.get("status") or {}):
            self._api.patch(f"{path_of(_PODS, metadata['namespace'], metadata['name'])}/status", {"status": status})
            if any(state.is_waiting for state in states.values()):
                self._events.tell(pod, "BackOff", "Back-off restarting failed container")

    def _let_go(self, uid: str) -> None:
        """End a pod's processes and give its address back."""
        held = self._held.pop(uid, None)
        if held is None:
            return
        held.processes.stop()
        if held.subnet is not None:
            with self._lock:
                held.subnet.del_subnet_ip(held.address)
        self._events.forget(uid)

    def _lookup(self, namespace: str) -> Lookup:
        return lambda collection, name: self._api.get(path_of(f"api/v1/{collection}", namespace, name))


def _binding(metadata: Thing, node: str) -> Thing:
    return {
        "apiVersion": "v1",
        "kind": "Binding",
        "metadata": {"name": metadata["name"], "namespace": metadata["namespace"]},
        "target": {"apiVersion": "v1", "kind": "Node", "name": node},
    }


def _internal_address(node: Thing) -> str:
    return next(str(entry["address"]) for entry in node["status"]["addresses"] if entry["type"] == "InternalIP")


def _essence(status: Thing) -> Any:
    """What of a status counts: no times."""
    return (
        status.get("phase"),
        [
            (entry["name"], entry.get("ready"), entry.get("restartCount"), "waiting" in (entry.get("state") or {}))
            for entry in status.get("containerStatuses") or []
        ],
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
