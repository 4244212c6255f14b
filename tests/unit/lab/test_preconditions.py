"""Which networks of the machine a lab's subnet must keep clear of."""

from __future__ import annotations

from ipaddress import IPv4Network
from pathlib import Path

import pytest

from lab.errors import LabError
from lab.preconditions import overlaps, resolver_addresses, route_networks
from lab.routes import Route
from lab.settings import LabSettings, validated

ROUTES: list[Route] = [
    {"dst": "default", "gateway": "192.0.2.1", "dev": "eth0"},
    {"dst": "192.0.2.0/24", "dev": "eth0"},
    {"dst": "10.0.0.0/16", "dev": "podman1"},
    {"dst": "10.8.0.1", "dev": "tun0"},
    {"type": "local", "dst": "10.0.0.1", "dev": "podman1"},
    {"type": "broadcast", "dst": "10.0.255.255", "dev": "eth0"},
    {"type": "unreachable", "dst": "10.0.0.0/16", "dev": "lo", "metric": 4242},
]


def test_own_bridge_and_fence_and_the_default_route_do_not_count() -> None:
    assert list(route_networks(ROUTES, "podman1").values()) == [IPv4Network("192.0.2.0/24"), IPv4Network("10.8.0.1/32")]


def test_overlap_names_the_route() -> None:
    used = route_networks(ROUTES, None)
    assert overlaps(IPv4Network("10.0.0.0/12"), used) == [
        "route 10.0.0.0/16 by podman1",
        "route 10.8.0.1 by tun0",
        "route 10.0.0.0/16 the fence of another lab",
    ]
    assert overlaps(IPv4Network("10.1.0.0/16"), used) == []


def test_overlap_names_the_name_server() -> None:
    used = resolver_addresses("# none\nsearch example.org\nnameserver fe80::1\nnameserver 10.255.255.53\n")
    assert overlaps(IPv4Network("10.255.0.0/16"), used) == ["name server 10.255.255.53 of /etc/resolv.conf"]


@pytest.mark.parametrize(
    ("name", "subnet", "port"),
    [
        ("Lab", "10.0.0.0/16", 5005),
        ("a/b", "10.0.0.0/16", 5005),
        ("lab", "10.0.0.0/33", 5005),
        ("lab", "10.0.0.1/16", 5005),
        ("lab", "8.8.0.0/16", 5005),
        ("lab", "10.0.0.0/28", 5005),
        ("lab", "10.0.0.0/16", 80),
    ],
)
def test_settings_that_cannot_be_used_are_refused(name: str, subnet: str, port: int) -> None:
    with pytest.raises(LabError, match="expected"):
        validated(name, subnet, port)


def test_state_lies_below_xdg_state_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert LabSettings("one", "10.0.0.0/16", 5005).files.pid == tmp_path / "lambdafs-lab" / "one" / "server.pid"
