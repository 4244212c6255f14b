# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A Helm release brought to what it should be, from whatever state an earlier run left it in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from ansible_collections.lambdafs.cluster.plugins.module_utils.helm_client import Helm, HelmError, Revision
from ansible_collections.lambdafs.cluster.plugins.module_utils.helm_manifest import (
    Replacement,
    claim_problems,
    replacements,
    shown,
)
from ansible_collections.lambdafs.cluster.plugins.module_utils.helm_values import OWN_KEY, Values, contains, merged

DEPLOYED = "deployed"
GOOD = {DEPLOYED, "superseded"}


class ReleaseFailed(Exception):
    """The release is not what it should be; the message is one line: what happened, why, and what was done about it."""


class Cluster(Protocol):
    """What is asked of Kubernetes beside Helm."""

    def remove(self, objects: Sequence[Replacement]) -> None:
        """Remove objects and wait until they are gone."""

    def forget_revision(self, number: int) -> None:
        """Remove Helm's record of a revision."""

    def diagnosis(self) -> list[str]:
        """Phrases that say what of the release is not as it should be."""


@dataclass(frozen=True)
class Wanted:
    """What the release should be."""

    chart: Path
    values: Values
    first_values: Values
    """Values that only the first revision has, for work that must never be done again."""


@dataclass
class Outcome:
    """What was done, or in check mode would be."""

    changed: bool
    action: str
    revision: int
    before: str = ""
    after: str = ""
    replaced: list[str] = field(default_factory=list)


def is_current(live: Revision, wanted: Wanted) -> bool:
    """Whether the newest revision is deployed with exactly these values."""
    return live.status == DEPLOYED and merged(live.values) == merged(wanted.values)


def action_for(live: Revision | None) -> str:
    """What has to be done with a release that is not current.

    ``take over`` and ``start over`` are for one whose upgrade or install never ended, as when its run was cut off.
    """
    if live is None:
        return "install"
    if not live.pending:
        return "upgrade"
    return "start over" if live.status == "pending-install" else "take over"


def ensure(helm: Helm, cluster: Cluster, wanted: Wanted, check_mode: bool) -> Outcome:
    """Bring the release to what is wanted; nothing happens to one that is.

    Raises:
        ReleaseFailed: it did not become ready, and was rolled back, or something in it can not be changed.
        HelmError: the cluster could not be asked.
    """
    live = helm.revision()
    if live is not None and is_current(live, wanted):
        return Outcome(False, "none", live.number)
    action = action_for(live)
    if check_mode:
        values = wanted.values if live else merged(wanted.values, wanted.first_values)
        return _planned(helm, action, live, wanted.chart, values)
    manifests = [live.manifest] if live else []
    if action == "start over":
        helm.uninstall()
        live, manifests = None, []
    elif action == "take over" and live is not None:
        cluster.forget_revision(live.number)
        live = helm.revision()
        manifests += [live.manifest] if live else []
    if live is None:
        values = merged(wanted.values, wanted.first_values)
        first = _apply(helm, cluster, wanted.chart, values, [], wanted.first_values)
        if not wanted.first_values:
            return Outcome(True, action, first.number, "", shown(first.manifest))
        manifests = [first.manifest]
    new = helm.upgrade(wanted.chart, wanted.values, dry_run=True).manifest
    problems = [problem for old in manifests for problem in claim_problems(old, new)]
    if problems:
        raise ReleaseFailed(f"nothing was changed: {'; '.join(problems)}")
    replaced = list(dict.fromkeys(item for old in manifests for item in replacements(old, new)))
    done = _apply(helm, cluster, wanted.chart, wanted.values, replaced, wanted.first_values)
    before = "" if action in {"install", "start over"} else shown(manifests[0])
    return Outcome(True, action, done.number, before, shown(done.manifest), _names(replaced))


def remove(helm: Helm, check_mode: bool) -> Outcome:
    """Remove a release with its history; nothing happens where there is none.

    Raises:
        HelmError: something of it did not go in time.
    """
    live = helm.revision()
    if live is None:
        return Outcome(False, "none", 0)
    if not check_mode:
        helm.uninstall()
    return Outcome(True, "remove", live.number, shown(live.manifest), "")


def _planned(helm: Helm, action: str, live: Revision | None, chart: Path, values: Values) -> Outcome:
    """What a run would do; a release that is being changed cannot even be asked about by Helm."""
    if live is not None and live.pending:
        return Outcome(True, action, live.number, f"revision {live.number}: {live.status}\n", "deployed\n")
    new = helm.upgrade(chart, values, dry_run=True)
    old = live.manifest if live else ""
    return Outcome(True, action, new.number, shown(old), shown(new.manifest), _names(replacements(old, new.manifest)))


def _apply(
    helm: Helm,
    cluster: Cluster,
    chart: Path,
    values: Values,
    replaced: Sequence[Replacement],
    first_values: Values,
) -> Revision:
    """Make a revision; when it fails, say why and undo it."""
    cluster.remove(replaced)
    try:
        return helm.upgrade(chart, values)
    except HelmError as error:
        reasons = cluster.diagnosis()
        undone = _undo(helm, cluster, first_values)
        told = "; ".join([*reasons, undone])
        raise ReleaseFailed(f"the release did not become ready: {error}: {told}") from error


def _undo(helm: Helm, cluster: Cluster, first_values: Values) -> str:
    """Go back to the last good revision, or remove a first install; the phrase that says what was done."""
    try:
        live = helm.revision()
        if live is None:
            return "nothing of it is left"
        if live.status == DEPLOYED:
            return f"revision {live.number} is untouched"
        if not any(status in GOOD for _number, status in helm.history()):
            helm.uninstall()
            return "it was removed again"
        good = _back_to_a_good_revision(helm, cluster, first_values)
        if good is None:
            return "it was left as it is, since going back would repeat the work of a first install"
    except HelmError as error:
        return f"and undoing it failed: {error}"
    return f"it was rolled back to revision {good.number}"


def _back_to_a_good_revision(helm: Helm, cluster: Cluster, first_values: Values) -> Revision | None:
    """Roll back to the newest good revision that does not hold a first install's values; None where there is none."""
    newest = helm.revision()
    for number, status in reversed(helm.history()):
        if status not in GOOD:
            continue
        good = helm.revision(number)
        if good is None or contains(good.values, first_values):
            return None
        if newest is not None:
            cluster.remove(replacements(newest.manifest, good.manifest))
        helm.rollback(number)
        return good
    return None


def _names(replaced: Sequence[Replacement]) -> list[str]:
    return [f"{item.kind} {item.name}" for item in replaced]


def with_digest(values: Values, digest: str) -> dict[str, Any]:
    """Values with the digest of the chart that goes with them."""
    return merged(values, {OWN_KEY: {"digest": digest}})
