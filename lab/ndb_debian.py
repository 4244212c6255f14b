"""MySQL's packages and sources from Debian's unstable distribution, unpacked and not installed."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from lab import commands
from lab.errors import LabError
from lab.report import Report

SUITE = "sid"
# Tests and objects that somebody else has built: two thirds of the source archive
_NOT_UNPACKED = (
    "builddir",
    "mysql-test/suite",
    "mysql-test/t",
    "mysql-test/r",
    "mysql-test/std_data",
    "mysql-test/collections",
)


def extract(target: Path, packages: Sequence[str], report: Report) -> Path:
    """Unpack packages with all that they depend on, unless that was done before; returns `target`."""
    if target.exists():
        return target
    report(f"fetching {', '.join(packages)} from Debian {SUITE}")
    partial = target.with_name(f".{target.name}")
    shutil.rmtree(partial, ignore_errors=True)
    command = [
        "mmdebstrap",
        "--mode=root",
        "--variant=extract",
        "--format=directory",
        f"--include={','.join(packages)}",
        "--aptopt=APT::Install-Recommends false",
        "--aptopt=Acquire::Languages none",
        # Its index may be older than it says it may; signatures are checked all the same
        '--aptopt=Acquire::Check-Valid-Until "false"',
        SUITE,
        str(partial),
        "--verbose",
    ]
    commands.stream(
        command,
        lambda line: report(line, detail=True),
        "check that apt can reach its Debian mirror, then run again",
    )
    partial.rename(target)
    return target


def source(target: Path, report: Report) -> Path:
    """Unpack MySQL's sources, unless that was done before; returns `target`."""
    if target.exists():
        return target
    package = extract(target.with_name("source-package"), ["mysql-source"], report)
    report("unpacking MySQL's sources")
    partial = target.with_name(f".{target.name}")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir()
    subprocess.run(
        [
            "tar",
            f"--file={package / 'usr/src/mysql/mysql-source.tar.gz'}",
            "--extract",
            "--gzip",
            "--no-same-owner",
            "--strip-components=1",
            *(f"--exclude=mysql-*/{path}" for path in _NOT_UNPACKED),
        ],
        cwd=partial,
        check=True,
    )
    shutil.rmtree(package)
    partial.rename(target)
    return target


def source_version(source_dir: Path) -> str:
    """The version of MySQL's sources, such as 9.7.4."""
    text = (source_dir / "MYSQL_VERSION").read_text(encoding="ascii")
    numbers = re.findall(r"^MYSQL_VERSION_(?:MAJOR|MINOR|PATCH)=(\d+)$", text, re.MULTILINE)
    if len(numbers) != 3:
        raise LabError(f"{source_dir}/MYSQL_VERSION names {len(numbers)} numbers of a version, expected 3: {text!r}")
    return ".".join(numbers)
