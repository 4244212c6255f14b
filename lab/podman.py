"""Every call of the podman program that the lab makes."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lab.errors import LabError

LAB_LABEL = "lambdafs-lab"
INSTANCE_LABEL = "lambdafs-lab.instance"
ADDRESS_LABEL = "lambdafs-lab.address"
TIMEOUT_SECONDS = 180
STOP_SECONDS = 10
VM_USER_ID = 1000


@dataclass(frozen=True)
class Container:
    """One of a lab's containers: its EC2 instance, address, and podman's word for its state."""

    name: str
    instance_id: str
    address: str
    state: str

    @property
    def is_running(self) -> bool:
        return self.state == "running"


@dataclass(frozen=True)
class NewContainer:
    """What a container is made from."""

    lab: str
    network: str
    image: str
    instance_id: str
    address: str
    hostname: str
    authorized_key: str

    @property
    def name(self) -> str:
        return f"{self.lab}-{self.instance_id}"


def podman(*arguments: str, stdin: str | None = None) -> str:
    """Run podman and return its standard output.

    Raises:
        LabError: podman is missing, took too long or failed.
    """
    command = ["podman", *arguments]
    shown = " ".join(command[:3])
    try:
        done = subprocess.run(
            command,
            input=stdin,
            stdin=subprocess.DEVNULL if stdin is None else None,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=TIMEOUT_SECONDS,
            check=False,
        )
    except FileNotFoundError as error:
        raise LabError("podman was not found in PATH; run `apt-get install podman runc`") from error
    except subprocess.TimeoutExpired as error:
        raise LabError(
            f"`{shown}` gave no answer in {TIMEOUT_SECONDS} s; look at the machine's load, then run again"
        ) from error
    if done.returncode != 0:
        reason = " ".join(done.stderr.split()) or "no message"
        raise LabError(f"`{shown}` ended with status {done.returncode}, expected 0: {reason}")
    return done.stdout


def image_exists(image: str) -> bool:
    """Whether podman's store has an image of that name and tag."""
    return any(
        image in (entry.get("Names") or []) for entry in json.loads(podman("images", "--format", "json") or "[]")
    )


def import_image(tar: Path, image: str) -> None:
    """Import a root file system as an image."""
    podman("import", "--quiet", "--change", 'CMD=["/sbin/init"]', str(tar), image)


def remove_images(repository: str) -> None:
    """Remove all images of a repository; containers that still use one make it fail."""
    for entry in json.loads(podman("images", "--format", "json") or "[]"):
        for name in entry.get("Names") or []:
            if name.startswith(f"{repository}:"):
                podman("rmi", name)


def parse_containers(listing: list[dict[str, Any]]) -> list[Container]:
    """The lab's containers out of `podman ps --all --format json`."""
    return [
        Container(
            name=entry["Names"][0],
            instance_id=(entry.get("Labels") or {}).get(INSTANCE_LABEL, ""),
            address=(entry.get("Labels") or {}).get(ADDRESS_LABEL, ""),
            state=entry["State"],
        )
        for entry in listing
    ]


def containers(lab: str) -> list[Container]:
    """All containers of one lab, running or not."""
    listing = podman("ps", "--all", "--format", "json", "--filter", f"label={LAB_LABEL}={lab}")
    return parse_containers(json.loads(listing or "[]"))


def create_command(new: NewContainer) -> list[str]:
    """The arguments of `podman create` for a VM-like container."""
    return [
        "create",
        f"--name={new.name}",
        f"--hostname={new.hostname}",
        f"--network={new.network}",
        f"--ip={new.address}",
        f"--label={LAB_LABEL}={new.lab}",
        f"--label={INSTANCE_LABEL}={new.instance_id}",
        f"--label={ADDRESS_LABEL}={new.address}",
        "--systemd=always",
        "--cap-add=IPC_LOCK",
        "--pull=never",
        f"--stop-timeout={STOP_SECONDS}",
        new.image,
        "/sbin/init",
    ]


def create(new: NewContainer) -> None:
    """Make a container that is not yet started, with the operator's key for user `ubuntu` in place."""
    podman(*create_command(new))
    if not new.authorized_key:
        return
    with tempfile.TemporaryDirectory(prefix="lambdafs-lab-") as directory:
        key_file = Path(directory) / "authorized_keys"
        key_file.write_text(new.authorized_key.strip() + "\n", encoding="utf-8")
        key_file.chmod(0o600)
        os.chown(key_file, VM_USER_ID, VM_USER_ID)
        podman("cp", "--archive=false", str(key_file), f"{new.name}:/home/ubuntu/.ssh/authorized_keys")


def start(name: str) -> None:
    """Start a container."""
    podman("start", name)


def stop(name: str) -> None:
    """Let a container's systemd shut down; it is killed after STOP_SECONDS."""
    podman("stop", name)


def restart(name: str) -> None:
    """Stop and start a container."""
    podman("restart", name)


def remove(*names: str) -> None:
    """Remove containers, running or not; one that is gone already is no error."""
    if names:
        podman("stop", "--ignore", "--time=0", *names)
        podman("rm", "--force", "--ignore", "--volumes", *names)


def host_keys(name: str) -> list[str]:
    """The public SSH host keys of a running container, one OpenSSH line each."""
    output = podman("exec", name, "sh", "-c", "cat /etc/ssh/ssh_host_*_key.pub")
    return [line for line in output.splitlines() if line]


def networks(lab: str) -> list[str]:
    """Names of the networks that carry the lab's label."""
    listing = json.loads(podman("network", "ls", "--format", "json", "--filter", f"label={LAB_LABEL}={lab}") or "[]")
    return [entry.get("name") or entry["Name"] for entry in listing]


def network_subnets(network: str) -> list[str]:
    """The subnets (CIDR) of a network."""
    return subnets_of(_described(network))


def network_device(network: str) -> str:
    """The bridge device of a network."""
    return device_of(_described(network))


def subnets_of(described: dict[str, Any]) -> list[str]:
    """The subnets in the output of `podman network inspect`, of podman 3 (CNI's own form) or later."""
    if "plugins" in described:
        ranges = _bridge_of(described)["ipam"]["ranges"]
        return [entry["subnet"] for alternatives in ranges for entry in alternatives]
    return [entry["subnet"] for entry in described.get("subnets") or []]


def device_of(described: dict[str, Any]) -> str:
    """The bridge device in the output of `podman network inspect`, of podman 3 (CNI's own form) or later."""
    return str(_bridge_of(described)["bridge"] if "plugins" in described else described["network_interface"])


def _bridge_of(described: dict[str, Any]) -> dict[str, Any]:
    return next(plugin for plugin in described["plugins"] if plugin["type"] == "bridge")


def _described(network: str) -> dict[str, Any]:
    """What `podman network inspect` says of one network."""
    described: dict[str, Any] = json.loads(podman("network", "inspect", network))[0]
    return described


def create_network(lab: str, network: str, subnet: str, gateway: str) -> None:
    """Make a bridge network without podman's own name server."""
    podman(
        "network",
        "create",
        "--driver=bridge",
        "--disable-dns",
        f"--label={LAB_LABEL}={lab}",
        f"--subnet={subnet}",
        f"--gateway={gateway}",
        network,
    )


def remove_network(network: str) -> None:
    """Remove a network and containers that still use it."""
    podman("network", "rm", "--force", network)
