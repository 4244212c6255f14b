# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A chart made ready in a folder of its own: from a folder, an archive, a URL or a repository, with files added."""

from __future__ import annotations

import hashlib
import json
import shutil
import tarfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ansible_collections.lambdafs.cluster.plugins.module_utils.helm_client import Helm
from ansible_collections.lambdafs.cluster.plugins.module_utils.helm_values import merged

CHART_FILE = "Chart.yaml"
ARCHIVE_ENDINGS = (".tgz", ".tar.gz")


class ChartError(Exception):
    """The chart is not there, or is not the one that was meant."""


@dataclass(frozen=True)
class ChartSource:
    """Where a chart comes from."""

    chart: str
    """Path of a folder or an archive, URL of an archive, or a name in the repository."""
    repository: str = ""
    version: str = ""
    checksum: str = ""
    """SHA-256 of the archive, or nothing."""


@dataclass(frozen=True)
class JsonFile:
    """A JSON file that is put into the chart: one of the chart's own, with more in it."""

    name: str
    base: str
    content: Mapping[str, Any]


def staged(source: ChartSource, files: Sequence[JsonFile], helm: Helm, folder: Path) -> Path:
    """The folder of the chart, complete, below an empty folder.

    Raises:
        ChartError: nothing, or not one chart, is where it was said to be.
        HelmError: a download failed.
    """
    path = Path(source.chart).expanduser()
    if source.repository or source.chart.startswith(("http://", "https://", "oci://")):
        helm.pull(source.chart, source.repository, source.version, folder)
    elif path.is_dir():
        shutil.copytree(path, folder / path.name, ignore=shutil.ignore_patterns(".git"))
    elif path.is_file():
        _unpack(path, folder)
    else:
        raise ChartError(f"no chart at {path}; expected a chart's folder or archive; correct the path")
    if source.checksum:
        _check(source.checksum, path if path.is_file() else next(folder.glob("*.tgz"), None))
    roots = [root for root in folder.iterdir() if (root / CHART_FILE).is_file()]
    if len(roots) != 1:
        raise ChartError(f"{source.chart} holds {len(roots)} charts; expected one folder with {CHART_FILE} in it")
    for file in files:
        _add(roots[0], file)
    return roots[0]


def digest(chart: Path) -> str:
    """A short digest of every file of a chart, by name and content."""
    sha = hashlib.sha256()
    for path in sorted(path for path in chart.rglob("*") if path.is_file()):
        content = path.read_bytes()
        sha.update(f"{path.relative_to(chart)}\0{len(content)}\0".encode() + content)
    return sha.hexdigest()[:16]


def _unpack(archive: Path, folder: Path) -> None:
    try:
        with tarfile.open(archive) as tar:
            tar.extractall(folder, filter="data")
    except tarfile.TarError as error:
        raise ChartError(f"{archive} is no chart's archive ({error}); expected a .tgz of helm package") from error


def _check(wanted: str, archive: Path | None) -> None:
    found = hashlib.sha256(archive.read_bytes()).hexdigest() if archive else "that of no archive"
    if found != wanted:
        raise ChartError(f"the chart's SHA-256 is {found}; expected {wanted}; correct the checksum or the chart")


def _add(chart: Path, file: JsonFile) -> None:
    base = chart / file.base
    if not base.is_file():
        raise ChartError(f"the chart has no {file.base}; expected a chart of OpenWhisk; choose another chart")
    content = merged(json.loads(base.read_text(encoding="utf-8")), file.content)
    (chart / file.name).write_text(json.dumps(content, sort_keys=True), encoding="utf-8")
