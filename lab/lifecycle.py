"""`up` and `down`: what brings a lab into being and what removes every trace of it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from time import monotonic

from lab import containers_conf, image, keys, namenode_jar, names, network, podman, preconditions, process, server
from lab.client import server_state
from lab.errors import LabError
from lab.files import exclusive, write_atomically
from lab.hadoop import archives
from lab.kubernetes import addresses, build, clients, control_plane
from lab.report import Report
from lab.settings import CHECKOUT, LabFiles, LabSettings, load, save, state_root

READY_SECONDS = 60.0
_POLL_SECONDS = 0.05
_SHOWN_LINES = 10


def up(lab: LabSettings, report: Report) -> None:
    """Bring the lab up, from nothing, from a crash half-way, or not at all where it is up.

    Args:
        report: called with one line for each step.

    Raises:
        LabError: the machine lacks something, or a part did not start.
    """
    report("checking this machine")
    preconditions.check_machine()
    _refuse_other_settings(lab)
    preconditions.check_subnet(lab, network.bridge(lab.name))
    if process.recorded(lab.files.pid) is None:
        preconditions.check_port(lab.port)
    with exclusive(lab.files.state_dir) as lock:
        _refuse_other_settings(lab)
        _write_files(lab)
        image_name = image.ensure(report)
        kubernetes = build.ensure(report)
        clients.ensure(report)
        report("packing the stand-in for Hadoop")
        archives.write(lab.files.hadoop_archives)
        if _serves(lab):
            network.ensure(lab)
            return
        process.end(lab.files.pid)
        report("making the network")
        podman.remove(*(container.name for container in podman.containers(lab.name)))
        _end_clusters(lab.name, lab.files)
        network.ensure(lab)
        report(f"starting the AWS API at {lab.endpoint}")
        _start_server(lab, image_name, kubernetes, lock)


def down(name: str, purge: bool, report: Report) -> None:
    """Remove the lab's server, containers, network and files, as far as they exist.

    Args:
        purge: remove the VM image and Kubernetes from the cache too, which all labs share.
    """
    files = LabFiles(state_root() / name)
    with exclusive(files.state_dir):
        report("ending the server")
        process.end(files.pid)
        _end_clusters(name, files)
        containers_conf.write(files.containers_conf)
        os.environ["CONTAINERS_CONF"] = str(files.containers_conf)
        report("removing containers and network")
        network.remove(name)
        if purge:
            report("removing the VM image and Kubernetes")
            image.purge()
            build.purge()
        shutil.rmtree(files.state_dir)
    if not any(state_root().iterdir()):
        state_root().rmdir()


def _end_clusters(name: str, files: LabFiles) -> None:
    """End what a server that crashed left running for its EKS clusters."""
    process.end_marked(control_plane.MARKER, str(files.clusters))
    addresses.release(name, *addresses.held(name))
    names.write(name, {})
    if files.clusters.exists():
        shutil.rmtree(files.clusters)


def _refuse_other_settings(lab: LabSettings) -> None:
    known = load(lab.name)
    if known is not None and known != lab and process.recorded(lab.files.pid):
        raise LabError(
            f"lab {lab.name} runs with subnet {known.subnet} and port {known.port}, "
            f"asked for {lab.subnet} and {lab.port}; "
            f"run `python -m lab --name {lab.name} down` first, or choose another --name"
        )


def _write_files(lab: LabSettings) -> None:
    files = lab.files
    save(lab)
    containers_conf.write(files.containers_conf)
    os.environ["CONTAINERS_CONF"] = str(files.containers_conf)
    for empty in (files.aws_config, files.aws_credentials):
        write_atomically(empty, "")
    keys.ensure(files.operator_key, files.operator_public_key, f"lambdafs-lab-{lab.name}")
    files.namenode_jar.write_bytes(namenode_jar.content())


def _serves(lab: LabSettings) -> bool:
    """Whether the recorded server runs and answers, given the time it needs to start."""
    recorded = process.recorded(lab.files.pid)
    return recorded is not None and _await_ready(lab, lambda: process.recorded(lab.files.pid) == recorded)


def _start_server(lab: LabSettings, image_name: str, kubernetes: Path, lock: int) -> None:
    """Start the server, which holds the lock too until its pid file is written: no other can start unseen."""
    with lab.files.log.open("ab") as log:
        child = subprocess.Popen(
            [
                *(sys.executable, "-m", "lab.server", "--name", lab.name, "--image", image_name),
                *("--kubernetes", str(kubernetes), "--lock", str(lock)),
            ],
            cwd=CHECKOUT,
            env=server.environment(lab, dict(os.environ)),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            pass_fds=[lock],
        )
    if _await_ready(lab, lambda: child.poll() is None):
        return
    tail = "\n".join(lab.files.log.read_text(encoding="utf-8", errors="replace").splitlines()[-_SHOWN_LINES:])
    raise LabError(
        f"the lab's server did not answer at {lab.endpoint} within {READY_SECONDS:.0f} s; "
        f"see {lab.files.log}, whose last lines are:\n{tail}"
    )


def _await_ready(lab: LabSettings, still_runs: Callable[[], bool]) -> bool:
    """Wait until the lab's server answers; False where it ended or did not answer in time."""
    deadline = monotonic() + READY_SECONDS
    never = threading.Event()
    while monotonic() < deadline and still_runs():
        if server_state(lab) is not None:
            return True
        never.wait(_POLL_SECONDS)
    return False
