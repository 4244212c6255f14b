"""The VM image: built once by mmdebstrap, cached under the hash of its recipe, known to podman by that hash."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path

from lab import commands, podman
from lab.files import exclusive
from lab.report import Report
from lab.settings import cache_root

SUITE = "bookworm"
REPOSITORY = "localhost/lambdafs-lab/vm"
_RECIPE = Path(__file__).resolve().parent / "vm"


def recipe_hash(recipe: Path, suite: str) -> str:
    """16 hex digits over the suite and every file of the recipe (path, permission bits, content)."""
    digest = hashlib.sha256(suite.encode())
    for path in sorted(item for item in recipe.rglob("*") if item.is_file()):
        digest.update(f"\0{path.relative_to(recipe)}\0{path.stat().st_mode & 0o111:o}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def name() -> str:
    """The image's name and tag in podman."""
    return f"{REPOSITORY}:{recipe_hash(_RECIPE, SUITE)}"


def cached_tar() -> Path:
    """Where the image's root file system is kept between labs."""
    return cache_root() / f"image-{recipe_hash(_RECIPE, SUITE)}.tar"


def build_command(target: Path) -> list[str]:
    """The mmdebstrap call that writes the root file system to `target`."""
    packages = ",".join((_RECIPE / "packages.txt").read_text(encoding="utf-8").split())
    return [
        "mmdebstrap",
        "--mode=root",
        "--variant=minbase",
        "--format=tar",
        f"--include={packages}",
        "--aptopt=APT::Install-Recommends false",
        "--aptopt=Acquire::Languages none",
        "--dpkgopt=force-unsafe-io",
        "--dpkgopt=path-exclude=/usr/share/doc/*",
        "--dpkgopt=path-exclude=/usr/share/locale/*",
        "--skip=cleanup/apt/lists",
        f"--customize-hook=copy-in {' '.join(str(item) for item in sorted((_RECIPE / 'rootfs').iterdir()))} /",
        f"--customize-hook={_RECIPE / 'customize.sh'}",
        SUITE,
        str(target),
    ]


def progress(line: str) -> tuple[str, bool] | None:
    """What a line of mmdebstrap's output says about its progress and whether that is a detail, or None."""
    if line.startswith("I: "):
        return line[3:], False
    if line.startswith(("Unpacking ", "Setting up ", "Get:")):
        return line.rstrip(" ."), True
    return None


def ensure(report: Report) -> str:
    """Make the image if podman does not have it; returns its name.

    Args:
        report: called with one line for each step, and whether it is a detail.

    Raises:
        LabError: the build or the import failed.
    """
    if podman.image_exists(name()):
        return name()
    with exclusive(cache_root()):
        if not podman.image_exists(name()):
            if not cached_tar().exists():
                _build(cached_tar(), report)
            report(f"importing {cached_tar().name} into podman")
            podman.import_image(cached_tar(), name())
    return name()


def purge() -> None:
    """Remove every image of the lab from podman and from the cache."""
    podman.remove_images(REPOSITORY)
    for path in cache_root().glob("image-*.tar*"):
        path.unlink()


def _build(target: Path, report: Report) -> None:
    """Write the root file system beside `target`, then move it there."""
    with tempfile.TemporaryDirectory(prefix=".image-", dir=target.parent) as directory:
        partial = Path(directory) / "root.tar"

        def show(line: str) -> None:
            if step := progress(line):
                report(*step)

        remedy = "check that apt can reach its Debian mirror, then run again"
        commands.stream([*build_command(partial), "--verbose"], show, remedy)
        partial.replace(target)
