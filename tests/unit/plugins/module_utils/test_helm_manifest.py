"""Which objects have to be replaced, which claims cannot change, and what of a manifest is shown."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from ansible_collections.lambdafs.cluster.plugins.module_utils.helm_manifest import (
    Replacement,
    claim_problems,
    replacements,
    shown,
)


def manifest(kind: str, spec: dict[str, Any], name: str = "owdev-it") -> str:
    return yaml.safe_dump({"apiVersion": "v1", "kind": kind, "metadata": {"name": name}, "spec": spec})


@pytest.mark.parametrize(
    ("kind", "before", "after", "expected"),
    [
        ("Job", {"template": 1}, {"template": 2}, [Replacement("Job", "owdev-it", keep_pods=False)]),
        ("Job", {"template": 1, "backoffLimit": 1}, {"template": 1, "backoffLimit": 2}, []),
        ("StatefulSet", {"replicas": 1, "template": 1}, {"replicas": 2, "template": 2}, []),
        (
            "StatefulSet",
            {"volumeClaimTemplates": [1]},
            {"volumeClaimTemplates": [2]},
            [Replacement("StatefulSet", "owdev-it", keep_pods=True)],
        ),
        ("Deployment", {"selector": 1, "replicas": 1}, {"selector": 1, "replicas": 3}, []),
        ("Deployment", {"selector": 1}, {"selector": 2}, [Replacement("Deployment", "owdev-it", keep_pods=False)]),
        ("Service", {"ports": [1]}, {"ports": [2]}, []),
    ],
)
def test_only_what_kubernetes_refuses_to_change_is_replaced(
    kind: str, before: dict[str, Any], after: dict[str, Any], expected: list[Replacement]
) -> None:
    assert replacements(manifest(kind, before), manifest(kind, after)) == expected


def test_new_and_gone_objects_are_no_replacements() -> None:
    job = manifest("Job", {"template": 1})
    assert replacements("", job) == []
    assert replacements(job, "") == []


def test_a_claim_may_grow_and_change_nothing_else() -> None:
    claim = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
    grown = claim | {"resources": {"requests": {"storage": "2Gi"}}}
    other = claim | {"storageClassName": "io2"}
    assert claim_problems(manifest("PersistentVolumeClaim", claim), manifest("PersistentVolumeClaim", grown)) == []
    (problem,) = claim_problems(manifest("PersistentVolumeClaim", claim), manifest("PersistentVolumeClaim", other))
    assert "claim owdev-it" in problem
    assert claim_problems("", manifest("PersistentVolumeClaim", claim)) == []


def test_secrets_are_shown_as_digests_and_differ_when_they_differ() -> None:
    def secret(value: str) -> str:
        return yaml.safe_dump({"kind": "Secret", "metadata": {"name": "s"}, "data": {"key": value}})

    assert "c2VjcmV0" not in shown(secret("c2VjcmV0"))
    assert "sha256:" in shown(secret("c2VjcmV0"))
    assert shown(secret("c2VjcmV0")) != shown(secret("b3RoZXI="))
