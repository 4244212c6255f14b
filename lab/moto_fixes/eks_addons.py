"""EKS add-ons: their states follow what they run in the cluster."""

from __future__ import annotations

import uuid
from typing import Any

import yaml

from lab.moto_fixes import eks_store, eks_versions
from lab.moto_fixes.eks_call import Call, page
from lab.moto_fixes.eks_store import Addon, invalid_parameter, now

CATALOGUE: dict[str, dict[str, Any]] = {
    "vpc-cni": {"type": "networking", "series": "v1.20", "iam": True, "accounts": ["aws-node"]},
    "coredns": {"type": "networking", "series": "v1.12", "iam": False, "accounts": []},
    "kube-proxy": {"type": "networking", "series": "", "iam": False, "accounts": []},
    "aws-ebs-csi-driver": {"type": "storage", "series": "v1.48", "iam": True, "accounts": ["ebs-csi-controller-sa"]},
    "eks-pod-identity-agent": {"type": "security", "series": "v1.3", "iam": False, "accounts": []},
}
"""Add-on → type, minor version (by Kubernetes version where empty), whether it needs IAM permissions, its accounts."""

BUILDS = ("0-eksbuild.1", "1-eksbuild.1", "2-eksbuild.1")


def versions(addon: str, kubernetes: str) -> list[str]:
    """The versions of an add-on for a Kubernetes version, the newest first; the second is the default."""
    series = CATALOGUE[addon]["series"] or f"v{kubernetes}"
    return [f"{series}.{build}" for build in reversed(BUILDS)]


def create(call: Call) -> dict[str, Any]:
    """CreateAddon."""
    cluster, params = call.cluster, call.params
    name = params["addonName"]
    eks_store.require_active(cluster)
    names = {"clusterName": cluster.name, "addonName": name}
    if name in cluster.addons:
        raise eks_store.in_use("Addon already exists.", **names)
    if name not in CATALOGUE:
        raise invalid_parameter("Addon specified is not supported", **names)
    kubernetes = cluster.shown["version"]
    version = params.get("addonVersion") or versions(name, kubernetes)[1]
    _check(name, version, kubernetes, params, names)
    addon = Addon(
        {
            "addonName": name,
            "clusterName": cluster.name,
            "status": "CREATING",
            "addonVersion": version,
            "health": {"issues": []},
            "addonArn": f"arn:aws:eks:{call.region}:{call.account}:addon/{cluster.name}/{name}/{uuid.uuid4()}",
            "createdAt": now(),
            "modifiedAt": now(),
            "serviceAccountRoleArn": params.get("serviceAccountRoleArn"),
            "tags": params.get("tags") or {},
            "publisher": "eks",
            "owner": "aws",
            "configurationValues": params.get("configurationValues"),
        }
    )
    cluster.addons[name] = addon
    return {"addon": addon.shown}


def describe(call: Call) -> dict[str, Any]:
    """DescribeAddon."""
    return {"addon": eks_store.get_addon(call.cluster, call.params["addonName"]).shown}


def list_names(call: Call) -> dict[str, Any]:
    """ListAddons."""
    return page(call, "addons", sorted(call.cluster.addons))


def update(call: Call) -> dict[str, Any]:
    """UpdateAddon: what the request leaves out stays, but for the role, which is taken away (as EKS does it)."""
    cluster, params = call.cluster, call.params
    addon = eks_store.get_addon(cluster, params["addonName"])
    names = {"clusterName": cluster.name, "addonName": addon.name}
    if addon.shown["status"] in ("CREATING", "UPDATING", "DELETING"):
        raise eks_store.in_use(f"Addon {addon.name} cannot be updated in status {addon.shown['status']}", **names)
    version = params.get("addonVersion") or addon.shown["addonVersion"]
    _check(addon.name, version, cluster.shown["version"], params, names)
    asked: dict[str, Any] = {}
    shown = addon.shown
    if version != shown["addonVersion"]:
        asked["AddonVersion"] = version
    if params.get("serviceAccountRoleArn") != shown["serviceAccountRoleArn"]:
        asked["ServiceAccountRoleArn"] = params.get("serviceAccountRoleArn") or ""
    if "configurationValues" in params and params["configurationValues"] != shown["configurationValues"]:
        asked["ConfigurationValues"] = params["configurationValues"]
        shown["configurationValues"] = params["configurationValues"]
    if params.get("resolveConflicts"):
        asked["ResolveConflicts"] = params["resolveConflicts"]
    shown["addonVersion"] = version
    shown["serviceAccountRoleArn"] = params.get("serviceAccountRoleArn")
    shown["status"] = "UPDATING"
    shown["modifiedAt"] = addon.since = now()
    return {"update": eks_store.new_update(cluster, "AddonUpdate", asked, addon).shown}


def delete(call: Call) -> dict[str, Any]:
    """DeleteAddon."""
    addon = eks_store.get_addon(call.cluster, call.params["addonName"])
    addon.shown["status"] = "DELETING"
    addon.since = now()
    addon.keeps_objects = bool(call.params.get("preserve"))
    return {"addon": addon.shown}


def describe_versions(call: Call) -> dict[str, Any]:
    """DescribeAddonVersions."""
    params = call.params
    kubernetes = params.get("kubernetesVersion")
    known = [name for name in eks_versions.CALENDAR if kubernetes in (None, name)]
    found = []
    for name, facts in CATALOGUE.items():
        if params.get("addonName") not in (None, name) or facts["type"] not in (params.get("types") or [facts["type"]]):
            continue
        if "aws" not in (params.get("owners") or ["aws"]) or "eks" not in (params.get("publishers") or ["eks"]):
            continue
        found.append(
            {
                "addonName": name,
                "type": facts["type"],
                "publisher": "eks",
                "owner": "aws",
                "defaultNamespace": "kube-system",
                "addonVersions": _described_versions(name, known),
            }
        )
    if params.get("addonName") and not found:
        raise eks_store.not_found(f"No addon found for name: {params['addonName']}")
    return page(call, "addons", found)


def _described_versions(name: str, kubernetes: list[str]) -> list[dict[str, Any]]:
    compatible: dict[str, list[dict[str, Any]]] = {}
    for cluster_version in kubernetes:
        for place, version in enumerate(versions(name, cluster_version)):
            compatible.setdefault(version, []).append(
                {"clusterVersion": cluster_version, "platformVersions": ["*"], "defaultVersion": place == 1}
            )
    return [
        {
            "addonVersion": version,
            "architecture": ["amd64", "arm64"],
            "computeTypes": ["ec2"],
            "compatibilities": compatibilities,
            "requiresConfiguration": False,
            "requiresIamPermissions": CATALOGUE[name]["iam"],
        }
        for version, compatibilities in compatible.items()
    ]


def _check(name: str, version: str, kubernetes: str, params: dict[str, Any], names: dict[str, str]) -> None:
    if version not in versions(name, kubernetes):
        raise invalid_parameter("Addon version specified is not supported", **names)
    if text := params.get("configurationValues"):
        try:
            yaml.safe_load(text)
        except yaml.YAMLError as error:
            raise invalid_parameter(
                f"ConfigurationValue is not in supported JSON or YAML format: {error}", **names
            ) from error
