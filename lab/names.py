"""Host names of the lab's load balancers, in the hosts files of this machine and of the VMs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from lab import podman
from lab.errors import LabError
from lab.files import exclusive
from lab.settings import state_root

HOSTS = Path("/etc/hosts")


def mark(lab: str) -> str:
    """The comment at the end of each of a lab's lines."""
    return f"# lambdafs-lab {lab}"


def with_names(text: str, lab: str, names: Mapping[str, str]) -> str:
    """The text of a hosts file with these names of the lab in it, and no others of the lab.

    Args:
        names: host name → IPv4 address.
    """
    kept = [line for line in text.splitlines() if not line.endswith(mark(lab))]
    added = [f"{address} {name} {mark(lab)}" for name, address in sorted(names.items())]
    return "\n".join([*kept, *added]) + "\n"


def publish(lab: str, names: Mapping[str, str]) -> None:
    """Let this machine and the lab's running VMs know exactly these names of the lab."""
    write(lab, names)
    for name in running(lab):
        try:
            tell(name, lab, names)
        except LabError:
            # A VM that has ended meanwhile need not know
            if name in running(lab):
                raise


def running(lab: str) -> list[str]:
    """The containers of the VMs that run."""
    return [container.name for container in podman.containers(lab) if container.is_running]


def write(lab: str, names: Mapping[str, str]) -> None:
    """Let this machine know exactly these names of the lab."""
    with exclusive(state_root()):
        text = HOSTS.read_text(encoding="utf-8")
        wanted = with_names(text, lab, names)
        if wanted != text:
            # written in place: in a container, the file is a mount and cannot be replaced
            HOSTS.write_text(wanted, encoding="utf-8")


def tell(container: str, lab: str, names: Mapping[str, str]) -> None:
    """Let one running VM know exactly these names of the lab."""
    text = podman.podman("exec", container, "cat", str(HOSTS))
    wanted = with_names(text, lab, names)
    if wanted != text:
        podman.podman("exec", "--interactive", container, "sh", "-c", f"cat > {HOSTS}", stdin=wanted)
