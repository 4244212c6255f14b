# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a VM has of NDB: programs and where they are, units, and what these were started with."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from shutil import which
from typing import Any

from ansible_collections.lambdafs.cluster.plugins.module_utils.vm_state import (
    changed_files,
    is_running,
    memory_mb,
    parse_properties,
    user_exists,
)

METHODS = ("auto", "archive", "package", "preinstalled")
PACKAGE_DIRS = (Path("/usr/sbin"), Path("/usr/bin"))
PLUGIN_DIRS = ("lib/plugin", "lib/mysql/plugin")
RUN_DIR = Path("/run")

Run = Callable[[Sequence[str]], str]


@dataclass(frozen=True)
class Layout:
    """Where programs may be, and how they are to be had. `archive_home` is None where no archive is given."""

    method: str
    preinstalled_bin_dir: Path
    preinstalled_base_dir: Path
    archive_home: Path | None


@dataclass(frozen=True)
class Installation:
    """How programs are had: `directories` in the order of the search; `base_dir` is MySQL's."""

    method: str
    directories: tuple[Path, ...]
    base_dir: Path

    def path_of(self, program: str) -> Path:
        """Where a program is, or will be once it is installed."""
        found = [directory / program for directory in self.directories if (directory / program).exists()]
        return (found or [self.directories[0] / program])[0]

    def has(self, program: str) -> bool:
        """Whether a program is there."""
        return self.path_of(program).exists()

    @property
    def plugin_dir(self) -> Path:
        """Where the SQL node's plugins are."""
        places = [self.base_dir / place for place in PLUGIN_DIRS]
        return next((place for place in places if place.is_dir()), places[0])


def preinstalled(layout: Layout) -> Installation:
    """What the VM's image brings: programs that were put beside MySQL's own directory are found there, too."""
    directories = (layout.preinstalled_bin_dir, layout.preinstalled_base_dir / "bin")
    return Installation("preinstalled", directories, layout.preinstalled_base_dir)


def find_installation(layout: Layout, programs: Sequence[str]) -> Installation:
    """The installation that the method names.

    Args:
        layout: where to look; `auto` takes a preinstalled one that has every program, else the archive where one is
            given, else MySQL's packages.
        programs: names of programs.

    Raises:
        ValueError: the method is `archive` and no archive is given.
    """
    method = layout.method
    if method == "auto":
        image = preinstalled(layout)
        if all(image.has(program) for program in programs):
            return image
        method = "archive" if layout.archive_home else "package"
    if method == "preinstalled":
        return preinstalled(layout)
    if method == "package":
        return Installation(method, PACKAGE_DIRS, Path("/usr"))
    if layout.archive_home is None:
        raise ValueError("method is archive and archive_home is empty, expected the directory of an unpacked archive")
    return Installation(method, (layout.archive_home / "bin",), layout.archive_home)


def missing_libraries(text: str) -> list[str]:
    """The libraries that `ldd` did not find, by its output."""
    return [line.split()[0] for line in text.splitlines() if line.rstrip().endswith("=> not found")]


def is_binary(path: Path) -> bool:
    """Whether a file is an ELF program, and not a script."""
    with path.open("rb") as stream:
        return stream.read(4) == b"\x7fELF"


def describe_unit(name: str, files: Sequence[Path], show_unit: Callable[[str], str]) -> dict[str, Any]:
    """A unit, and how the files on disk differ from those that its process was started with.

    Args:
        name: the unit's name; it keeps copies of its files in a run-time directory of the same name.
        files: the files that it copies.
        show_unit: returns `systemctl show` of a unit.
    """
    unit = parse_properties(show_unit(name))
    running = is_running(unit)
    started_dir = RUN_DIR / name.removesuffix(".service")
    return {
        "loaded": unit.get("LoadState") == "loaded",
        "running": running,
        "restart_reasons": changed_files(started_dir, files) if running else [],
    }


def describe(
    layout: Layout,
    programs: Sequence[str],
    user: str,
    units: Mapping[str, Sequence[str]],
    run: Run,
) -> dict[str, Any]:
    """Everything that the roles want to know, as a module returns it.

    Args:
        layout: where to look.
        programs: names of programs that the VM needs.
        user: the user that NDB's processes run as.
        units: the files of each unit, by its name.
        run: returns the standard output of a command.

    Raises:
        ValueError: the layout lacks what the method needs.
    """
    installation = find_installation(layout, programs)
    paths = {program: installation.path_of(program) for program in programs}
    missing = [program for program, path in paths.items() if not path.exists()]
    libraries = {
        library
        for path in paths.values()
        if path.exists() and is_binary(path)
        for library in missing_libraries(run(["ldd", str(path)]))
    }
    first = next(iter(paths.values()), installation.directories[0] / "-")
    return {
        "method": installation.method,
        "base_dir": str(installation.base_dir),
        "bin_dir": str(first.parent),
        "plugin_dir": str(installation.plugin_dir),
        "paths": {program: str(path) for program, path in paths.items()},
        "missing": missing,
        "missing_libraries": sorted(libraries),
        "units": {
            name: describe_unit(name, [Path(file) for file in files], lambda unit: run(["systemctl", "show", unit]))
            for name, files in units.items()
        },
        "memory_mb": memory_mb(),
        "cpus": len(os.sched_getaffinity(0)),
        "user_exists": user_exists(user),
        "pymysql": find_spec("pymysql") is not None,
        "apt": which("apt-get") is not None,
    }
