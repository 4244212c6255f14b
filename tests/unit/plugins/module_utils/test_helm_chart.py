"""Charts from folders and archives, with a file added to them."""

from __future__ import annotations

import hashlib
import json
import tarfile
from pathlib import Path

import pytest
from ansible_collections.lambdafs.cluster.plugins.module_utils.helm_chart import (
    ChartError,
    ChartSource,
    JsonFile,
    digest,
    staged,
)
from ansible_collections.lambdafs.cluster.plugins.module_utils.helm_client import Helm, Target

HELM = Helm(lambda command, text: (1, "", f"not to be run: {command}"), Target("r", "n", 1))
RUNTIMES = JsonFile("runtimes-own.json", "runtimes.json", {"runtimes": {"namenode": [{"kind": "generic-namenode:10"}]}})


@pytest.fixture
def chart(tmp_path: Path) -> Path:
    folder = tmp_path / "source" / "openwhisk"
    folder.mkdir(parents=True)
    (folder / "Chart.yaml").write_text("name: openwhisk\n")
    (folder / "runtimes.json").write_text(json.dumps({"runtimes": {"nodejs": [{"kind": "nodejs:20"}]}}))
    return folder


@pytest.fixture
def stage(tmp_path: Path) -> Path:
    folder = tmp_path / "stage"
    folder.mkdir()
    return folder


def archive_of(chart: Path) -> Path:
    path = chart.parent / "openwhisk-1.tgz"
    with tarfile.open(path, "w:gz") as tar:
        tar.add(chart, "openwhisk")
    return path


def test_runtimes_are_added_and_those_of_the_chart_stay(chart: Path, stage: Path) -> None:
    made = staged(ChartSource(str(chart)), [RUNTIMES], HELM, stage)
    families = json.loads((made / "runtimes-own.json").read_text())["runtimes"]
    assert sorted(families) == ["namenode", "nodejs"]
    assert not (chart / "runtimes-own.json").exists()


def test_an_archive_is_the_same_chart_as_its_folder(chart: Path, stage: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    archive = archive_of(chart)
    checksum = hashlib.sha256(archive.read_bytes()).hexdigest()
    unpacked = staged(ChartSource(str(archive), checksum=checksum), [RUNTIMES], HELM, stage)
    copied = staged(ChartSource(str(chart)), [RUNTIMES], HELM, other)
    assert digest(unpacked) == digest(copied)


def test_a_changed_file_is_another_digest(chart: Path) -> None:
    before = digest(chart)
    (chart / "Chart.yaml").write_text("name: openwhisk2\n")
    assert digest(chart) != before


def test_another_checksum_is_refused(chart: Path, stage: Path) -> None:
    with pytest.raises(ChartError, match=r"SHA-256 is .*; expected 00"):
        staged(ChartSource(str(archive_of(chart)), checksum="00"), [], HELM, stage)


@pytest.mark.parametrize(("name", "reason"), [("nothing", "no chart at"), ("empty", "holds 0 charts")])
def test_what_is_no_chart_is_refused(name: str, reason: str, stage: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(ChartError, match=reason):
        staged(ChartSource(str(tmp_path / name)), [], HELM, stage)


def test_a_chart_without_runtimes_is_refused(chart: Path, stage: Path) -> None:
    (chart / "runtimes.json").unlink()
    with pytest.raises(ChartError, match=r"no runtimes\.json"):
        staged(ChartSource(str(chart)), [RUNTIMES], HELM, stage)
