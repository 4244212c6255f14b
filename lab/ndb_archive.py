"""NDB for the lab: one archive in the layout of Oracle's generic tarball, built once and cached by version.

Debian has the sources of NDB, and `mysqld` with NDB in it, but not NDB's own programs: these are compiled here, and
`mysqld` and `mysql` are taken from Debian's packages with the libraries that they need beside them.
"""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

from lab import commands, ndb_bundle, ndb_debian, ndb_programs
from lab.errors import LabError
from lab.files import exclusive, write_atomically
from lab.report import Report
from lab.settings import CHECKOUT, cache_root

_PACKAGES = CHECKOUT / "tools" / "ndb-build-packages.txt"
_PATTERN = "mysql-cluster-*-linux-x86_64.tar.gz"


def archive_name(version: str) -> str:
    """File name of the archive of a version."""
    return _PATTERN.replace("*", version)


def version_of(archive: Path) -> tuple[int, ...]:
    """The version in an archive's name, for comparing."""
    start, end = (len(part) for part in _PATTERN.split("*"))
    return tuple(int(number) for number in archive.name[start:-end].split("."))


def cached() -> Path | None:
    """The archive of the newest version that was built, or None."""
    return max(cache_root().glob(_PATTERN), key=version_of, default=None)


def checksum_file(archive: Path) -> Path:
    """The file that holds an archive's SHA-256, in 64 digits."""
    return archive.with_name(f"{archive.name}.sha256")


def ensure(report: Report) -> Path:
    """Build the archive if there is none; two callers build it once.

    Args:
        report: called with one line for each step, and whether it is a detail.

    Returns:
        The archive's path; its checksum lies beside it.

    Raises:
        LabError: a package cannot be had, or the build failed.
    """
    if found := cached():
        return found
    cache_root().mkdir(parents=True, exist_ok=True, mode=0o700)
    work = cache_root() / "ndb-build"
    with exclusive(work):
        found = cached()
        if found is None:
            found = _build(work, report)
        shutil.rmtree(work)
    return found


def _build(work: Path, report: Report) -> Path:
    """Make the archive; what a build that failed has left in `work` is used again."""
    report("installing what the build of NDB needs")
    commands.stream(
        [str(CHECKOUT / "tools" / "system_packages.sh"), str(_PACKAGES)],
        lambda line: report(line, detail=True),
        "install what tools/ndb-build-packages.txt lists, then run again",
    )
    root = ndb_debian.extract(work / "root", ["mysql-server-core", "mysql-client-core"], report)
    source = ndb_debian.source(work / "src", report)
    version = ndb_debian.source_version(source)
    offered = ndb_bundle.program_version(root)
    if offered != version:
        raise LabError(
            f"Debian offers mysqld {offered} and the sources of {version}, expected one version: run again in a day"
        )
    programs = ndb_programs.build(source, work / "build", report)
    name = archive_name(version)
    report(f"packing {name}")
    partial = ndb_bundle.pack(root, programs, work / "bundle" / name.removesuffix(".tar.gz"))
    target = cache_root() / name
    with partial.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    write_atomically(checksum_file(target), digest, mode=0o644)
    partial.replace(target)
    return target
