"""A lab of a test's own, beside whatever else runs on the machine."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

import boto3
from botocore import UNSIGNED
from botocore.config import Config

from lab.kubernetes import addresses
from lab.names import HOSTS, mark

CHECKOUT = Path(__file__).resolve().parents[2]
REGION = "us-east-1"


def wait_for(condition: Callable[[], Any], what: str, seconds: float = 30.0) -> Any:
    """Poll until the condition gives something true, and return that."""
    deadline = monotonic() + seconds
    pause = threading.Event()
    while True:
        if result := condition():
            return result
        assert monotonic() < deadline, f"{what} did not come within {seconds} s"
        pause.wait(0.1)


def traces(name: str) -> dict[str, list[Any]]:
    """What a lab of that name leaves on the machine outside its state directory."""
    label = f"label=lambdafs-lab={name}"
    return {
        "addresses": addresses.held(name),
        "clusters": _processes("environ", f"/lambdafs-lab/{name}/kubernetes/"),
        "containers": run(["podman", "ps", "-aq", "--filter", label]).stdout.split(),
        "host names": [line for line in HOSTS.read_text().splitlines() if line.endswith(mark(name))],
        "networks": run(["podman", "network", "ls", "-q", "--filter", label]).stdout.split(),
        "servers": [pid for pid in _processes("cmdline", "lab.server") if pid in _processes("cmdline", name)],
    }


def _processes(file: str, word: str) -> list[int]:
    """Ids of the processes in whose file of /proc the word occurs."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                content = (entry / file).read_bytes()
            except OSError:
                continue
            if word.encode() in content:
                found.append(int(entry.name))
    return found


def run(command: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=300, check=False, **options
    )


@dataclass
class Lab:
    """A lab under test."""

    name: str
    subnet: str
    port: int
    state_root: Path

    @property
    def state_dir(self) -> Path:
        return self.state_root / "lambdafs-lab" / self.name

    @property
    def environment(self) -> dict[str, str]:
        unwanted = ("AWS_", "LAMBDAFS_LAB_", "CONTAINERS_CONF", "KUBE")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(unwanted)}
        return {
            **kept,
            "XDG_STATE_HOME": str(self.state_root),
            "LAMBDAFS_LAB_NAT_SECONDS": "2",
            "LAMBDAFS_LAB_EKS_SECONDS": "1",
        }

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "lab", "--name", self.name, *arguments]
        return run(command, cwd=CHECKOUT, env=self.environment)

    def up(self) -> None:
        done = self.command("up", "--subnet", self.subnet, "--port", str(self.port))
        assert done.returncode == 0, done.stderr

    def status(self) -> dict[str, Any]:
        state: dict[str, Any] = json.loads(self.command("status", "--json").stdout)
        return state

    def client(self, service: str, *, signed: bool = True) -> Any:
        connect: Any = boto3.client
        return connect(
            service,
            region_name=REGION,
            endpoint_url=f"http://127.0.0.1:{self.port}",
            aws_access_key_id="any",
            aws_secret_access_key="any",  # noqa: S106 - the lab takes any
            config=Config(retries={"max_attempts": 1}, signature_version=None if signed else UNSIGNED),
        )

    def ssh(self, address: str, command: str, known_hosts: Path) -> subprocess.CompletedProcess[str]:
        return run(
            [
                "ssh",
                "-i",
                str(self.state_dir / "id_ed25519"),
                "-o",
                "BatchMode=yes",
                "-o",
                "StrictHostKeyChecking=yes",
                "-o",
                f"UserKnownHostsFile={known_hosts}",
                f"ubuntu@{address}",
                command,
            ]
        )


def known_hosts_of(ec2: Any, instance_id: str, address: str, file: Path) -> Path:
    """A known_hosts file out of the console output, which boto3 hands out decoded."""
    console = ec2.get_console_output(InstanceId=instance_id)["Output"]
    keys = console.partition("-----BEGIN SSH HOST KEY KEYS-----\n")[2].partition("-----END SSH HOST KEY KEYS-----")[0]
    assert "ssh-ed25519 " in keys
    file.write_text("".join(f"{address} {' '.join(line.split()[:2])}\n" for line in keys.splitlines()))
    return file


@contextmanager
def started(subnet: str, state_root: Path) -> Iterator[Lab]:
    """A lab that is up, and leaves nothing when it goes down."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    under_test = Lab(f"e2e-{os.getpid()}", subnet, port, state_root)
    under_test.up()
    try:
        yield under_test
    finally:
        done = under_test.command("down")
        assert done.returncode == 0, done.stderr
        left = traces(under_test.name)
        assert not any(left.values()), left
        assert list(under_test.state_root.iterdir()) == []
