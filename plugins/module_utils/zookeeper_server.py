# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a VM's own ZooKeeper server is: installation, configuration on disk, data, running process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from shutil import which
from typing import Any

from ansible_collections.lambdafs.cluster.plugins.module_utils import zookeeper_settings as settings
from ansible_collections.lambdafs.cluster.plugins.module_utils.vm_state import (
    changed_files,
    is_running,
    memory_mb,
    parse_properties,
    read_text,
    user_exists,
)
from ansible_collections.lambdafs.cluster.plugins.module_utils.zookeeper_members import parse_members

PACKAGE_JARS = ("/usr/share/java/zookeeper.jar", "/usr/share/java/slf4j-simple.jar")
UNIT = "zookeeper.service"
EXPORTER_UNIT = "zookeeper-exporter.service"
UNIT_DIR = Path("/etc/systemd/system")
RUN_DIR = Path("/run/zookeeper")
EXPORTER_RUN_DIR = Path("/run/zookeeper-exporter")
_SERVER_CLASSES = ("QuorumPeerMain", "ZooKeeperServerMain")


@dataclass(frozen=True)
class Layout:
    """Where things are on the VM, and how ZooKeeper is to be had."""

    method: str
    preinstalled_home: Path
    archive_home: Path
    conf_dir: Path
    data_dir: Path
    log_dir: Path
    exporter: Path
    user: str


@dataclass(frozen=True)
class Installation:
    """ZooKeeper's programs. `classpath` is Java's, less the configuration directory."""

    method: str
    home: str
    installed: bool
    classpath: str
    prometheus_provider: bool


@dataclass(frozen=True)
class Data:
    """The server's data: `epoch` of the last quorum it belonged to; `blank` when it never did."""

    epoch: int
    blank: bool
    id: int | None


@dataclass(frozen=True)
class Configuration:
    """What is on disk: `members` are the server lines of the dynamic file, empty where there is none."""

    exists: bool
    members: list[str]
    member_ids: list[int]


def find_installation(layout: Layout) -> Installation:
    """The installation that the method names; `auto` takes a preinstalled one, else Debian's package."""
    method = layout.method
    if method == "auto":
        method = "preinstalled" if (layout.preinstalled_home / "bin/zkServer.sh").exists() else "package"
    if method == "package":
        return Installation(
            method=method,
            home="/usr/share/zookeeper",
            installed=all(Path(jar).exists() for jar in PACKAGE_JARS),
            classpath=":".join(PACKAGE_JARS),
            prometheus_provider=False,
        )
    home = layout.preinstalled_home if method == "preinstalled" else layout.archive_home
    return Installation(
        method=method,
        home=str(home),
        installed=any(home.glob("lib/zookeeper-[0-9]*.jar")),
        classpath=f"{home}/conf:{home}/lib/*",
        prometheus_provider=any(home.glob("lib/zookeeper-prometheus-metrics-*.jar")),
    )


def read_data(data_dir: Path, log_dir: Path) -> Data:
    """What the data directories hold.

    Raises:
        ValueError: an epoch or id file holds no number.
    """
    epoch = read_number(data_dir / "version-2/currentEpoch") or 0
    directories = {data_dir / "version-2", log_dir / "version-2"}
    written = [
        path.name
        for directory in directories
        for pattern in ("log.*", "snapshot.*")
        for path in directory.glob(pattern)
        if path.name != "snapshot.0"
    ]
    return Data(epoch=epoch, blank=epoch == 0 and not written, id=read_number(data_dir / "myid"))


def read_number(path: Path) -> int | None:
    """The number in a file; None where there is no file.

    Raises:
        ValueError: the file holds something else.
    """
    text = read_text(path)
    if text is None:
        return None
    if not text.strip().isdigit():
        raise ValueError(f"{path} holds {text.strip()!r}, expected a number")
    return int(text)


def read_configuration(zoo_cfg: Path) -> Configuration:
    """The membership that zoo.cfg points to."""
    text = read_text(zoo_cfg)
    if text is None:
        return Configuration(exists=False, members=[], member_ids=[])
    dynamic = settings.parse(text).get(settings.DYNAMIC_FILE_KEY)
    members = parse_members(read_text(Path(dynamic)) or "") if dynamic else ()
    return Configuration(
        exists=True, members=[member.line for member in members], member_ids=[member.id for member in members]
    )


def restart_reasons(started_dir: Path, zoo_cfg: Path, unit_file: Path) -> list[str]:
    """How the files on disk differ from those that the running server was started with.

    Args:
        started_dir: where the unit copies zoo.cfg and itself before each start; systemd removes it at a stop.
        zoo_cfg: the configuration on disk.
        unit_file: the unit on disk.
    """
    started = settings.parse(read_text(started_dir / zoo_cfg.name) or "")
    reasons = settings.differences(started, settings.parse(read_text(zoo_cfg) or ""))
    return reasons + changed_files(started_dir, [unit_file])


def foreign_pids(proc: Path, own_pid: int) -> list[int]:
    """Processes that run a ZooKeeper server which the unit did not start."""
    found: list[int] = []
    for path in proc.glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().split(b"\0")
        except (FileNotFoundError, ProcessLookupError):
            continue
        names = {word.decode("utf-8", "replace").rpartition(".")[2] for word in words}
        pid = int(path.parent.name)
        if names & set(_SERVER_CLASSES) and pid != own_pid:
            found.append(pid)
    return sorted(found)


def describe(layout: Layout, show_unit: Callable[[str], str]) -> dict[str, Any]:
    """Everything that the role wants to know of the server, as a module returns it.

    Args:
        layout: where to look.
        show_unit: returns `systemctl show` of a unit.

    Raises:
        ValueError: a file holds something that cannot be read.
    """
    unit = parse_properties(show_unit(UNIT))
    exporter = parse_properties(show_unit(EXPORTER_UNIT))
    zoo_cfg = layout.conf_dir / "zoo.cfg"
    return {
        **asdict(find_installation(layout)),
        "data": asdict(read_data(layout.data_dir, layout.log_dir)),
        "configuration": asdict(read_configuration(zoo_cfg)),
        "running": is_running(unit),
        "started_at": unit.get("ExecMainStartTimestamp", ""),
        "restart_reasons": restart_reasons(RUN_DIR, zoo_cfg, UNIT_DIR / UNIT) if is_running(unit) else [],
        "unit_loaded": unit.get("LoadState") == "loaded",
        "exporter_restart_reasons": (
            changed_files(EXPORTER_RUN_DIR, [UNIT_DIR / EXPORTER_UNIT, layout.exporter]) if is_running(exporter) else []
        ),
        "exporter_loaded": exporter.get("LoadState") == "loaded",
        "foreign_pids": foreign_pids(Path("/proc"), int(unit.get("MainPID") or 0)),
        "memory_mb": memory_mb(),
        "java": which("java") or "",
        "kazoo": find_spec("kazoo") is not None,
        "user_exists": user_exists(layout.user),
        "apt": which("apt-get") is not None,
    }
