"""The processes of one cluster's control plane: etcd, kube-apiserver, kube-controller-manager."""

from __future__ import annotations

import ipaddress
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any

from lab import process
from lab.errors import LabError
from lab.files import write_atomically
from lab.kubernetes import addresses, pki
from lab.kubernetes.api import Api

API_PORT = 443
READY_SECONDS = 180.0
POLL_SECONDS = 0.2
MARKER = "LAMBDAFS_LAB_CLUSTER"
_SHOWN_LINES = 10


@dataclass(frozen=True)
class Ports:
    """Loopback ports; they differ by the address's first octet, the loopback address by the other three."""

    etcd: int
    etcd_peer: int
    controller_manager: int


def ports(address: str) -> Ports:
    """The loopback ports that go with a control plane's address."""
    first = int(address.split(".")[0])
    return Ports(23000 + first, 24000 + first, 25000 + first)


def loopback(address: str) -> str:
    """The loopback address that goes with a control plane's address: 127.51.0.9 with 10.51.0.9."""
    return f"127.{address.split('.', 1)[1]}"


@dataclass(frozen=True)
class ControlPlane:
    """One control plane.

    Attributes:
        lab: name of the lab.
        programs: directory of the three programs.
        directory: what belongs to this cluster alone.
        address: private IPv4 address at which the API is served.
        authenticator: URL of the webhook that knows who a token's bearer is.
        issuer: issuer of service accounts' tokens.
        children: the processes by the name of their program.
    """

    lab: str
    programs: Path
    directory: Path
    address: str
    service_range: str
    authenticator: str
    issuer: str
    children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def files(self) -> pki.Files:
        return pki.Files(self.directory)

    @property
    def endpoint(self) -> str:
        return f"https://{self.address}"

    @property
    def kubeconfig(self) -> Path:
        """The lab's own way in."""
        return self.directory / "admin.kubeconfig"

    def start(self, stopped: Callable[[float], bool], api: Api) -> None:
        """Start everything from nothing, and wait until the API is ready.

        Args:
            stopped: waits so many seconds, and tells whether the server ends.
            api: client of the API.

        Raises:
            LabError: a process ended, or the API did not become ready in time.
        """
        self.stop()
        self.directory.mkdir(parents=True, mode=0o700)
        addresses.hold(self.lab, self.address)
        first_service = ipaddress.IPv4Network(self.service_range).network_address + 1
        names = ["kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local"]
        pki.make(self.files, names, [self.address, str(first_service)])
        write_atomically(self.directory / "authenticator.json", json.dumps(self._webhook()))
        write_atomically(self.kubeconfig, json.dumps(self._admin()))
        self._run("etcd")
        self._run("kube-apiserver")
        self._await(stopped, api.is_healthy)
        self._run("kube-controller-manager")
        self._await(stopped, api.is_populated)

    def _await(self, stopped: Callable[[float], bool], condition: Callable[[], bool]) -> None:
        """Wait for a condition while the processes run."""
        deadline = monotonic() + READY_SECONDS
        while not condition():
            for program, child in self.children.items():
                if child.poll() is not None:
                    raise LabError(self._ended(program))
            if monotonic() > deadline:
                raise LabError(
                    f"the API at {self.endpoint} was not ready within {READY_SECONDS:.0f} s; "
                    f"see the logs in {self.directory}"
                )
            if stopped(POLL_SECONDS):
                raise LabError("the start of a control plane was ended by the server's own end; run `up` again")

    def round(self) -> None:
        """Start what ended by itself again."""
        for program, child in list(self.children.items()):
            if child.poll() is not None:
                self._run(program)

    def stop(self) -> None:
        """End every process of the cluster and remove its files."""
        process.end_marked(MARKER, str(self.directory))
        if self.directory.exists():
            shutil.rmtree(self.directory)
        addresses.release(self.lab, self.address)

    def environment(self) -> dict[str, str]:
        """The environment of the cluster's processes, by which they are found again."""
        kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "PYTHONPATH")}
        return kept | {MARKER: str(self.directory)}

    def _run(self, program: str) -> None:
        options = OPTIONS[program](self)
        with (self.directory / f"{program}.log").open("ab") as log:
            self.children[program] = subprocess.Popen(
                [str(self.programs / program), *(f"--{name}={value}" for name, value in options.items())],
                cwd=self.directory,
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _ended(self, program: str) -> str:
        log = self.directory / f"{program}.log"
        tail = "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-_SHOWN_LINES:])
        return f"{program} of {self.directory.name} ended while it started, expected it to run; its last lines:\n{tail}"

    def _webhook(self) -> dict[str, Any]:
        return _kubeconfig({"server": self.authenticator}, {})

    def _admin(self) -> dict[str, Any]:
        files = self.files
        return _kubeconfig(
            {"server": self.endpoint, "certificate-authority": str(files.ca)},
            {"client-certificate": str(files.admin), "client-key": str(files.admin_key)},
        )


def etcd_options(plane: ControlPlane) -> dict[str, str]:
    """The options of etcd."""
    chosen, host = ports(plane.address), loopback(plane.address)
    client, peer = f"http://{host}:{chosen.etcd}", f"http://{host}:{chosen.etcd_peer}"
    return {
        "data-dir": str(plane.directory / "etcd"),
        "listen-client-urls": client,
        "advertise-client-urls": client,
        "listen-peer-urls": peer,
        "initial-advertise-peer-urls": peer,
        "initial-cluster": f"default={peer}",
        "unsafe-no-fsync": "true",
        "log-level": "warn",
    }


def api_server_options(plane: ControlPlane) -> dict[str, str]:
    """The options of kube-apiserver."""
    files = plane.files
    return {
        "advertise-address": plane.address,
        "bind-address": plane.address,
        "secure-port": str(API_PORT),
        "etcd-servers": f"http://{loopback(plane.address)}:{ports(plane.address).etcd}",
        "service-cluster-ip-range": plane.service_range,
        "service-account-issuer": plane.issuer,
        "service-account-key-file": str(files.service_account_key),
        "service-account-signing-key-file": str(files.service_account_key),
        "api-audiences": "https://kubernetes.default.svc",
        "tls-cert-file": str(files.server),
        "tls-private-key-file": str(files.server_key),
        "client-ca-file": str(files.ca),
        "authorization-mode": "Node,RBAC",
        "authentication-token-webhook-config-file": str(plane.directory / "authenticator.json"),
        "authentication-token-webhook-version": "v1",
        "authentication-token-webhook-cache-ttl": "1s",
        "allow-privileged": "true",
        "endpoint-reconciler-type": "none",
        "profiling": "false",
    }


def controller_manager_options(plane: ControlPlane) -> dict[str, str]:
    """The options of kube-controller-manager; what the lab's stand-ins do is left to them."""
    files = plane.files
    return {
        "kubeconfig": str(plane.kubeconfig),
        "service-account-private-key-file": str(files.service_account_key),
        "root-ca-file": str(files.ca),
        "cluster-signing-cert-file": str(files.ca),
        "cluster-signing-key-file": str(files.ca_key),
        "leader-elect": "false",
        "port": "0",
        "bind-address": loopback(plane.address),
        "secure-port": str(ports(plane.address).controller_manager),
        "cert-dir": str(plane.directory / "controller-manager"),
        "controllers": "*,-nodelifecycle,-attachdetach,-persistentvolume-expander,-ttl",
        "flex-volume-plugin-dir": str(plane.directory / "flex"),
        "profiling": "false",
    }


OPTIONS = {
    "etcd": etcd_options,
    "kube-apiserver": api_server_options,
    "kube-controller-manager": controller_manager_options,
}


def _kubeconfig(cluster: dict[str, str], user: dict[str, str]) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "lab", "cluster": cluster}],
        "users": [{"name": "lab", "user": user}],
        "contexts": [{"name": "lab", "context": {"cluster": "lab", "user": "lab"}}],
        "current-context": "lab",
    }
