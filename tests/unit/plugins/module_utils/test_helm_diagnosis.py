"""Why a release did not become ready."""

from __future__ import annotations

from typing import Any

from ansible_collections.lambdafs.cluster.plugins.module_utils.helm_diagnosis import MESSAGE_LENGTH, SHOWN, diagnosis


def pod(name: str = "owdev-invoker-0", phase: str = "Pending", **status: Any) -> dict[str, Any]:
    return {"metadata": {"name": name}, "status": {"phase": phase, **status}}


def warning(name: str, reason: str, message: str, at: str) -> dict[str, Any]:
    return {
        "type": "Warning",
        "reason": reason,
        "message": message,
        "lastTimestamp": at,
        "involvedObject": {"name": name},
    }


def test_what_is_well_is_not_told() -> None:
    ready = pod(phase="Running", conditions=[{"type": "Ready", "status": "True"}])
    leaving = pod("gone")
    leaving["metadata"]["deletionTimestamp"] = "2026-01-01T00:00:00Z"
    bound = {"metadata": {"name": "c"}, "status": {"phase": "Bound"}}
    done = {"metadata": {"name": "j"}, "status": {"conditions": [{"type": "Complete", "status": "True"}]}}
    assert diagnosis([ready, pod("done", "Succeeded"), leaving], [done, {"metadata": {"name": "k"}}], [bound], []) == []


def test_a_pod_that_no_node_takes_is_told_with_the_schedulers_words() -> None:
    unschedulable = {
        "type": "PodScheduled",
        "status": "False",
        "reason": "Unschedulable",
        "message": "0/3 nodes are available:\n 3 node(s) didn't match Pod's node affinity.",
    }
    assert diagnosis([pod(conditions=[unschedulable])], [], [], []) == [
        "pod owdev-invoker-0 is Pending: Unschedulable 0/3 nodes are available: "
        "3 node(s) didn't match Pod's node affinity."
    ]


def test_containers_that_wait_or_ended_are_told() -> None:
    waits = {"name": "nginx", "state": {"waiting": {"reason": "ImagePullBackOff", "message": "no such image"}}}
    ended = {
        "name": "invoker",
        "state": {"waiting": {"reason": "PodInitializing"}},
        "lastState": {"terminated": {"exitCode": 137, "reason": "OOMKilled"}},
    }
    assert diagnosis([pod(containerStatuses=[waits, ended])], [], [], []) == [
        "pod owdev-invoker-0 is Pending: container nginx waits: ImagePullBackOff no such image, "
        "container invoker ended with 137: OOMKilled"
    ]


def test_jobs_come_before_claims_and_claims_before_pods() -> None:
    failed = {"type": "Failed", "status": "True", "reason": "BackoffLimitExceeded", "message": "Job has failed"}
    job = {"metadata": {"name": "owdev-init-couchdb"}, "status": {"conditions": [failed]}}
    claim = {"metadata": {"name": "owdev-couchdb-pvc"}, "status": {"phase": "Pending"}}
    events = [
        warning("owdev-couchdb-pvc", "ProvisioningFailed", "newer", "2026-01-01T00:00:02Z"),
        warning("owdev-couchdb-pvc", "ProvisioningFailed", "older", "2026-01-01T00:00:01Z"),
        warning("owdev-invoker-0", "FailedMount", "no secret", "2026-01-01T00:00:01Z"),
    ]
    assert diagnosis([pod()], [job], [claim], events) == [
        "Job owdev-init-couchdb failed: BackoffLimitExceeded Job has failed",
        "claim owdev-couchdb-pvc is Pending: ProvisioningFailed newer",
        "pod owdev-invoker-0 is Pending: FailedMount no secret",
    ]


def test_a_long_list_and_a_long_message_are_cut() -> None:
    long = {"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "x" * 1000}
    lines = diagnosis([pod(f"p{number}", conditions=[long]) for number in range(SHOWN + 2)], [], [], [])
    assert lines[-1] == "and 2 more"
    assert len(lines) == SHOWN + 1
    assert all(len(line) < MESSAGE_LENGTH + 40 for line in lines)
