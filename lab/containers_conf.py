"""The containers.conf that lets podman run VM-like containers on this machine."""

from __future__ import annotations

import resource
from pathlib import Path

from lab.files import write_atomically

CAP_SYS_RESOURCE = 24
_PODMAN_DEFAULT_LIMIT = 1048576


def effective_capabilities(status: str) -> int:
    """The CapEff bit mask out of the text of /proc/<pid>/status."""
    for line in status.splitlines():
        if line.startswith("CapEff:"):
            return int(line.split()[1], 16)
    return 0


def may_raise_limits(capabilities: int) -> bool:
    """Whether a process with these capability bits may raise a hard resource limit."""
    return bool(capabilities >> CAP_SYS_RESOURCE & 1)


def default_ulimits(nofile: int, nproc: int, pid_max: int) -> list[str]:
    """The default limits of podman itself, lowered to what may be set.

    Args:
        nofile: hard limit of open files, -1 for unlimited.
        nproc: hard limit of processes, -1 for unlimited.
        pid_max: the kernel's number of process ids; podman lowers its own nproc to it.
    """
    return [
        f"{name}={value}:{value}"
        for name, value in (("nofile", _lowered(nofile)), ("nproc", min(_lowered(nproc), pid_max)))
    ]


def _lowered(hard: int) -> int:
    return _PODMAN_DEFAULT_LIMIT if hard == resource.RLIM_INFINITY else min(hard, _PODMAN_DEFAULT_LIMIT)


def render(ulimits: list[str]) -> str:
    """The file's text: runc always (crun refuses hybrid cgroups), limits only where given."""
    lines = ["# Written by `python -m lab`.", "[engine]", 'runtime = "runc"']
    if ulimits:
        quoted = ", ".join(f'"{limit}"' for limit in ulimits)
        lines += ["", "[containers]", f"default_ulimits = [{quoted}]"]
    return "\n".join(lines) + "\n"


def text_for_this_machine() -> str:
    """The containers.conf that this machine needs."""
    capabilities = effective_capabilities(Path("/proc/self/status").read_text(encoding="ascii"))
    if may_raise_limits(capabilities):
        return render([])
    nofile = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    nproc = resource.getrlimit(resource.RLIMIT_NPROC)[1]
    pid_max = int(Path("/proc/sys/kernel/pid_max").read_text(encoding="ascii"))
    return render(default_ulimits(nofile, nproc, pid_max))


def write(path: Path) -> bool:
    """Write the file where it differs; returns whether it did."""
    text = text_for_this_machine()
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return False
    write_atomically(path, text, mode=0o644)
    return True
