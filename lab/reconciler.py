"""The thread that makes containers follow instances: it looks, asks the controller for a plan, and carries it out."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from time import monotonic
from typing import Any

from moto.core.utils import utcnow
from moto.ec2.models.instances import Instance

from lab import podman
from lab.controller import Action, Kind, Vm, plan
from lab.errors import LabError
from lab.moto_fixes import auto_scaling, instances, nat_gateways, node_instances
from lab.network import network_name
from lab.settings import LabSettings
from lab.ssh_probe import await_ssh

WORKERS = 3
TICK_SECONDS = 1.0
RELIST_SECONDS = 4.0
MOST_ATTEMPTS = 4
KEPT_ERRORS = 20
_UNSETTLED = frozenset({"pending", "stopping", "shutting-down"})

_log = logging.getLogger(__name__)


@dataclass
class Failure:
    """How often in a row an instance's action failed, and when (monotonic seconds) to try again."""

    count: int = 0
    retry_at: float = 0.0


class Reconciler(threading.Thread):
    """Runs until `stop` is called.

    Args:
        lock: guards moto's data.
        is_wanted: tells at each round whether this server is still the lab's server.
        on_unwanted: called once when it is not.
        on_start: called with a container's name when its VM has started.
    """

    def __init__(
        self,
        settings: LabSettings,
        image: str,
        lock: threading.RLock,
        is_wanted: Callable[[], bool],
        on_unwanted: Callable[[], None],
        on_start: Callable[[str], None],
    ) -> None:
        super().__init__(name="reconciler", daemon=True)
        self._settings = settings
        self._image = image
        self._lock = lock
        self._is_wanted = is_wanted
        self._on_unwanted = on_unwanted
        self._on_start = on_start
        self._wake = threading.Event()
        self._stopped = threading.Event()
        self._workers = ThreadPoolExecutor(WORKERS, thread_name_prefix="worker")
        self._busy: set[str] = set()
        self._failures: dict[str, Failure] = {}
        self._errors: deque[dict[str, str]] = deque(maxlen=KEPT_ERRORS)
        self._containers: list[podman.Container] = []
        self._listed_at = float("-inf")

    def wake(self) -> None:
        """Look again now."""
        self._wake.set()

    def stop(self) -> None:
        """End the thread; actions under way are waited for."""
        self._stopped.set()
        self._wake.set()
        self._workers.shutdown(wait=True, cancel_futures=True)

    def run(self) -> None:
        while not self._stopped.is_set():
            if not self._is_wanted():
                self._on_unwanted()
                return
            try:
                self._round()
            except Exception as error:
                _log.exception("a round failed")
                self.note("controller", str(error))
            self._wake.wait(TICK_SECONDS)
            self._wake.clear()

    def state(self) -> dict[str, Any]:
        """What `status` shows: the VMs and the recent errors."""
        by_instance = {container.instance_id: container.state for container in self._containers}
        with self._lock:
            vms = [
                {**_described(instance), "container": by_instance.get(instance.id, "-")}
                for instance in instances.all_instances()
            ]
            return {"vms": vms, "errors": list(self._errors)}

    def _round(self) -> None:
        busy_before = set(self._busy)
        with self._lock:
            nat_gateways.settle(utcnow())
            auto_scaling.settle()
            vms = self._vms()
        unsettled = any(vm.state in _UNSETTLED or vm.reboot_asked for vm in vms)
        if unsettled or monotonic() - self._listed_at > RELIST_SECONDS:
            self._containers = podman.containers(self._settings.name)
            self._listed_at = monotonic()
        waiting = {key for key, failure in list(self._failures.items()) if failure.retry_at > monotonic()}
        with self._lock:
            vms = self._vms()
        busy = busy_before | self._busy | waiting
        for action in plan(vms, self._containers, self._settings.network, busy):
            self._busy.add(action.instance_id)
            self._workers.submit(self._carry_out, action)

    def _vms(self) -> list[Vm]:
        return [instances.as_vm(instance) for instance in instances.all_instances() if _matters(instance)]

    def _carry_out(self, action: Action) -> None:
        try:
            self._do(action)
            if action.kind is not Kind.REMOVE:
                self._failures.pop(action.instance_id, None)
        except Exception as error:
            _log.exception("%s of %s failed", action.kind.value, action.instance_id)
            self.note(action.instance_id, str(error))
            self._count_failure(action)
        finally:
            self._listed_at = float("-inf")
            self._busy.discard(action.instance_id)
            self.wake()

    def _do(self, action: Action) -> None:
        _log.info("%s %s %s", action.kind.value, action.instance_id, action.reason)
        match action.kind:
            case Kind.LAUNCH:
                self._launch(action.instance_id)
            case Kind.START:
                podman.start(action.container)
                self._finish_start(action)
            case Kind.AWAIT_SSH:
                self._finish_start(action)
            case Kind.RESTART:
                podman.restart(action.container)
                self._await_ssh(action.instance_id)
                self._apply(action.instance_id, instances.finish_reboot)
            case Kind.STOP:
                podman.stop(action.container)
                self._apply(action.instance_id, instances.finish_stop)
            case Kind.REMOVE:
                podman.remove(action.container)
            case Kind.MARK_STOPPED:
                self._apply(action.instance_id, instances.finish_stop)
            case Kind.MARK_TERMINATED:
                self._apply(action.instance_id, instances.finish_termination)
            case Kind.REFUSE:
                self.note(action.instance_id, action.reason)
                self._apply(action.instance_id, lambda instance: instances.give_up(instance, action.reason))

    def _launch(self, instance_id: str) -> None:
        vm = self._vm(instance_id)
        new = podman.NewContainer(
            lab=self._settings.name,
            network=network_name(self._settings.name),
            image=self._image,
            instance_id=instance_id,
            address=vm.address,
            hostname=vm.hostname,
            authorized_key=vm.authorized_key,
        )
        podman.create(new)
        podman.start(new.name)
        self._finish_start(Action(Kind.AWAIT_SSH, instance_id, new.name))

    def _finish_start(self, action: Action) -> None:
        self._await_ssh(action.instance_id)
        keys = podman.host_keys(action.container)
        self._on_start(action.container)
        self._apply(action.instance_id, lambda instance: instances.finish_start(instance, keys))

    def _await_ssh(self, instance_id: str) -> None:
        await_ssh(self._vm(instance_id).address, self._stopped)

    def _vm(self, instance_id: str) -> Vm:
        with self._lock:
            instance = instances.find(instance_id)
            if instance is None:
                raise LabError(f"instance {instance_id} is gone from the API's data; it cannot be followed any more")
            return instances.as_vm(instance)

    def _apply(self, instance_id: str, change: Callable[[Instance], None]) -> None:
        """Change an instance in moto's data, if it is still there."""
        with self._lock:
            instance = instances.find(instance_id)
            if instance is not None:
                change(instance)

    def _count_failure(self, action: Action) -> None:
        failure = self._failures.setdefault(action.instance_id, Failure())
        failure.count += 1
        failure.retry_at = monotonic() + 2.0**failure.count
        if failure.count >= MOST_ATTEMPTS and action.kind in (Kind.LAUNCH, Kind.START, Kind.AWAIT_SSH):
            self._failures.pop(action.instance_id)
            reason = f"{action.kind.value} failed {MOST_ATTEMPTS} times, see the lab's log"
            self._apply(action.instance_id, lambda instance: instances.give_up(instance, reason))

    def note(self, subject: str, message: str) -> None:
        """Keep an error for `status`."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        with self._lock:
            self._errors.append({"time": now, "subject": subject, "message": message})


def _matters(instance: Instance) -> bool:
    """Whether an instance may need something; the container of one that does not is removed as unknown."""
    return instance.state != "terminated" and not node_instances.is_node(instance)


def _described(instance: Instance) -> dict[str, str]:
    name = next((tag["value"] for tag in instance.get_tags() if tag["key"] == "Name"), "")
    vm = asdict(instances.as_vm(instance))
    return {
        "instance_id": instance.id,
        "name": name,
        "region": str(instance.region_name),
        "address": vm["address"],
        "state": instance.state,
        "reason": instance.state_reason.message or "",
    }
