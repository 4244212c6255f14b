"""What identifies one lab, and where its files lie."""

from __future__ import annotations

import ipaddress
import json
import os
import re
from dataclasses import asdict, dataclass
from pathlib import Path

from lab.errors import LabError
from lab.files import write_atomically

CHECKOUT = Path(__file__).resolve().parent.parent
DEFAULT_NAME = "lambdafs"
DEFAULT_SUBNET = "10.0.0.0/16"
DEFAULT_PORT = 5005
REGION = "us-east-1"
_NAME = re.compile(r"[a-z][a-z0-9-]{0,30}")


def state_root() -> Path:
    """Directory that holds one state directory per lab."""
    base = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(base) / "lambdafs-lab"


def cache_root() -> Path:
    """Directory of what is slow to build, shared by all labs of a user."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "lambdafs-lab"


@dataclass(frozen=True)
class LabSettings:
    """Name, IPv4 subnet (CIDR) and loopback TCP port of one lab."""

    name: str
    subnet: str
    port: int

    @property
    def network(self) -> ipaddress.IPv4Network:
        return ipaddress.IPv4Network(self.subnet)

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def files(self) -> LabFiles:
        return LabFiles(state_root() / self.name)


@dataclass(frozen=True)
class LabFiles:
    """Paths inside one lab's state directory."""

    state_dir: Path

    @property
    def settings(self) -> Path:
        return self.state_dir / "lab.json"

    @property
    def containers_conf(self) -> Path:
        return self.state_dir / "containers.conf"

    @property
    def pid(self) -> Path:
        return self.state_dir / "server.pid"

    @property
    def log(self) -> Path:
        return self.state_dir / "server.log"

    @property
    def api_log(self) -> Path:
        return self.state_dir / "api.jsonl"

    @property
    def aws_config(self) -> Path:
        return self.state_dir / "aws-config"

    @property
    def aws_credentials(self) -> Path:
        return self.state_dir / "aws-credentials"

    @property
    def clusters(self) -> Path:
        """Directory of the lab's EKS clusters, one directory each."""
        return self.state_dir / "kubernetes"

    @property
    def namenode_jar(self) -> Path:
        return self.state_dir / "namenode.jar"

    @property
    def hadoop_archives(self) -> Path:
        """Directory of the archives of the stand-in for Hadoop."""
        return self.state_dir / "hadoop"

    @property
    def operator_key(self) -> Path:
        return self.state_dir / "id_ed25519"

    @property
    def operator_public_key(self) -> Path:
        return self.state_dir / "id_ed25519.pub"


def validated(name: str, subnet: str, port: int) -> LabSettings:
    """Check the three values as a user may give them.

    Raises:
        LabError: a value cannot be used.
    """
    if not _NAME.fullmatch(name):
        raise LabError(
            f"lab name {name!r}: expected 1-31 characters of a-z, 0-9 and '-', starting with a letter; "
            "choose another --name"
        )
    try:
        network = ipaddress.IPv4Network(subnet)
    except ValueError as error:
        raise LabError(
            f"lab subnet {subnet!r}: {error}; expected an IPv4 network such as {DEFAULT_SUBNET}; change --subnet"
        ) from error
    if not network.is_private or network.prefixlen > 24:
        raise LabError(
            f"lab subnet {subnet}: expected a private IPv4 network of /24 or larger, such as {DEFAULT_SUBNET}; "
            "change --subnet"
        )
    if not 1024 <= port <= 65535:
        raise LabError(f"lab port {port}: expected 1024 to 65535; change --port")
    return LabSettings(name, str(network), port)


def load(name: str) -> LabSettings | None:
    """The settings that `up` remembered for the lab of that name, or None."""
    path = LabFiles(state_root() / name).settings
    try:
        return LabSettings(**json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (ValueError, TypeError) as error:
        raise LabError(
            f"{path} is damaged ({error}); expected name, subnet and port; run `python -m lab --name {name} down`"
        ) from error


def save(settings: LabSettings) -> None:
    """Remember the settings in the lab's state directory."""
    write_atomically(settings.files.settings, json.dumps(asdict(settings)) + "\n")
