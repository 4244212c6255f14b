# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a release's manifest says: which objects Kubernetes refuses to change, and a text of it without secrets."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ansible.module_utils.common.yaml import yaml_dump_all, yaml_load_all

Manifest = Mapping[str, Any]
Key = tuple[str, str]

# Kind: the fields of its spec that Kubernetes lets change, as the API reference of apps/v1 and batch/v1 says
CHANGEABLE = {
    "Job": {"parallelism", "suspend", "activeDeadlineSeconds", "backoffLimit", "ttlSecondsAfterFinished"},
    "StatefulSet": {
        "replicas",
        "ordinals",
        "template",
        "updateStrategy",
        "revisionHistoryLimit",
        "persistentVolumeClaimRetentionPolicy",
        "minReadySeconds",
    },
}
SELECTING_KINDS = {"DaemonSet", "Deployment"}


@dataclass(frozen=True)
class Replacement:
    """An object that is removed before an upgrade, which makes it anew."""

    kind: str
    name: str
    keep_pods: bool
    """Whether its pods, and with them their volumes, outlive it and are taken over."""


def parse(manifest: str) -> list[Manifest]:
    """Every object of a manifest."""
    return [document for document in yaml_load_all(manifest) if isinstance(document, Mapping)]


def by_key(documents: Iterable[Manifest]) -> dict[Key, Manifest]:
    """Objects by kind and name."""
    return {(document["kind"], document["metadata"]["name"]): document for document in documents}


def replacements(before: str, after: str) -> list[Replacement]:
    """The objects whose change Kubernetes refuses, by kind and name.

    Args:
        before: manifest of the revision that is there.
        after: manifest of the revision that is to be.
    """
    live = by_key(parse(before))
    found = []
    for (kind, name), document in sorted(by_key(parse(after)).items()):
        old = live.get((kind, name), {}).get("spec")
        new = document.get("spec")
        if old is None or new is None:
            continue
        if kind in CHANGEABLE and _fixed(old, CHANGEABLE[kind]) != _fixed(new, CHANGEABLE[kind]):
            found.append(Replacement(kind, name, keep_pods=kind == "StatefulSet"))
        elif kind in SELECTING_KINDS and old.get("selector") != new.get("selector"):
            found.append(Replacement(kind, name, keep_pods=False))
    return found


def claim_problems(before: str, after: str) -> list[str]:
    """One line for each change of a claim that neither Kubernetes nor a removal of it can carry out without loss."""
    live = by_key(parse(before))
    problems = []
    for (kind, name), document in sorted(by_key(parse(after)).items()):
        old = live.get((kind, name), {}).get("spec")
        if kind != "PersistentVolumeClaim" or old is None:
            continue
        fixed = {"resources"}
        if _fixed(old, fixed) != _fixed(document["spec"], fixed):
            problems.append(
                f"claim {name} would change in more than its size; expected the storage class and access modes that it "
                "was made with; take the change back, or remove the release and its data first"
            )
    return problems


def shown(manifest: str) -> str:
    """A manifest as text for a diff, with a digest in place of each value of a secret."""
    documents = [_without_secrets(document) for _key, document in sorted(by_key(parse(manifest)).items())]
    text: str = yaml_dump_all(documents, sort_keys=True, default_flow_style=False, allow_unicode=True)
    return text


def _fixed(spec: Mapping[str, Any], changeable: Iterable[str]) -> dict[str, Any]:
    return {key: value for key, value in spec.items() if key not in set(changeable)}


def _without_secrets(document: Manifest) -> dict[str, Any]:
    copy = dict(document)
    if copy.get("kind") == "Secret":
        for part in ("data", "stringData"):
            values = copy.get(part) or {}
            copy[part] = {key: f"sha256:{_digest(str(value))}" for key, value in values.items()}
    return copy


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
