"""The archive's content: NDB's programs, and `mysqld` and `mysql` with the libraries that they need.

These two come from a newer distribution than the VMs have. They are started through that distribution's own loader,
which finds the libraries beside itself, so that the archive works wherever it is unpacked.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

from lab.errors import LabError

LOADER = "ld-linux-x86-64.so.2"
_LIBRARIES = "usr/lib/x86_64-linux-gnu"
# Where the packages have the programs
BORROWED = {"mysqld": "usr/sbin/mysqld", "mysql": "usr/bin/mysql"}
# Of the plugins, the one that lets root in by the Unix socket
_PLUGINS = ("auth_socket.so",)
_SHARED = ("charsets", "english", "dictionary.txt")
_WRAPPER = """\
#!/bin/sh
# Starts {program} with the libraries of its own distribution
base=$(dirname -- "$(dirname -- "$(readlink -f -- "$0")")")
exec "$base/lib/private/{program}" --argv0 "$base/bin/{program}" --library-path "$base/lib/private" \\
  "$base/libexec/{program}" "$@"
"""


def needed(dynamic_section: str) -> list[str]:
    """The libraries that a file names as needed, by the output of `readelf --dynamic`."""
    return re.findall(r"\(NEEDED\)\s+Shared library: \[([^]]+)\]", dynamic_section)


def closure(files: Iterable[Path], directory: Path) -> set[Path]:
    """The libraries in `directory` that the files need, directly or through others.

    Raises:
        LabError: one is not there.
    """
    found: set[Path] = set()
    pending = list(files)
    while pending:
        file = pending.pop()
        section = subprocess.run(["readelf", "--dynamic", str(file)], check=True, capture_output=True, text=True).stdout
        for name in needed(section):
            library = directory / name
            if not library.exists():
                raise LabError(f"{file} needs {name}, expected in {directory}: remove {directory} and run again")
            if library not in found:
                found.add(library)
                pending.append(library)
    return found


def program_version(root: Path) -> str:
    """The version of the unpacked packages' `mysqld`, such as 9.7.4.

    Raises:
        LabError: it does not run, or does not tell.
    """
    libraries = root / _LIBRARIES
    program = root / BORROWED["mysqld"]
    command = [str(libraries / LOADER), "--library-path", str(libraries), str(program), "--no-defaults", "--version"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    version = re.search(r"\bVer (\d+\.\d+\.\d+)", ended.stdout)
    if version is None:
        raise LabError(f"mysqld --version printed {ended.stdout + ended.stderr!r}, expected a version")
    return version[1]


def pack(root: Path, programs: Iterable[Path], bundle: Path) -> Path:
    """Lay out the archive's folder and pack it.

    Args:
        root: where the packages are unpacked.
        programs: NDB's programs.
        bundle: the folder to make; the archive has its name.

    Returns:
        The archive, beside the folder.
    """
    shutil.rmtree(bundle, ignore_errors=True)
    for directory in ("bin", "libexec", "lib/private", "lib/plugin", "lib/mysql", "share"):
        (bundle / directory).mkdir(parents=True)
    for program in programs:
        subprocess.run(["strip", f"-o{bundle / 'bin' / program.name}", str(program)], check=True)
    for name in _PLUGINS:
        shutil.copy2(root / "usr/lib/mysql/plugin" / name, bundle / "lib/plugin")
    # The packages' mysqld looks for both below its base directory
    (bundle / "lib/mysql/plugin").symlink_to("../plugin")
    (bundle / "share/mysql").symlink_to(".")
    for name in _SHARED:
        item = root / "usr/share/mysql" / name
        (shutil.copytree if item.is_dir() else shutil.copy2)(item, bundle / "share" / name)
    borrowed = {name: root / path for name, path in BORROWED.items()}
    plugins = [bundle / "lib/plugin" / name for name in _PLUGINS]
    for library in closure([*borrowed.values(), *plugins], root / _LIBRARIES):
        shutil.copy2(library, bundle / "lib/private")
    for name, path in borrowed.items():
        shutil.copy2(path, bundle / "libexec")
        # A process is listed by the name that it was started by
        (bundle / "lib/private" / name).symlink_to(LOADER)
        wrapper = bundle / "bin" / name
        wrapper.write_text(_WRAPPER.format(program=name), encoding="ascii")
        wrapper.chmod(0o755)
    archive = bundle.with_name(f"{bundle.name}.tar.gz")
    subprocess.run(
        [
            "tar",
            f"--file={archive}",
            "--create",
            "--gzip",
            "--sort=name",
            "--owner=0",
            "--group=0",
            "--numeric-owner",
            bundle.name,
        ],
        cwd=bundle.parent,
        check=True,
    )
    return archive
