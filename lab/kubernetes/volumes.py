"""Stands in for the EBS CSI driver: claims get volumes, if the add-on is there and may make them."""

from __future__ import annotations

import math
import shutil
import threading
from pathlib import Path
from typing import Any

import yaml
from moto.ec2.models import ec2_backends
from moto.iam.models import iam_backends

from lab.kubernetes.api import Api, Thing, path_of
from lab.kubernetes.events import Events
from lab.kubernetes.quantities import number
from lab.moto_fixes import eks_roles
from lab.moto_fixes.eks_clusters import OWNED, cluster_tag
from lab.moto_fixes.eks_store import Cluster

DRIVER = "ebs.csi.aws.com"
PROVISIONERS = (DRIVER, "kubernetes.io/aws-ebs")
ADDON = "aws-ebs-csi-driver"
ACCOUNT = "ebs-csi-controller-sa"
ROLE_ANNOTATION = "eks.amazonaws.com/role-arn"
AUDIENCE = "sts.amazonaws.com"
SELECTED_NODE = "volume.kubernetes.io/selected-node"
DEFAULT_CLASS = "storageclass.kubernetes.io/is-default-class"
PERMISSION = "ec2:CreateVolume"
GIBIBYTE = 2.0**30
_ZONE_KEY = "topology.kubernetes.io/zone"
_CLAIMS = "api/v1/persistentvolumeclaims"
_VOLUMES = "api/v1/persistentvolumes"
_CLASSES = "apis/storage.k8s.io/v1/storageclasses"


def zone_of(volume: Thing) -> str:
    """The zone in which alone a volume can be used, or an empty text."""
    required = (volume.get("spec", {}).get("nodeAffinity") or {}).get("required") or {}
    for term in required.get("nodeSelectorTerms") or []:
        for expression in term.get("matchExpressions") or []:
            if expression["key"] == _ZONE_KEY:
                return str(expression["values"][0])
    return ""


def extra_tags(configuration: str | None) -> dict[str, str]:
    """The tags that the add-on's configuration (JSON or YAML) gives to every volume."""
    controller = yaml.safe_load(configuration or "{}").get("controller") or {}
    return {str(key): str(value) for key, value in (controller.get("extraVolumeTags") or {}).items()}


class Volumes:
    """Looks after the claims and volumes of a cluster.

    Args:
        directory: where the content of volumes lies, one directory each.
        lock: guards moto's data.
    """

    def __init__(self, cluster: Cluster, api: Api, directory: Path, lock: threading.RLock) -> None:
        self._cluster = cluster
        self._api = api
        self._directory = directory
        self._lock = lock
        self._events = Events(api, f"{DRIVER}_ebs-csi-controller")

    def round(self) -> None:
        """Look once, and do what is to do."""
        claims = [
            claim
            for claim in self._api.list_all(path_of(_CLAIMS))
            if claim["status"].get("phase") == "Pending" and not claim["spec"].get("volumeName")
        ]
        released = [
            volume
            for volume in self._api.list_all(path_of(_VOLUMES))
            if volume["status"].get("phase") == "Released"
            and (volume["spec"].get("csi") or {}).get("driver") == DRIVER
            and volume["spec"].get("persistentVolumeReclaimPolicy") == "Delete"
        ]
        if not claims and not released:
            return
        obstacle = self._obstacle()
        classes = {entry["metadata"]["name"]: entry for entry in self._api.list_all(path_of(_CLASSES))}
        for claim in claims:
            self._serve(claim, classes.get(claim["spec"].get("storageClassName") or ""), obstacle)
        if not obstacle:
            for volume in released:
                self._remove(volume)

    def _serve(self, claim: Thing, storage_class: Thing | None, obstacle: str) -> None:
        """Make a volume for a claim, once it is known where."""
        if storage_class is None or storage_class["provisioner"] not in PROVISIONERS:
            return
        claim.setdefault("kind", "PersistentVolumeClaim")
        claim.setdefault("apiVersion", "v1")
        node_name = (claim["metadata"].get("annotations") or {}).get(SELECTED_NODE, "")
        if storage_class.get("volumeBindingMode") == "WaitForFirstConsumer" and not node_name:
            return
        if obstacle:
            message = f'failed to provision volume with StorageClass "{storage_class["metadata"]["name"]}": {obstacle}'
            self._events.tell(claim, "ProvisioningFailed", message)
            return
        zone = self._zone(node_name)
        if zone:
            self._make(claim, storage_class, zone)

    def _zone(self, node_name: str) -> str:
        """The zone of the node that was selected, else of any node."""
        nodes = self._api.list_all(path_of("api/v1/nodes"))
        zones = {node["metadata"]["name"]: node["metadata"]["labels"].get(_ZONE_KEY, "") for node in nodes}
        return zones.get(node_name) or next(iter(zones.values()), "")

    def _make(self, claim: Thing, storage_class: Thing, zone: str) -> None:
        metadata = claim["metadata"]
        name = f"pvc-{metadata['uid']}"
        if self._api.get(path_of(_VOLUMES, name=name)) is not None:
            return
        size = max(1, math.ceil(number(claim["spec"]["resources"]["requests"]["storage"]) / GIBIBYTE))
        parameters = storage_class.get("parameters") or {}
        with self._lock:
            ec2 = ec2_backends[self._cluster.account][self._cluster.region]
            made = ec2.create_volume(
                size=size,
                zone_name=zone,
                encrypted=parameters.get("encrypted") == "true",
                volume_type=parameters.get("type", "gp3"),
            )
            made.add_tags(
                {
                    cluster_tag(self._cluster.name): OWNED,
                    "KubernetesCluster": self._cluster.name,
                    "ebs.csi.aws.com/cluster": "true",
                    "CSIVolumeName": name,
                    "Name": f"{self._cluster.name}-dynamic-{name}",
                    "kubernetes.io/created-for/pv/name": name,
                    "kubernetes.io/created-for/pvc/name": metadata["name"],
                    "kubernetes.io/created-for/pvc/namespace": metadata["namespace"],
                    **extra_tags(self._cluster.addons[ADDON].shown["configurationValues"]),
                }
            )
        self._api.create(path_of(_VOLUMES), _volume(claim, storage_class, name, made.id, zone, size))
        self._events.tell(claim, "ProvisioningSucceeded", f"Successfully provisioned volume {name}", is_warning=False)

    def _remove(self, volume: Thing) -> None:
        """Delete a volume whose claim is gone."""
        name = volume["metadata"]["name"]
        with self._lock:
            ec2 = ec2_backends[self._cluster.account][self._cluster.region]
            volume_id = volume["spec"]["csi"]["volumeHandle"]
            if volume_id in ec2.volumes:
                ec2.delete_volume(volume_id)
        shutil.rmtree(self._directory / name, ignore_errors=True)
        self._api.patch(path_of(_VOLUMES, name=name), {"metadata": {"finalizers": None}})
        self._api.delete(path_of(_VOLUMES, name=name))

    def _obstacle(self) -> str:
        """Why no volume can be made, or an empty text."""
        addon = self._cluster.addons.get(ADDON)
        if addon is None or addon.shown["status"] not in ("ACTIVE", "UPDATING", "DEGRADED"):
            state = addon.shown["status"] if addon else "missing"
            return f"the add-on {ADDON} is {state}, expected it to be ACTIVE"
        account = self._api.get(path_of("api/v1/serviceaccounts", "kube-system", ACCOUNT))
        arn = ((account or {}).get("metadata", {}).get("annotations") or {}).get(ROLE_ANNOTATION)
        if not arn:
            return (
                "rpc error: code = Internal desc = Could not create volume: NoCredentialProviders: service account "
                f"kube-system/{ACCOUNT} has no annotation {ROLE_ANNOTATION}"
            )
        with self._lock:
            reason = _refusal(self._cluster, arn)
        return f"rpc error: code = Internal desc = Could not create volume: {reason}" if reason else ""


def _refusal(cluster: Cluster, arn: str) -> str:
    """Why the driver's account may not make volumes with that role, or an empty text."""
    issuer = cluster.shown["identity"]["oidc"]["issuer"].removeprefix("https://")
    iam = iam_backends[cluster.account]["aws"]
    provider = next((entry for entry in iam.open_id_providers.values() if entry.url == issuer), None)
    if provider is None:
        return f"InvalidIdentityToken: No OpenIDConnect provider found in your account for https://{issuer}"
    if AUDIENCE not in provider.client_id_list:
        return f"InvalidIdentityToken: Incorrect token audience, the provider does not have {AUDIENCE}"
    role = eks_roles.find_role(arn)
    subject = f"system:serviceaccount:kube-system:{ACCOUNT}"
    if role is None or not eks_roles.trusts_account(eks_roles.document(role), provider.arn, issuer, subject, AUDIENCE):
        return f"AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity on {arn}"
    if not eks_roles.permits(iam, role, PERMISSION):
        return f"UnauthorizedOperation: {arn} is not authorized to perform: {PERMISSION}"
    return ""


def _volume(claim: Thing, storage_class: Thing, name: str, volume_id: str, zone: str, size: int) -> dict[str, Any]:
    metadata = claim["metadata"]
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolume",
        "metadata": {"name": name, "annotations": {"pv.kubernetes.io/provisioned-by": DRIVER}},
        "spec": {
            "capacity": {"storage": f"{size}Gi"},
            "accessModes": claim["spec"]["accessModes"],
            "persistentVolumeReclaimPolicy": storage_class.get("reclaimPolicy") or "Delete",
            "storageClassName": storage_class["metadata"]["name"],
            "volumeMode": claim["spec"].get("volumeMode") or "Filesystem",
            "csi": {"driver": DRIVER, "volumeHandle": volume_id, "fsType": "ext4"},
            "claimRef": {
                "apiVersion": "v1",
                "kind": "PersistentVolumeClaim",
                "namespace": metadata["namespace"],
                "name": metadata["name"],
                "uid": metadata["uid"],
            },
            "nodeAffinity": {
                "required": {
                    "nodeSelectorTerms": [
                        {"matchExpressions": [{"key": _ZONE_KEY, "operator": "In", "values": [zone]}]}
                    ]
                }
            },
        },
    }
