"""The files of a pod's volumes."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

from lab.kubernetes import pod_files

POD: dict[str, Any] = {
    "metadata": {"name": "pod", "namespace": "one", "uid": "u"},
    "spec": {
        "containers": [],
        "volumes": [
            {"name": "own", "emptyDir": {}},
            {"name": "maybe", "secret": {"secretName": "late", "optional": True}},
            {"name": "sure", "configMap": {"name": "map"}},
        ],
    },
}


def secret(**files: str) -> dict[str, Any]:
    return {"kind": "Secret", "data": {name: base64.b64encode(text.encode()).decode() for name, text in files.items()}}


def files(directory: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in directory.iterdir()}


def test_files_of_a_secret_follow_its_changes(tmp_path: Path) -> None:
    objects: dict[tuple[str, str], Any] = {("configmaps", "map"): {"kind": "ConfigMap", "data": {"a": "1"}}}

    def lookup(collection: str, name: str) -> Any:
        return objects.get((collection, name))

    placed = pod_files.prepare(POD, tmp_path, tmp_path / "volumes", lookup)
    assert files(placed["maybe"]) == {}
    (placed["own"] / "kept").write_text("by the pod", encoding="utf-8")
    objects["secrets", "late"] = secret(x="1", y="2")
    pod_files.refresh(POD, tmp_path, lookup)
    assert files(placed["maybe"]) == {"x": "1", "y": "2"}
    untouched = (placed["maybe"] / "y").stat().st_mtime_ns
    objects["secrets", "late"] = secret(x="changed", y="2")
    pod_files.refresh(POD, tmp_path, lookup)
    assert files(placed["maybe"]) == {"x": "changed", "y": "2"}
    assert (placed["maybe"] / "y").stat().st_mtime_ns == untouched
    del objects["secrets", "late"], objects["configmaps", "map"]
    pod_files.refresh(POD, tmp_path, lookup)
    assert files(placed["maybe"]) == {}
    assert files(placed["sure"]) == {"a": "1"}
    assert files(placed["own"]) == {"kept": "by the pod"}
