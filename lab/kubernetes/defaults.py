"""What EKS puts into every new cluster."""

from __future__ import annotations

from lab.kubernetes.api import Api, Thing, path_of
from lab.moto_fixes.eks_access import POLICY_ROLES

POLICY_GROUP = "eks-access-policy"


def policy_group(policy: str, namespace: str = "") -> str:
    """The group of those who hold an access policy, in one namespace or in all."""
    return f"{POLICY_GROUP}:{policy}:{namespace}".rstrip(":")


def apply(api: Api) -> None:
    """Make the StorageClass and the bindings of the access policies."""
    api.create(path_of("apis/storage.k8s.io/v1/storageclasses"), storage_class())
    for policy, role in POLICY_ROLES.items():
        api.create(path_of("apis/rbac.authorization.k8s.io/v1/clusterrolebindings"), binding(policy, role))


def storage_class() -> Thing:
    """The class gp2 of the in-tree provisioner; it is not the default one (as since Kubernetes 1.30 on EKS)."""
    return {
        "apiVersion": "storage.k8s.io/v1",
        "kind": "StorageClass",
        "metadata": {"name": "gp2"},
        "provisioner": "kubernetes.io/aws-ebs",
        "parameters": {"type": "gp2", "fsType": "ext4"},
        "reclaimPolicy": "Delete",
        "volumeBindingMode": "WaitForFirstConsumer",
    }


def binding(policy: str, role: str, namespace: str = "") -> Thing:
    """What permits to the holders of an access policy what a cluster role permits."""
    name = f"eks:access:{policy}".lower()
    return {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "RoleBinding" if namespace else "ClusterRoleBinding",
        "metadata": {"name": name, **({"namespace": namespace} if namespace else {})},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": role},
        "subjects": [
            {"apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": policy_group(policy, namespace)}
        ],
    }
