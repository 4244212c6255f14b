"""What a caretaker looks after."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping

from lab.kubernetes.access import Access
from lab.kubernetes.addons import Addons
from lab.kubernetes.api import Api
from lab.kubernetes.caretaker import Part
from lab.kubernetes.control_plane import ControlPlane
from lab.kubernetes.load_balancers import LoadBalancers
from lab.kubernetes.node_groups import NodeGroups
from lab.kubernetes.pods import Pods
from lab.kubernetes.volumes import Volumes
from lab.moto_fixes.eks_store import Cluster
from lab.settings import LabSettings


def parts_of(
    settings: LabSettings,
    cluster: Cluster,
    plane: ControlPlane,
    api: Api,
    lock: threading.RLock,
    publish: Callable[[str, Mapping[str, str]], None],
) -> list[Part]:
    """The parts of one cluster's caretaker, in the order in which they are looked after."""
    return [
        plane,
        NodeGroups(cluster, api, lock),
        Access(cluster, api),
        Addons(cluster, api, lock),
        Volumes(cluster, api, plane.directory / "volumes", lock),
        Pods(settings.name, plane, api, lock),
        LoadBalancers(cluster, plane, api, lock, publish),
    ]
