"""A lab with the playbooks beside it: runs them as a user would, and reads what they left."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import psutil

CHECKOUT = Path(__file__).resolve().parents[2]
CLUSTER = "lambdafs"
RECAP = re.compile(r"^(\S+)\s+: ok=(\d+)\s+changed=(\d+)\s+unreachable=(\d+)\s+failed=(\d+)", re.MULTILINE)
ONLY_ZOOKEEPER = (
    "lambdafs_ndb_mgmd_count=0",
    "lambdafs_ndb_datanode_count=0",
    "lambdafs_driver_hopsfs_count=0",
    "lambdafs_eks=false",
)
"""Settings that leave out tiers which a test does not look at."""


def program(name: str) -> str:
    """Path of a program of the environment that runs the tests."""
    return str(Path(sys.executable).with_name(name))


def free_port() -> int:
    """A port of loopback that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def kill_tree(pid: int) -> None:
    """SIGKILL a process and its descendants, whose workers have sessions of their own."""
    process = psutil.Process(pid)
    for one in [process, *process.children(recursive=True)]:
        with suppress(psutil.NoSuchProcess):
            one.kill()


@dataclass
class Result:
    """How a playbook ended."""

    code: int
    output: str

    @property
    def changed(self) -> dict[str, int]:
        """Host to number of changed tasks."""
        return {host: int(changed) for host, _, changed, _, _ in RECAP.findall(self.output)}

    @property
    def text(self) -> str:
        """The output with its white space folded, for messages that are wrapped."""
        return " ".join(self.output.split())

    def succeeded(self) -> Result:
        """This result; an AssertionError with the output when the playbook failed."""
        assert self.code == 0, self.output[-6000:]
        return self


@dataclass
class Site:
    """One lab, and playbooks run against it."""

    name: str
    subnet: str
    port: int
    state_root: Path
    settings: tuple[str, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)

    def lab(self, *arguments: str) -> str:
        """Run a command of the lab and return what it printed."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "LAMBDAFS_"))}
        done = subprocess.run(
            [sys.executable, "-m", "lab", "--name", self.name, *arguments],
            cwd=CHECKOUT,
            env=kept | {"XDG_STATE_HOME": str(self.state_root)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def up(self) -> None:
        """Start the lab and take over its variables."""
        self.lab("up", "--subnet", self.subnet, "--port", str(self.port))
        shown = subprocess.run(
            ["bash", "-c", f"{self.lab('env')}\nenv -0"], capture_output=True, text=True, check=True
        ).stdout
        self.environment = dict(line.split("=", 1) for line in shown.split("\0") if line)
        self.environment["ANSIBLE_CONFIG"] = str(CHECKOUT / "ansible.cfg")
        self.environment["LAMBDAFS_CLUSTER_NAME"] = CLUSTER

    def command(self, playbook: str, *arguments: str) -> list[str]:
        """The command line of a playbook with this site's settings."""
        settings = [part for setting in self.settings for part in ("-e", setting)]
        return [program("ansible-playbook"), playbook, *settings, *arguments]

    def play(self, playbook: str, *arguments: str, environment: Mapping[str, str] | None = None) -> Result:
        """Run a playbook to its end."""
        done = subprocess.run(
            self.command(playbook, *arguments),
            cwd=CHECKOUT,
            env=self.environment | dict(environment or {}),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
            check=False,
        )
        return Result(done.returncode, done.stdout)

    def play_until_task(self, playbook: str, number: int, delay: float, *arguments: str) -> bool:
        """Run a playbook and SIGKILL it, with all it started, `delay` seconds into its task of this number.

        Returns whether it got that far.
        """
        with subprocess.Popen(
            self.command(playbook, *arguments),
            cwd=CHECKOUT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
        ) as running:
            assert running.stdout is not None
            begun = 0
            for line in running.stdout:
                begun += line.startswith("TASK [")
                if begun == number:
                    threading.Event().wait(delay)
                    kill_tree(running.pid)
                    return True
        return False

    def client(self, service: str) -> Any:
        """A boto3 client of the lab's API."""
        connect: Any = boto3.client
        return connect(
            service,
            region_name="us-east-1",
            endpoint_url=self.environment["AWS_ENDPOINT_URL"],
            aws_access_key_id=self.environment["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=self.environment["AWS_SECRET_ACCESS_KEY"],
        )

    def instance(self, name: str) -> tuple[str, str]:
        """Id and address of the running instance of this name."""
        filters = [{"Name": "tag:Name", "Values": [name]}, {"Name": "instance-state-name", "Values": ["running"]}]
        (reservation,) = self.client("ec2").describe_instances(Filters=filters)["Reservations"]
        (found,) = reservation["Instances"]
        return found["InstanceId"], found["PrivateIpAddress"]

    def ssh(self, instance: tuple[str, str], command: str) -> str:
        """What a command prints on a VM; its host key is the pinned one."""
        state = Path(self.environment["LAMBDAFS_LAB_STATE"])
        options = {
            "BatchMode": "yes",
            "HostKeyAlias": instance[0],
            "StrictHostKeyChecking": "yes",
            "UserKnownHostsFile": str(state / "cluster" / CLUSTER / "known_hosts"),
        }
        given = [part for name, value in options.items() for part in ("-o", f"{name}={value}")]
        return subprocess.run(
            ["ssh", "-i", str(state / "id_ed25519"), *given, f"ubuntu@{instance[1]}", command],
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    def report(self) -> dict[str, Any]:
        """What status.yml reports."""
        file = self.state_root / "report.json"
        self.play("playbooks/status.yml", "-e", "status_format=json", "-e", f"status_file={file}").succeeded()
        found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        return found


@contextmanager
def running_site(name: str, subnet: str, root: Path, *settings: str) -> Iterator[Site]:
    """A site whose lab is removed at the end, with everything in it."""
    site = Site(f"{name}-{os.getpid()}", subnet, free_port(), root, settings)
    try:
        site.up()
        yield site
    finally:
        site.lab("down")
        shutil.rmtree(root / "lambdafs-lab", ignore_errors=True)
