"""The status of a pod in each of its phases: pure functions."""

from __future__ import annotations

from dataclasses import dataclass

from lab.kubernetes.api import Thing

BACK_OFF = "CrashLoopBackOff"


@dataclass(frozen=True)
class ContainerState:
    """How a container is.

    Attributes:
        exit_code: of its last end, None if it never ended.
        is_waiting: it ended and waits to be started again.
    """

    is_running: bool = True
    is_ready: bool = True
    restarts: int = 0
    exit_code: int | None = None
    is_waiting: bool = False


def completes(pod: Thing) -> bool:
    """Whether the pod's containers run to an end: its restart policy says so."""
    return bool(pod["spec"].get("restartPolicy", "Always") != "Always")


def running(pod: Thing, address: str, host: str, now: str, states: dict[str, ContainerState]) -> Thing:
    """The status of a pod whose containers were started.

    Args:
        address: the pod's own address.
        host: the node's address.
        now: the time (RFC 3339).
        states: state of each container that is not simply running and ready, by name.
    """
    containers = [_container(entry, now, states.get(entry["name"], ContainerState())) for entry in _containers(pod)]
    is_ready = all(entry["ready"] for entry in containers)
    return {
        "phase": "Running",
        "hostIP": host,
        "podIP": address,
        "podIPs": [{"ip": address}],
        "startTime": (pod.get("status") or {}).get("startTime") or now,
        "conditions": _conditions(is_ready, "ContainersNotReady", now),
        "initContainerStatuses": [_ended(entry, now, 0) for entry in pod["spec"].get("initContainers") or []],
        "containerStatuses": containers,
    }


def ended(pod: Thing, now: str, exit_code: int) -> Thing:
    """The status of a pod whose containers came to their end."""
    reason = "PodCompleted" if exit_code == 0 else "PodFailed"
    return {
        "phase": "Succeeded" if exit_code == 0 else "Failed",
        "conditions": _conditions(False, reason, now),
        "containerStatuses": [_ended(entry, now, exit_code) for entry in _containers(pod)],
    }


def _containers(pod: Thing) -> list[Thing]:
    found: list[Thing] = pod["spec"]["containers"]
    return found


def _conditions(is_ready: bool, reason: str, now: str) -> list[Thing]:
    ready: Thing = {"status": "True" if is_ready else "False", "lastTransitionTime": now}
    if not is_ready:
        ready["reason"] = reason
    return [
        {"type": "Initialized", "status": "True", "lastTransitionTime": now},
        {"type": "PodScheduled", "status": "True", "lastTransitionTime": now},
        {"type": "ContainersReady", **ready},
        {"type": "Ready", **ready},
    ]


def _container(container: Thing, now: str, state: ContainerState) -> Thing:
    shown = _base(container, state.restarts)
    shown["ready"] = shown["started"] = state.is_running and state.is_ready
    if state.is_waiting:
        shown["state"] = {"waiting": {"reason": BACK_OFF, "message": "back-off restarting failed container"}}
    else:
        shown["state"] = {"running": {"startedAt": now}}
    if state.exit_code is not None:
        shown["lastState"] = {"terminated": _termination(now, state.exit_code)}
    return shown


def _ended(container: Thing, now: str, exit_code: int) -> Thing:
    return {**_base(container, 0), "ready": exit_code == 0, "state": {"terminated": _termination(now, exit_code)}}


def _base(container: Thing, restarts: int) -> Thing:
    return {
        "name": container["name"],
        "image": container["image"],
        "imageID": f"lab://{container['image']}",
        "containerID": f"lab://{container['name']}",
        "restartCount": restarts,
    }


def _termination(now: str, exit_code: int) -> Thing:
    reason = "Completed" if exit_code == 0 else "Error"
    return {"exitCode": exit_code, "reason": reason, "startedAt": now, "finishedAt": now}
