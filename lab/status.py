"""What exists of a lab and how it is."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.table import Table

from lab import image, network, podman, process
from lab.client import server_state
from lab.controller import LAB_REASON
from lab.settings import LabSettings

CLUSTER_COLUMNS = ("name", "region", "status", "endpoint", "kubeconfig")
VM_COLUMNS = ("instance_id", "name", "address", "state", "container", "region")


def collect(lab: LabSettings) -> dict[str, Any]:
    """The lab's state as plain data; works without a server too."""
    state = server_state(lab) or {}
    recorded = process.recorded(lab.files.pid)
    return {
        "name": lab.name,
        "server": {
            "endpoint": lab.endpoint,
            "pid": recorded.pid if recorded else None,
            "state": "up" if state else "not answering" if recorded else "down",
            "log": str(lab.files.log),
        },
        "network": {
            "name": network.network_name(lab.name),
            "subnet": lab.subnet,
            "state": "up" if podman.networks(lab.name) else "absent",
        },
        "image": {"name": image.name(), "state": "present" if podman.image_exists(image.name()) else "absent"},
        "clusters": state.get("clusters", []),
        "vms": state.get("vms", []),
        "containers": len(podman.containers(lab.name)),
        "errors": state.get("errors", []),
    }


def is_up(state: dict[str, Any]) -> bool:
    """Whether server and network are up."""
    return all(state[part]["state"] == "up" for part in ("server", "network"))


def show(state: dict[str, Any], console: Console) -> None:
    """Print the state as tables."""
    parts = Table(title=f"Lab {state['name']}", title_justify="left", show_header=False, box=None)
    server = state["server"]
    parts.add_row("server", server["state"], f"{server['endpoint']} (pid {server['pid'] or '-'})")
    parts.add_row("", "", server["log"])
    parts.add_row("network", state["network"]["state"], f"{state['network']['name']} {state['network']['subnet']}")
    parts.add_row("image", state["image"]["state"], state["image"]["name"])
    parts.add_row("containers", str(state["containers"]), "")
    for column in parts.columns:
        column.no_wrap = True
    console.print(parts)
    if state["clusters"]:
        clusters = Table(*CLUSTER_COLUMNS, box=None, header_style="bold")
        for column in clusters.columns:
            column.no_wrap = True
        for cluster in state["clusters"]:
            clusters.add_row(*(cluster[column] for column in CLUSTER_COLUMNS))
        console.print(clusters)
    shown = [vm for vm in state["vms"] if vm["state"] != "terminated" or vm["reason"].startswith(LAB_REASON)]
    if shown:
        vms = Table(*VM_COLUMNS, box=None, header_style="bold")
        for column in vms.columns:
            column.no_wrap = True
        for vm in shown:
            vms.add_row(*(vm[column] for column in VM_COLUMNS))
        console.print(vms)
    for vm in shown:
        if vm["reason"].startswith(LAB_REASON):
            console.print(f"{vm['instance_id']}: {vm['reason']}", markup=False, style="red", soft_wrap=True)
    for error in state["errors"]:
        line = f"{error['time']} {error['subject']}: {error['message']}"
        console.print(line, markup=False, style="red", soft_wrap=True)
