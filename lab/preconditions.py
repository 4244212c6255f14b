"""What the machine must offer before the lab changes anything on it."""

from __future__ import annotations

import ipaddress
import os
import platform
import shutil
import socket
from collections.abc import Iterable
from pathlib import Path

from lab import routes
from lab.errors import LabError
from lab.settings import LabSettings

PROGRAMS = {
    "podman": "podman",
    "runc": "runc",
    "ip": "iproute2",
    "iptables": "iptables",
    "mmdebstrap": "mmdebstrap",
    "ssh": "openssh-client",
}
_KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
_EXTRA_PATH = ("/usr/sbin", "/sbin", "/usr/lib/podman", "/usr/libexec/podman", "/usr/lib/cni")
_NETWORK_PROGRAMS = ("netavark", "host-local")
"""What podman makes its networks with: either will do, and the second is offered by every supported release."""


def check_machine() -> None:
    """Check operating system, user and programs.

    Raises:
        LabError: the first thing that is missing.
    """
    if platform.system() != "Linux":
        raise LabError(
            f"this machine runs {platform.system()}, the lab needs Linux: use a Debian 12 or Ubuntu 22.04+ machine"
        )
    if os.geteuid() != 0:
        raise LabError(
            f"running as user id {os.geteuid()}, the lab needs root (it makes a network bridge): "
            "put `sudo -E` before the same command"
        )
    if missing := missing_packages():
        raise LabError(f"programs are missing: run `apt-get install --no-install-recommends {' '.join(missing)}`")


def missing_packages() -> list[str]:
    """Names of the apt packages whose programs or files are not on this machine."""
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), *_EXTRA_PATH])
    missing = [package for program, package in PROGRAMS.items() if shutil.which(program, path=path) is None]
    if not any(shutil.which(program, path=path) for program in _NETWORK_PROGRAMS):
        missing.append("containernetworking-plugins")
    if not _KEYRING.exists():
        missing.append("debian-archive-keyring")
    return sorted(missing)


def route_networks(shown: Iterable[routes.Route], own_bridge: str | None) -> dict[str, ipaddress.IPv4Network]:
    """The networks of the machine's routing tables, by a readable name.

    The default route, addresses of the machine itself, and the bridge and fence of the lab's own network do not
    count. Another lab's fence does: it has the same form, so it counts where the lab has no network yet.
    """
    found: dict[str, ipaddress.IPv4Network] = {}
    for route in shown:
        destination = str(route.get("dst", "default"))
        kind = route.get("type", "unicast")
        is_fence = routes.is_fence(route)
        if destination == "default" or kind in ("broadcast", "multicast", "local"):
            continue
        if own_bridge is not None and (is_fence or route.get("dev") == own_bridge):
            continue
        way = "the fence of another lab" if is_fence else f"by {route.get('dev', kind)}"
        found[f"route {destination} {way}"] = ipaddress.IPv4Network(destination, strict=False)
    return found


def resolver_addresses(resolv_conf: str) -> dict[str, ipaddress.IPv4Network]:
    """The IPv4 name servers of a resolv.conf text, by a readable name."""
    found: dict[str, ipaddress.IPv4Network] = {}
    for line in resolv_conf.splitlines():
        words = line.split()
        if len(words) >= 2 and words[0] == "nameserver" and ":" not in words[1]:
            found[f"name server {words[1]} of /etc/resolv.conf"] = ipaddress.IPv4Network(words[1])
    return found


def overlaps(subnet: ipaddress.IPv4Network, others: dict[str, ipaddress.IPv4Network]) -> list[str]:
    """Names of those networks that share an address with the subnet."""
    return [name for name, network in others.items() if network.overlaps(subnet)]


def check_subnet(settings: LabSettings, own_bridge: str | None) -> None:
    """Refuse a subnet that the machine uses already.

    Args:
        own_bridge: device of the lab's own network if it exists.

    Raises:
        LabError: the subnet overlaps with a route or a name server of the machine.
    """
    used = route_networks(routes.show(), own_bridge)
    used |= resolver_addresses(Path("/etc/resolv.conf").read_text(encoding="utf-8"))
    if found := overlaps(settings.network, used):
        raise LabError(
            f"lab subnet {settings.subnet} overlaps with {', '.join(found)}; "
            "expected a network that this machine does not use: choose another with --subnet"
        )


def check_port(port: int) -> None:
    """Refuse a loopback port that something listens on.

    Raises:
        LabError: the port is taken.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise LabError(
                f"127.0.0.1:{port} is taken by another program ({error.strerror}); "
                "expected a free port: choose another with --port"
            ) from error
