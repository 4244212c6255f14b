"""The processes of one pod."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

from lab.kubernetes import addresses, pod_files, programs
from lab.kubernetes.api import Thing
from lab.kubernetes.pod_files import Lookup
from lab.kubernetes.pod_status import ContainerState
from lab.settings import CHECKOUT

CONNECT_SECONDS = 0.2
STOP_SECONDS = 5.0
REFRESH_SECONDS = 2.0
FIRST_BACK_OFF_SECONDS = 1.0
LONGEST_BACK_OFF_SECONDS = 30.0


@dataclass
class Run:
    """One container's process.

    Attributes:
        process: None while the container waits to be started again.
        retry_at: monotonic seconds at which that is.
    """

    container: Thing
    process: subprocess.Popen[bytes] | None = None
    restarts: int = 0
    exit_code: int | None = None
    retry_at: float = 0.0


@dataclass
class PodProcesses:
    """What runs for one pod.

    Attributes:
        lab: name of the lab.
        directory: the pod's own directory.
        volumes: directory of the persistent volumes.
        environment: what every process of the cluster has in its environment.
    """

    lab: str
    pod: Thing
    address: str
    directory: Path
    volumes: Path
    environment: dict[str, str]
    runs: list[Run] = field(default_factory=list)
    _refresh_at: float = 0.0

    def start(self, lookup: Lookup) -> None:
        """Start the containers that have a program.

        Raises:
            Missing: something that the pod needs is not there.
        """
        wanted = [container for container in self.pod["spec"]["containers"] if programs.command_of(container)]
        if not wanted:
            return
        addresses.hold(self.lab, self.address)
        for container in wanted:
            run = Run(container)
            self._launch(run, lookup)
            self.runs.append(run)

    def states(self, lookup: Lookup) -> dict[str, ContainerState]:
        """How the containers are; one that ended is started again when its time has come.

        Now and then, the files of mounted secrets and config maps are brought up to date as well.
        """
        if self.runs and monotonic() >= self._refresh_at:
            pod_files.refresh(self.pod, self.directory, lookup)
            self._refresh_at = monotonic() + REFRESH_SECONDS
        return {run.container["name"]: self._state(run, lookup) for run in self.runs}

    def stop(self) -> None:
        """End the processes, give the address back, and remove the files; volumes stay."""
        for run in self.runs:
            if run.process is not None:
                _end(run.process)
        if self.runs:
            addresses.release(self.lab, self.address)
        shutil.rmtree(self.directory, ignore_errors=True)

    def _state(self, run: Run, lookup: Lookup) -> ContainerState:
        if run.process is not None and (code := run.process.poll()) is not None:
            run.process, run.exit_code = None, code
            run.restarts += 1
            run.retry_at = monotonic() + min(FIRST_BACK_OFF_SECONDS * 2.0**run.restarts, LONGEST_BACK_OFF_SECONDS)
        if run.process is None and monotonic() >= run.retry_at:
            self._launch(run, lookup)
        is_running = run.process is not None
        ports = programs.ports_of(run.container).values()
        is_ready = is_running and all(_answers(self.address, port) for port in ports)
        return ContainerState(is_running, is_ready, run.restarts, run.exit_code, is_waiting=not is_running)

    def _launch(self, run: Run, lookup: Lookup) -> None:
        container = run.container
        command = programs.command_of(container)
        if command is None:
            return
        placed = pod_files.prepare(self.pod, self.directory, self.volumes, lookup)
        mounts = container.get("volumeMounts") or []
        arguments = [*(container.get("command") or []), *(container.get("args") or [])]
        variables = pod_files.variables(container, self.pod, lookup)
        place = programs.Place(self.address, programs.ports_of(container))
        self.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self.directory / f"{container['name']}.log").open("ab") as log:
            run.process = subprocess.Popen(
                command(place, [pod_files.inside(argument, mounts, placed) for argument in arguments]),
                cwd=CHECKOUT,
                env={
                    **self.environment,
                    "PYTHONPATH": str(CHECKOUT),
                    **{name: pod_files.inside(value, mounts, placed) for name, value in variables.items()},
                },
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )


def _answers(address: str, port: int) -> bool:
    try:
        with socket.create_connection((address, port), timeout=CONNECT_SECONDS):
            return True
    except OSError:
        return False


def _end(process: subprocess.Popen[bytes]) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        process.send_signal(number)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            continue
        return
