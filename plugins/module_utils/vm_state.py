# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a VM is and runs: units, users, memory, files that a service was started with."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

_MEMORY_LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")


def read_text(path: Path) -> str | None:
    """A file's text; None where there is no file."""
    return path.read_text(encoding="utf-8") if path.is_file() else None


def changed_files(started_dir: Path, files: Sequence[Path]) -> list[str]:
    """The files that differ from their copies in `started_dir`, one sentence each."""
    return [f"{path.name} changed" for path in files if read_text(started_dir / path.name) != read_text(path)]


def parse_properties(text: str) -> dict[str, str]:
    """The answer of `systemctl show` by property."""
    return {name: value for name, _equals, value in (line.partition("=") for line in text.splitlines())}


def is_running(unit: Mapping[str, str]) -> bool:
    """Whether a unit has a main process, by its properties."""
    return unit.get("ActiveState") in ("active", "activating", "reloading") and unit.get("MainPID", "0") != "0"


def memory_mb() -> int:
    """The VM's memory in MiB, or its control group's limit where that is less."""
    total = re.search(r"^MemTotal:\s+(\d+) kB", Path("/proc/meminfo").read_text(encoding="ascii"), re.MULTILINE)
    amounts = [int(total[1]) * 1024] if total else []
    texts = (read_text(Path(path)) for path in _MEMORY_LIMITS)
    amounts += [int(text) for text in texts if text and text.strip().isdigit()]
    return min(amounts) // 1024 // 1024


def user_exists(name: str) -> bool:
    """Whether the VM has a user of this name."""
    return any(line.startswith(f"{name}:") for line in (read_text(Path("/etc/passwd")) or "").splitlines())
