# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Why a release did not become ready: pods, Jobs, claims and load balancers that are not as they should be.

Pure: objects come as the Kubernetes API's JSON.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Object = Mapping[str, Any]

SHOWN = 6
MESSAGE_LENGTH = 160


def diagnosis(
    pods: Iterable[Object], jobs: Iterable[Object], claims: Iterable[Object], events: Sequence[Object]
) -> list[str]:
    """One phrase for each object that is not as it should be, the most telling kinds first.

    Args:
        pods: pods of the release.
        jobs: Jobs of the release.
        claims: volume claims of the namespace.
        events: events of the namespace.
    """
    lines = [
        *(line for job in jobs for line in _job(job)),
        *(line for claim in claims for line in _claim(claim, events)),
        *(line for pod in pods for line in _pod(pod, events)),
    ]
    more = len(lines) - SHOWN
    return [*lines[:SHOWN], f"and {more} more"] if more > 0 else lines


def _job(job: Object) -> list[str]:
    for condition in job.get("status", {}).get("conditions") or []:
        if condition["type"] == "Failed" and condition["status"] == "True":
            return [f"Job {_name(job)} failed: {_text(condition)}"]
    return []


def _claim(claim: Object, events: Sequence[Object]) -> list[str]:
    phase = claim.get("status", {}).get("phase", "Pending")
    if phase == "Bound":
        return []
    return [f"claim {_name(claim)} is {phase}: {_last_warning(claim, events) or 'no volume was made for it'}"]


def _pod(pod: Object, events: Sequence[Object]) -> list[str]:
    status = pod.get("status", {})
    phase = status.get("phase", "Pending")
    conditions = {condition["type"]: condition for condition in status.get("conditions") or []}
    if phase == "Succeeded" or conditions.get("Ready", {}).get("status") == "True":
        return []
    if pod["metadata"].get("deletionTimestamp"):
        return []
    scheduled = conditions.get("PodScheduled", {})
    if scheduled.get("status") == "False":
        return [f"pod {_name(pod)} is {phase}: {_text(scheduled)}"]
    reasons = _container_reasons(status)
    if not reasons:
        reasons = [_last_warning(pod, events) or "no condition of it says why"]
    return [f"pod {_name(pod)} is {phase}: {', '.join(reasons)}"]


def _container_reasons(status: Mapping[str, Any]) -> list[str]:
    reasons = []
    for container in [*(status.get("initContainerStatuses") or []), *(status.get("containerStatuses") or [])]:
        state = container.get("state") or {}
        ended = state.get("terminated") or (container.get("lastState") or {}).get("terminated") or {}
        if state.get("waiting") and state["waiting"].get("reason") != "PodInitializing":
            reasons.append(f"container {container['name']} waits: {_text(state['waiting'])}")
        elif ended.get("exitCode"):
            reasons.append(f"container {container['name']} ended with {ended['exitCode']}: {_text(ended)}")
    return reasons


def _last_warning(item: Object, events: Sequence[Object]) -> str:
    own = [
        event
        for event in events
        if event.get("type") == "Warning" and event.get("involvedObject", {}).get("name") == _name(item)
    ]
    own.sort(key=lambda event: str(event.get("lastTimestamp") or event.get("eventTime") or ""))
    return _text(own[-1]) if own else ""


def _text(condition: Mapping[str, Any]) -> str:
    words = " ".join(f"{condition.get('reason', '')} {condition.get('message') or ''}".split())
    return words if len(words) <= MESSAGE_LENGTH else words[: MESSAGE_LENGTH - 1] + "…"


def _name(item: Object) -> str:
    return str(item["metadata"]["name"])
