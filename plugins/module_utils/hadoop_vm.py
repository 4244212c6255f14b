# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a VM has of Hadoop: the distribution, Java, unpacked archives, units, and what keeps its clock."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from shutil import which
from typing import Any

from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_server import describe_unit
from ansible_collections.lambdafs.cluster.plugins.module_utils.vm_state import (
    is_running,
    parse_properties,
    read_text,
)

METHODS = ("auto", "archive", "preinstalled")
JDK_METHODS = ("auto", "archive", "package", "preinstalled")
TIME_UNITS = (
    "chrony.service",
    "chronyd.service",
    "systemd-timesyncd.service",
    "ntpsec.service",
    "ntp.service",
    "openntpd.service",
)
_CAP_SYS_TIME = 25

ShowUnit = Callable[[str], str]


@dataclass(frozen=True)
class Wanted:
    """How things are to be had.

    Homes of archives are links. `jdk_archive_home` is None where no archive is given, `jdk_preinstalled_home` where
    Java is to be looked for. `jdk_package` is the name of a Debian package.
    """

    method: str
    preinstalled_home: Path
    archive_home: Path
    jdk: str
    jdk_preinstalled_home: Path | None
    jdk_archive_home: Path | None
    jdk_package: str


def has_hadoop(home: Path) -> bool:
    """Whether there is a Hadoop distribution."""
    return (home / "bin/hdfs").is_file()


def choose_method(wanted: Wanted) -> str:
    """The method of Hadoop's installation, never `auto`: the image's where it has Hadoop, else the archive."""
    if wanted.method != "auto":
        return wanted.method
    return "preinstalled" if has_hadoop(wanted.preinstalled_home) else "archive"


def hadoop_home(wanted: Wanted) -> Path:
    """Where Hadoop is, or will be once it is installed."""
    return wanted.preinstalled_home if choose_method(wanted) == "preinstalled" else wanted.archive_home


def find_java(given: Path | None, on_path: str | None) -> Path | None:
    """The home of the Java that the VM has.

    Args:
        given: its home, where it is known.
        on_path: the program `java` that a shell finds; links are followed.

    Returns:
        None where there is none.
    """
    if given is not None:
        return given if (given / "bin/java").is_file() else None
    if on_path is None:
        return None
    home = Path(on_path).resolve().parent.parent
    # Java 8 has its run-time environment in a directory of its own
    return home.parent if home.name == "jre" and (home.parent / "bin/java").exists() else home


def packaged_java(package: str, root: Path = Path("/usr/lib/jvm")) -> Path | None:
    """The home of the Java that a Debian package installs; None where it is not installed.

    Args:
        package: `openjdk-VERSION-…`, or one of the packages of the distribution's default version.
        root: the directory of all versions.
    """
    version = re.match(r"openjdk-(\d+)-", package)
    homes = sorted(root.glob(f"java-{version[1]}-openjdk-*")) if version else [root / "default-java"]
    return next((home.resolve() for home in homes if (home / "bin/java").is_file()), None)


def choose_jdk(wanted: Wanted, found: Path | None) -> str:
    """The method of Java's installation, never `auto`: an archive that is given, else what there is, else a package."""
    if wanted.jdk != "auto":
        return wanted.jdk
    if wanted.jdk_archive_home is not None:
        return "archive"
    return "preinstalled" if found else "package"


def unlinked(links: Mapping[str, str]) -> list[str]:
    """The links that do not lead to their directory, or whose directory is missing.

    Args:
        links: the directory that each link has to lead to.
    """
    return [
        link
        for link, directory in links.items()
        if not (Path(link).is_symlink() and str(Path(link).readlink()) == directory and Path(directory).is_dir())
    ]


def may_set_clock(status: str, container: bool) -> bool:
    """Whether the VM has a clock of its own.

    Args:
        status: text of /proc/1/status.
        container: whether systemd runs in a container, which it leaves the clock of alone.
    """
    capabilities = re.search(r"^CapEff:\s*([0-9a-f]+)$", status, re.MULTILINE)
    return not container and capabilities is not None and bool(int(capabilities[1], 16) >> _CAP_SYS_TIME & 1)


def time_service(show_unit: ShowUnit) -> str:
    """The unit that keeps the clock; empty where none runs."""
    running = (name for name in TIME_UNITS if is_running(parse_properties(show_unit(name))))
    return next(running, "")


def describe(
    wanted: Wanted,
    links: Mapping[str, str],
    units: Mapping[str, Sequence[str]],
    show_unit: ShowUnit,
    container: bool,
) -> dict[str, Any]:
    """Everything that a role needs to know of the VM.

    Args:
        wanted: how things are to be had.
        links: the directory that each link has to lead to.
        units: the files of each unit.
        show_unit: returns `systemctl show` of a unit.
        container: whether the VM is a container.
    """
    java = find_java(wanted.jdk_preinstalled_home, which("java"))
    jdk = choose_jdk(wanted, java)
    homes = {"archive": wanted.jdk_archive_home, "package": packaged_java(wanted.jdk_package), "preinstalled": java}
    java_home = homes[jdk]
    home = hadoop_home(wanted)
    return {
        "method": choose_method(wanted),
        "hadoop_home": str(home),
        "installed": has_hadoop(home),
        "jdk": jdk,
        "java_home": str(java_home or ""),
        "java_installed": bool(java_home and (java_home / "bin/java").exists()),
        "unlinked": unlinked(links),
        "own_clock": may_set_clock(read_text(Path("/proc/1/status")) or "", container),
        "time_service": time_service(show_unit),
        "units": {
            name: describe_unit(name, [Path(file) for file in files], show_unit) for name, files in units.items()
        },
        "apt": which("apt-get") is not None,
    }
