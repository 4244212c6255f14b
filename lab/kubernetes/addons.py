"""What EKS add-ons put into a cluster, and the add-ons' states, which follow from it."""

from __future__ import annotations

import threading

from lab.kubernetes.api import Api, Thing, path_of
from lab.kubernetes.timing import CHANGE_SECONDS
from lab.kubernetes.volumes import ACCOUNT, ROLE_ANNOTATION
from lab.moto_fixes import eks_store
from lab.moto_fixes.eks_addons import CATALOGUE
from lab.moto_fixes.eks_store import Addon, Cluster, now

NAMESPACE = "kube-system"
PATIENCE_SECONDS = 20.0
"""How long an add-on waits for its pods before it is DEGRADED; EKS waits for 20 minutes."""

WORKLOADS: dict[str, list[tuple[str, str, int]]] = {
    "vpc-cni": [("DaemonSet", "aws-node", 0)],
    "coredns": [("Deployment", "coredns", 2)],
    "kube-proxy": [("DaemonSet", "kube-proxy", 0)],
    "aws-ebs-csi-driver": [("Deployment", "ebs-csi-controller", 2), ("DaemonSet", "ebs-csi-node", 0)],
    "eks-pod-identity-agent": [("DaemonSet", "eks-pod-identity-agent", 0)],
}
"""Add-on → kind, name and number of replicas of what it runs."""

_COLLECTIONS = {"DaemonSet": "apis/apps/v1/daemonsets", "Deployment": "apis/apps/v1/deployments"}
_ACCOUNTS = "api/v1/serviceaccounts"


class Addons:
    """Follows the add-ons of a cluster.

    Args:
        lock: guards moto's data.
    """

    def __init__(self, cluster: Cluster, api: Api, lock: threading.RLock) -> None:
        self._cluster = cluster
        self._api = api
        self._lock = lock

    def round(self) -> None:
        """Look once, and do what is to do."""
        for addon in list(self._cluster.addons.values()):
            match addon.shown["status"]:
                case "CREATING" | "UPDATING":
                    self._install(addon)
                    self._settle(addon)
                case "DELETING":
                    self._remove(addon)
                case "DEGRADED":
                    self._settle(addon)

    def _install(self, addon: Addon) -> None:
        for account in accounts_of(addon):
            name = account["metadata"]["name"]
            if not self._api.create(path_of(_ACCOUNTS, NAMESPACE), account):
                annotation = {ROLE_ANNOTATION: addon.shown["serviceAccountRoleArn"]}
                self._api.patch(path_of(_ACCOUNTS, NAMESPACE, name), {"metadata": {"annotations": annotation}})
        for kind, name, replicas in WORKLOADS[addon.name]:
            body = workload(addon, kind, name, replicas)
            if not self._api.create(path_of(_COLLECTIONS[kind], NAMESPACE), body):
                self._api.patch(path_of(_COLLECTIONS[kind], NAMESPACE, name), body)

    def _settle(self, addon: Addon) -> None:
        """Let the add-on's state follow its pods."""
        age = (now() - addon.since).total_seconds()
        lacking = [name for kind, name, _ in WORKLOADS[addon.name] if not self._is_available(kind, name)]
        with self._lock:
            if not lacking and age >= CHANGE_SECONDS:
                addon.shown["status"] = "ACTIVE"
                addon.shown["health"] = {"issues": []}
                eks_store.finish_updates(addon)
            elif lacking and age >= PATIENCE_SECONDS:
                addon.shown["status"] = "DEGRADED"
                message = f"The add-on is unhealthy because it doesn't have the desired number of replicas: {lacking}"
                addon.shown["health"] = {
                    "issues": [{"code": "InsufficientNumberOfReplicas", "message": message, "resourceIds": []}]
                }
                eks_store.finish_updates(addon, "Failed")

    def _is_available(self, kind: str, name: str) -> bool:
        found = self._api.get(path_of(_COLLECTIONS[kind], NAMESPACE, name)) or {}
        status = found.get("status") or {}
        if status.get("observedGeneration") != (found.get("metadata") or {}).get("generation"):
            return False
        if kind == "DaemonSet":
            return bool(status.get("numberAvailable", 0) >= status.get("desiredNumberScheduled", 0))
        return bool(status.get("availableReplicas", 0) >= found["spec"]["replicas"])

    def _remove(self, addon: Addon) -> None:
        if not addon.keeps_objects:
            for kind, name, _ in WORKLOADS[addon.name]:
                self._api.delete(f"{path_of(_COLLECTIONS[kind], NAMESPACE, name)}")
            for account in accounts_of(addon):
                self._api.delete(path_of(_ACCOUNTS, NAMESPACE, account["metadata"]["name"]))
        if (now() - addon.since).total_seconds() >= CHANGE_SECONDS:
            with self._lock:
                self._cluster.addons.pop(addon.name, None)


def accounts_of(addon: Addon) -> list[Thing]:
    """The service accounts of an add-on, annotated with its role."""
    names = list(CATALOGUE[addon.name]["accounts"])
    role = addon.shown["serviceAccountRoleArn"]
    return [
        {
            "apiVersion": "v1",
            "kind": "ServiceAccount",
            "metadata": {
                "name": name,
                "namespace": NAMESPACE,
                "annotations": {ROLE_ANNOTATION: role} if role else {},
            },
        }
        for name in names
    ]


def workload(addon: Addon, kind: str, name: str, replicas: int) -> Thing:
    """The DaemonSet or Deployment of an add-on."""
    labels = {"app.kubernetes.io/name": addon.name, "k8s-app": name}
    account = ACCOUNT if name == "ebs-csi-controller" else next(iter(CATALOGUE[addon.name]["accounts"]), "default")
    pod: Thing = {
        "serviceAccountName": account if name != "ebs-csi-node" else "default",
        "containers": [{"name": name, "image": f"eks/{name}:{addon.shown['addonVersion']}"}],
        "priorityClassName": "system-cluster-critical",
    }
    spec: Thing = {
        "selector": {"matchLabels": labels},
        "template": {"metadata": {"labels": labels}, "spec": pod},
    }
    if kind == "DaemonSet":
        pod["tolerations"] = [{"operator": "Exists"}]
        pod["hostNetwork"] = True
        pod["priorityClassName"] = "system-node-critical"
    else:
        spec["replicas"] = replicas
    return {
        "apiVersion": "apps/v1",
        "kind": kind,
        "metadata": {"name": name, "namespace": NAMESPACE, "labels": labels},
        "spec": spec,
    }
