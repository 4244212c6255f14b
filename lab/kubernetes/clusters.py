"""The thread that makes control planes follow EKS clusters."""

from __future__ import annotations

import base64
import logging
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import ec2_backends

from lab import names as names_module
from lab.errors import LabError
from lab.gateway import WEBHOOK_PATH
from lab.kubernetes import authentication, defaults
from lab.kubernetes.api import Api
from lab.kubernetes.caretaker import Caretaker
from lab.kubernetes.control_plane import ControlPlane
from lab.kubernetes.parts import parts_of
from lab.kubernetes.timing import CHANGE_SECONDS
from lab.moto_fixes import eks_store
from lab.moto_fixes.eks_store import Cluster, now
from lab.settings import LabSettings

TICK_SECONDS = 0.5
WORKERS = 4

_log = logging.getLogger(__name__)


@dataclass
class Running:
    """What runs for a cluster."""

    plane: ControlPlane
    api: Api
    caretaker: Caretaker


class Clusters(threading.Thread):
    """Runs until `stop` is called.

    Args:
        programs: directory of the control plane's programs.
        lock: guards moto's data.
        note: called with subject and message when something fails.
    """

    def __init__(
        self, settings: LabSettings, programs: Path, lock: threading.RLock, note: Callable[[str, str], None]
    ) -> None:
        super().__init__(name="clusters", daemon=True)
        self._settings = settings
        self._programs = programs
        self._lock = lock
        self._note = note
        self._stopped = threading.Event()
        self._wake = threading.Event()
        self._workers = ThreadPoolExecutor(WORKERS, thread_name_prefix="cluster")
        self._busy: set[str] = set()
        self._running: dict[str, Running] = {}
        self._names: dict[str, dict[str, str]] = {}
        self._names_lock = threading.Lock()
        self._updating_since: dict[str, Any] = {}

    def wake(self) -> None:
        """Look again now."""
        self._wake.set()
        for running in list(self._running.values()):
            running.caretaker.wake()

    def stop(self) -> None:
        """End the thread and everything that runs for clusters."""
        self._stopped.set()
        self._wake.set()
        self._workers.shutdown(wait=True, cancel_futures=True)
        for running in list(self._running.values()):
            running.caretaker.stop()
            running.plane.stop()

    def run(self) -> None:
        while not self._stopped.is_set():
            for cluster in eks_store.clusters():
                self._look_at(cluster)
            self._wake.wait(TICK_SECONDS)
            self._wake.clear()

    def state(self) -> list[dict[str, str]]:
        """What `status` shows of the clusters."""
        return [
            {
                "name": cluster.name,
                "region": cluster.region,
                "status": cluster.status,
                "endpoint": cluster.shown.get("endpoint") or "-",
                "kubeconfig": str(self._running[cluster.key].plane.kubeconfig) if cluster.key in self._running else "-",
            }
            for cluster in eks_store.clusters()
        ]

    def answer(self, path: str, review: dict[str, Any]) -> dict[str, Any] | None:
        """The answer to a cluster's question who the bearer of a token is, or None for a path that is no cluster's."""
        cluster = eks_store.by_key(path.removeprefix(WEBHOOK_PATH))
        running = self._running.get(cluster.key) if cluster else None
        if cluster is None or running is None:
            return None
        return authentication.reviewed(cluster, running.api, review)

    def publish(self, key: str, names: Mapping[str, str]) -> None:
        """Let this machine and the VMs know the names of a cluster's load balancers."""
        with self._names_lock:
            self._names.pop(key, None)
            if names:
                self._names[key] = dict(names)
            names_module.publish(self._settings.name, self.names())

    def names(self) -> dict[str, str]:
        """The names of all load balancers, with their addresses."""
        return {name: address for found in list(self._names.values()) for name, address in found.items()}

    def _look_at(self, cluster: Cluster) -> None:
        if cluster.key in self._busy:
            return
        if cluster.status == "CREATING":
            self._submit(cluster, self._start)
        elif cluster.status == "DELETING":
            self._submit(cluster, self._end)
        elif cluster.status == "UPDATING":
            began = self._updating_since.setdefault(cluster.key, now())
            if (now() - began).total_seconds() >= CHANGE_SECONDS:
                with self._lock:
                    del self._updating_since[cluster.key]
                    cluster.status = "ACTIVE"
                    eks_store.finish_updates(cluster)

    def _submit(self, cluster: Cluster, work: Callable[[Cluster], None]) -> None:
        self._busy.add(cluster.key)

        def carry_out() -> None:
            try:
                work(cluster)
            except Exception as error:
                _log.exception("cluster %s", cluster.name)
                self._note(f"cluster {cluster.name}", str(error))
                with self._lock:
                    cluster.status = "FAILED"
                    issue = {"code": "InternalFailure", "message": str(error), "resourceIds": [cluster.shown["arn"]]}
                    cluster.shown["health"] = {"issues": [issue]}
            finally:
                self._busy.discard(cluster.key)
                self._wake.set()

        self._workers.submit(carry_out)

    def _start(self, cluster: Cluster) -> None:
        plane = self._plane(cluster)
        api = Api(plane.endpoint, plane.files)
        plane.start(self._stopped.wait, api)
        defaults.apply(api)
        caretaker = Caretaker(
            cluster.name, parts_of(self._settings, cluster, plane, api, self._lock, self.publish), self._note
        )
        self._running[cluster.key] = Running(plane, api, caretaker)
        caretaker.start()
        with self._lock:
            cluster.shown["endpoint"] = plane.endpoint
            data = base64.b64encode(plane.files.ca.read_bytes()).decode("ascii")
            cluster.shown["certificateAuthority"] = {"data": data}
            cluster.status = "ACTIVE"
        _log.info("cluster %s serves at %s", cluster.name, plane.endpoint)

    def _end(self, cluster: Cluster) -> None:
        running = self._running.pop(cluster.key, None)
        if running is not None:
            running.caretaker.stop()
        self._plane(cluster).stop()
        try:
            self.publish(cluster.key, {})
        except LabError as error:
            self._note(f"cluster {cluster.name}", f"a VM still knows the names of its load balancers: {error}")
        with self._lock:
            ec2 = ec2_backends[cluster.account][cluster.region]
            for interface_id in cluster.interface_ids:
                if interface_id in ec2.enis:
                    ec2.delete_network_interface(interface_id)
            try:
                ec2.delete_security_group(group_id=cluster.group_id)
            except EC2ClientError as error:
                self._note(f"cluster {cluster.name}", f"its security group {cluster.group_id} stays: {error}")
            eks_store.forget(cluster)
        _log.info("cluster %s is gone", cluster.name)

    def _plane(self, cluster: Cluster) -> ControlPlane:
        return ControlPlane(
            lab=self._settings.name,
            programs=self._programs,
            directory=self._settings.files.clusters / cluster.key,
            address=cluster.address,
            service_range=cluster.shown["kubernetesNetworkConfig"]["serviceIpv4Cidr"],
            authenticator=f"{self._settings.endpoint}{WEBHOOK_PATH}{cluster.key}",
            issuer=cluster.shown["identity"]["oidc"]["issuer"],
        )
