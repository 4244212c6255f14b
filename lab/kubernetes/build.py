"""The control plane's programs, built once from the distribution's source package and cached under their version."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from lab.errors import LabError
from lab.files import exclusive
from lab.image import recipe_hash
from lab.report import Report
from lab.settings import cache_root

VERSION = "1.20.2"
SUITE = "bookworm"
PROGRAMS = ("etcd", "kube-apiserver", "kube-controller-manager")
_RECIPE = Path(__file__).resolve().parent / "recipe"
_SHOWN_LINES = 15
_COMPILED_STEP = 50
_PACKAGE = re.compile(r"[\w.-]+(/[\w.-]+)*")


def directory() -> Path:
    """Where the programs are kept between labs."""
    return _root() / f"server-{VERSION}-{recipe_hash(_RECIPE, SUITE)}"


def _root() -> Path:
    return cache_root() / "kubernetes"


def command(target: Path) -> list[str]:
    """The mmdebstrap call that builds in a root file system of its own and copies the programs to `target`/out."""
    packages = ",".join((_RECIPE / "packages.txt").read_text(encoding="utf-8").split())
    return [
        "mmdebstrap",
        "--mode=root",
        "--variant=minbase",
        "--format=null",
        f"--include={packages}",
        "--aptopt=APT::Install-Recommends false",
        "--aptopt=Acquire::Languages none",
        "--dpkgopt=force-unsafe-io",
        "--dpkgopt=path-exclude=/usr/share/doc/*",
        f"--customize-hook=copy-in {_RECIPE / 'build.sh'} /",
        f'--customize-hook=chroot "$1" /build.sh {VERSION}',
        f"--customize-hook=copy-out /out {target}",
        SUITE,
        "/dev/null",
    ]


class Progress:
    """Reads the build's output line by line."""

    def __init__(self) -> None:
        self._total = 0
        self._compiled = 0

    def read(self, line: str) -> tuple[str, bool] | None:
        """What a line says about the progress and whether that is a detail, or None."""
        if line.startswith("I: "):
            step = line[3:]
            if found := re.fullmatch(r"compiling (\d+) packages", step):
                self._total = int(found[1])
            return f"Kubernetes: {step}", False
        if self._total and _PACKAGE.fullmatch(line):
            self._compiled += 1
            is_detail = self._compiled % _COMPILED_STEP != 0
            return f"Kubernetes: compiled {self._compiled} of {self._total} packages", is_detail
        if line.startswith(("Unpacking ", "Setting up ", "Get:")):
            return line.rstrip(" ."), True
        return None


def ensure(report: Report) -> Path:
    """Build the programs if the cache does not have them; returns their directory.

    Args:
        report: called with one line for each step, and whether it is a detail.

    Raises:
        LabError: the build failed.
    """
    if not directory().is_dir():
        with exclusive(_root()):
            if not directory().is_dir():
                _build(report)
    return directory()


def purge() -> None:
    """Remove everything of Kubernetes from the cache."""
    shutil.rmtree(_root(), ignore_errors=True)


def _build(report: Report) -> None:
    """Build beside the cache's directory, then move it there."""
    report(f"building Kubernetes {VERSION}, which takes some minutes the first time")
    with tempfile.TemporaryDirectory(prefix=".build-", dir=_root()) as temporary:
        lines: list[str] = []
        progress = Progress()
        with subprocess.Popen(
            [*command(Path(temporary)), "--verbose"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
            errors="replace",
        ) as process:
            for line in process.stdout or ():
                lines.append(line.rstrip())
                if step := progress.read(line.rstrip()):
                    report(*step)
        built = Path(temporary) / "out"
        missing = [name for name in PROGRAMS if not (built / name).is_file()]
        if process.returncode != 0 or missing:
            tail = "\n".join(lines[-_SHOWN_LINES:])
            raise LabError(
                f"the build of Kubernetes ended with status {process.returncode}, expected 0 and the programs "
                f"{', '.join(PROGRAMS)}; check that apt can reach its Debian mirror, then run again. "
                f"Its last lines:\n{tail}"
            )
        built.replace(directory())
