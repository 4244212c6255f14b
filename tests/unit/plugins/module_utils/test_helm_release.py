"""A release from every state that an earlier run may have left, with a Helm that keeps revisions in memory."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.lambdafs.cluster.plugins.module_utils.helm_client import Helm, HelmError, Revision, Target
from ansible_collections.lambdafs.cluster.plugins.module_utils.helm_manifest import Replacement
from ansible_collections.lambdafs.cluster.plugins.module_utils.helm_release import (
    Outcome,
    ReleaseFailed,
    Wanted,
    ensure,
    remove,
)
from ansible_collections.lambdafs.cluster.plugins.module_utils.helm_values import merged

FIRST = {"db": {"wipeAndInit": True}}
VALUES = {"db": {"wipeAndInit": False}, "size": 1}


class MemoryHelm(Helm):
    """Helm whose charts are one Job with the values as its template."""

    def __init__(self, *revisions: tuple[str, Mapping[str, Any]]) -> None:
        self.revisions = {number: self._made(number, *given) for number, given in enumerate(revisions, start=1)}
        self.fails = 0
        self.log: list[str] = []

    @staticmethod
    def _made(number: int, status: str, values: Mapping[str, Any]) -> Revision:
        job = {"kind": "Job", "metadata": {"name": "it"}, "spec": {"template": dict(values)}}
        return Revision(number, status, dict(values), yaml.safe_dump(job))

    def revision(self, number: int | None = None) -> Revision | None:
        return self.revisions.get(max(self.revisions, default=0) if number is None else number)

    def history(self) -> list[tuple[int, str]]:
        return [(number, revision.status) for number, revision in sorted(self.revisions.items())]

    def upgrade(self, chart: Path, values: Mapping[str, Any], *, dry_run: bool = False) -> Revision:
        newest = self.revision()
        if newest is not None and newest.pending:
            raise HelmError("another operation (install/upgrade/rollback) is in progress")
        number = max(self.revisions, default=0) + 1
        if dry_run:
            return self._made(number, "pending-upgrade", values)
        self.log.append(f"upgrade {number}")
        self.fails -= 1
        status = "failed" if self.fails == 0 else "deployed"
        for old, revision in self.revisions.items():
            if revision.status == "deployed" and status == "deployed":
                self.revisions[old] = self._made(old, "superseded", revision.values)
        self.revisions[number] = self._made(number, status, values)
        if status == "failed":
            raise HelmError("timed out waiting for the condition")
        return self.revisions[number]

    def rollback(self, number: int) -> None:
        self.log.append(f"rollback {number}")
        newest = max(self.revisions) + 1
        self.revisions[newest] = self._made(newest, "deployed", self.revisions[number].values)

    def uninstall(self) -> None:
        self.log.append("uninstall")
        self.revisions.clear()


class MemoryCluster:
    def __init__(self, helm: MemoryHelm) -> None:
        self.helm = helm
        self.removed: list[str] = []

    def remove(self, objects: Sequence[Replacement]) -> None:
        self.removed += [item.name for item in objects]

    def forget_revision(self, number: int) -> None:
        del self.helm.revisions[number]

    def diagnosis(self) -> list[str]:
        return ["pod it-0 is Pending: Unschedulable"]


def run(helm: MemoryHelm, check_mode: bool = False, values: Mapping[str, Any] = VALUES) -> tuple[Outcome, list[str]]:
    cluster = MemoryCluster(helm)
    return ensure(helm, cluster, Wanted(Path("chart"), values, FIRST), check_mode), cluster.removed


def newest(helm: MemoryHelm) -> Revision:
    found = helm.revision()
    assert found is not None
    return found


def test_an_install_settles_in_a_revision_without_the_first_values() -> None:
    helm = MemoryHelm()
    outcome, _ = run(helm)
    assert (outcome.changed, outcome.action, outcome.revision) == (True, "install", 2)
    assert helm.revisions[1].values == merged(VALUES, FIRST)
    assert newest(helm).values == VALUES
    assert run(helm)[0] == Outcome(False, "none", 2)
    assert helm.log == ["upgrade 1", "upgrade 2"]


def test_changed_values_are_one_more_revision_and_replace_the_job() -> None:
    helm = MemoryHelm(("deployed", VALUES))
    outcome, removed = run(helm, values=VALUES | {"size": 2})
    assert (outcome.action, outcome.revision, outcome.replaced) == ("upgrade", 2, ["Job it"])
    assert removed == ["it"]
    assert outcome.before != outcome.after


def test_check_mode_asks_and_changes_nothing() -> None:
    for helm in (
        MemoryHelm(),
        MemoryHelm(("deployed", {"size": 0})),
        MemoryHelm(("superseded", VALUES), ("pending-upgrade", VALUES)),
    ):
        before = dict(helm.revisions)
        outcome, removed = run(helm, check_mode=True)
        assert outcome.changed
        assert (helm.revisions, helm.log, removed) == (before, [], [])


def test_an_install_that_never_ended_starts_over() -> None:
    helm = MemoryHelm(("pending-install", merged(VALUES, FIRST)))
    assert run(helm)[0].action == "start over"
    assert helm.log[0] == "uninstall"
    assert newest(helm).values == VALUES


def test_an_upgrade_that_never_ended_is_taken_over_without_repeating_the_first_work() -> None:
    helm = MemoryHelm(("deployed", merged(VALUES, FIRST)), ("pending-upgrade", VALUES))
    assert run(helm)[0].action == "take over"
    assert helm.log == ["upgrade 2"]
    assert newest(helm).values == VALUES


def test_a_failed_install_is_explained_and_removed() -> None:
    helm = MemoryHelm()
    helm.fails = 1
    with pytest.raises(ReleaseFailed, match=r"timed out .*: pod it-0 is Pending: Unschedulable; it was removed again$"):
        run(helm)
    assert helm.revisions == {}


def test_a_failed_upgrade_is_explained_and_rolled_back() -> None:
    helm = MemoryHelm(("deployed", VALUES))
    helm.fails = 1
    with pytest.raises(ReleaseFailed, match=r"Unschedulable; it was rolled back to revision 1$"):
        run(helm, values=VALUES | {"size": 2})
    assert newest(helm).values == VALUES
    assert newest(helm).status == "deployed"


def test_a_rollback_never_repeats_the_work_of_a_first_install() -> None:
    helm = MemoryHelm(("deployed", merged(VALUES, FIRST)))
    helm.fails = 1
    with pytest.raises(ReleaseFailed, match="left as it is"):
        run(helm)
    assert helm.log == ["upgrade 2"]


def test_a_failed_revision_is_upgraded() -> None:
    helm = MemoryHelm(("deployed", VALUES), ("failed", VALUES))
    assert run(helm)[0].action == "upgrade"
    assert newest(helm).status == "deployed"


def test_a_release_is_removed_once() -> None:
    helm = MemoryHelm(("deployed", VALUES))
    assert remove(helm, check_mode=True).changed
    assert newest(helm).values == VALUES
    assert remove(helm, check_mode=False).action == "remove"
    assert remove(helm, check_mode=False) == Outcome(False, "none", 0)


class Recorder:
    """Answers commands of helm with recorded output."""

    def __init__(self, *answers: tuple[int, str, str]) -> None:
        self.answers = list(answers)
        self.commands: list[list[str]] = []
        self.inputs: list[str] = []

    def __call__(self, command: Sequence[str], text: str) -> tuple[int, str, str]:
        self.commands.append(list(command))
        self.inputs.append(text)
        return self.answers.pop(0)


STATUS = json.dumps({"version": 3, "info": {"status": "deployed"}, "config": {"a": 1}, "manifest": "kind: Job"})


def client(*answers: tuple[int, str, str]) -> tuple[Helm, Recorder]:
    recorder = Recorder(*answers)
    return Helm(recorder, Target("owdev", "openwhisk", 60)), recorder


def test_helm_tells_a_release_and_that_there_is_none() -> None:
    helm, _ = client((0, STATUS, ""), (1, "", "Error: release: not found\n"))
    assert helm.revision() == Revision(3, "deployed", {"a": 1}, "kind: Job")
    assert helm.revision() is None


def test_helm_errors_are_one_line_without_warnings() -> None:
    helm, _ = client((1, "", "WARNING: group-readable file\nError: cannot\n  reach it\n"))
    with pytest.raises(HelmError, match=r"^cannot reach it$"):
        helm.revision()


def test_values_go_by_standard_input_alone() -> None:
    helm, recorder = client((0, STATUS, ""))
    helm.upgrade(Path("/chart"), {"auth": "secret-key"})
    (command,) = recorder.commands
    assert "secret-key" not in " ".join(command)
    assert json.loads(recorder.inputs[0]) == {"auth": "secret-key"}
    assert command[command.index("--values") + 1] == "-"
    assert {"--wait", "--wait-for-jobs", "--install"} <= set(command)


@pytest.mark.parametrize("found", ["v4.0.1+g1", "v2.17.0"])
def test_another_major_version_is_refused(found: str) -> None:
    helm, _ = client((0, f"{found}\n", ""))
    with pytest.raises(HelmError, match="expected version 3"):
        helm.check_version()
