"""EKS managed node groups: their states follow the Node objects of the cluster."""

from __future__ import annotations

import uuid
from typing import Any

from moto.ec2.models import ec2_backends

from lab.moto_fixes import eks_access, eks_store, eks_versions
from lab.moto_fixes.eks_call import Call, page
from lab.moto_fixes.eks_roles import check_role
from lab.moto_fixes.eks_store import NodeGroup, invalid_parameter, now

NODE_SERVICE = "ec2.amazonaws.com"
MOST_NODES = 450
TAINT_EFFECTS = {"NO_SCHEDULE", "NO_EXECUTE", "PREFER_NO_SCHEDULE"}


def create(call: Call) -> dict[str, Any]:
    """CreateNodegroup."""
    cluster, params = call.cluster, call.params
    name = params["nodegroupName"]
    names = {"clusterName": cluster.name, "nodegroupName": name}
    if name in cluster.node_groups:
        raise eks_store.in_use(f"NodeGroup already exists with name {name} and cluster name {cluster.name}", **names)
    eks_store.require_active(cluster)
    check_role(params["nodeRole"], NODE_SERVICE)
    template = params.get("launchTemplate")
    if template and params.get("diskSize"):
        raise invalid_parameter("Disk size must be specified within the launch template.", **names)
    if template and params.get("remoteAccess"):
        raise invalid_parameter("Remote access configuration cannot be specified with a launch template.", **names)
    _check_subnets(call, cluster, params["subnets"], names)
    version = params.get("version") or cluster.shown["version"]
    if version not in eks_versions.CALENDAR or eks_versions.minor(version) > eks_versions.minor(
        cluster.shown["version"]
    ):
        raise invalid_parameter(f"Requested Nodegroup version {version} is invalid", **names)
    unique = str(uuid.uuid4())
    group = NodeGroup(
        {
            "nodegroupName": name,
            "nodegroupArn": f"arn:aws:eks:{call.region}:{call.account}:nodegroup/{cluster.name}/{name}/{unique}",
            "clusterName": cluster.name,
            "version": version,
            "releaseVersion": params.get("releaseVersion") or eks_versions.release_version(version),
            "createdAt": now(),
            "modifiedAt": now(),
            "status": "CREATING",
            "capacityType": params.get("capacityType") or "ON_DEMAND",
            "scalingConfig": scaling(params.get("scalingConfig") or {}, {}, names),
            "instanceTypes": None if template else params.get("instanceTypes") or ["t3.medium"],
            "subnets": list(params["subnets"]),
            "remoteAccess": params.get("remoteAccess"),
            "amiType": params.get("amiType") or ("CUSTOM" if template else "AL2023_x86_64_STANDARD"),
            "nodeRole": params["nodeRole"],
            "labels": params.get("labels") or {},
            "taints": checked_taints(params.get("taints") or [], names),
            "resources": {"autoScalingGroups": [{"name": f"eks-{name}-{unique}"}]},
            "diskSize": None if template else params.get("diskSize") or 20,
            "health": {"issues": []},
            "updateConfig": params.get("updateConfig") or {"maxUnavailable": 1},
            "nodeRepairConfig": params.get("nodeRepairConfig"),
            "launchTemplate": template,
            "tags": params.get("tags") or {},
        }
    )
    cluster.node_groups[name] = group
    eks_access.admit_nodes(cluster, params["nodeRole"])
    return {"nodegroup": group.shown}


def describe(call: Call) -> dict[str, Any]:
    """DescribeNodegroup."""
    return {"nodegroup": eks_store.get_node_group(call.cluster, call.params["nodegroupName"]).shown}


def list_names(call: Call) -> dict[str, Any]:
    """ListNodegroups."""
    return page(call, "nodegroups", sorted(call.cluster.node_groups))


def delete(call: Call) -> dict[str, Any]:
    """DeleteNodegroup."""
    group = eks_store.get_node_group(call.cluster, call.params["nodegroupName"])
    group.shown["status"] = "DELETING"
    group.since = now()
    return {"nodegroup": group.shown}


def update_config(call: Call) -> dict[str, Any]:
    """UpdateNodegroupConfig."""
    cluster, params = call.cluster, call.params
    group = eks_store.get_node_group(cluster, params["nodegroupName"])
    _require_quiet(cluster, group)
    names = {"clusterName": cluster.name, "nodegroupName": group.name}
    shown = group.shown
    labels, taints = params.get("labels") or {}, params.get("taints") or {}
    asked: dict[str, Any] = {}
    scaled = scaling(params.get("scalingConfig") or {}, shown["scalingConfig"], names)
    added = checked_taints(taints.get("addOrUpdateTaints") or [], names)
    if labels:
        removed = set(labels.get("removeLabels") or [])
        kept = {key: value for key, value in shown["labels"].items() if key not in removed}
        shown["labels"] = {**kept, **(labels.get("addOrUpdateLabels") or {})}
        asked["LabelsToAdd"] = labels.get("addOrUpdateLabels") or {}
        asked["LabelsToRemove"] = sorted(removed)
    if taints:
        gone = {(taint["key"], taint["effect"]) for taint in [*(taints.get("removeTaints") or []), *added]}
        shown["taints"] = [taint for taint in shown["taints"] if (taint["key"], taint["effect"]) not in gone] + added
        asked["TaintsToAdd"], asked["TaintsToRemove"] = added, taints.get("removeTaints") or []
    if params.get("scalingConfig"):
        shown["scalingConfig"] = scaled
        asked |= {"MinSize": scaled["minSize"], "MaxSize": scaled["maxSize"], "DesiredSize": scaled["desiredSize"]}
    if params.get("updateConfig"):
        shown["updateConfig"] = params["updateConfig"]
        asked |= {key[0].upper() + key[1:]: value for key, value in params["updateConfig"].items()}
    if params.get("nodeRepairConfig"):
        shown["nodeRepairConfig"] = params["nodeRepairConfig"]
        asked["NodeRepairEnabled"] = bool(params["nodeRepairConfig"].get("enabled"))
    if not asked:
        raise invalid_parameter("No changes needed for the nodegroup config provided", **names)
    return _begin(cluster, group, "ConfigUpdate", asked)


def update_version(call: Call) -> dict[str, Any]:
    """UpdateNodegroupVersion."""
    cluster, params = call.cluster, call.params
    group = eks_store.get_node_group(cluster, params["nodegroupName"])
    _require_quiet(cluster, group)
    names = {"clusterName": cluster.name, "nodegroupName": group.name}
    version = params.get("version") or cluster.shown["version"]
    if version not in eks_versions.CALENDAR or not (
        eks_versions.minor(group.shown["version"])
        <= eks_versions.minor(version)
        <= eks_versions.minor(cluster.shown["version"])
    ):
        raise invalid_parameter(f"Requested Nodegroup version {version} is invalid", **names)
    group.shown["version"] = version
    group.shown["releaseVersion"] = params.get("releaseVersion") or eks_versions.release_version(version)
    if params.get("launchTemplate"):
        group.shown["launchTemplate"] = params["launchTemplate"]
    asked = {"Version": version, "ReleaseVersion": group.shown["releaseVersion"]}
    return _begin(cluster, group, "VersionUpdate", asked)


def scaling(asked: dict[str, int], current: dict[str, int], names: dict[str, str]) -> dict[str, int]:
    """The whole scaling configuration after a request.

    Args:
        asked: members of the request.
        current: the configuration so far; empty for a new group, which by default has 2 nodes.
        names: what an error names.
    """
    if current:
        merged = {**current, **asked}
    else:
        desired = asked.get("desiredSize", asked.get("minSize", 2))
        merged = {"minSize": min(desired, 2), "maxSize": max(desired, 2), "desiredSize": desired, **asked}
    if merged["minSize"] < 0 or merged["maxSize"] < 1 or merged["maxSize"] > MOST_NODES:
        raise invalid_parameter(f"Nodegroup size must be between 0 and {MOST_NODES}, max at least 1", **names)
    if merged["minSize"] > merged["desiredSize"]:
        raise invalid_parameter(
            f"Minimum capacity {merged['minSize']} can't be greater than desired size {merged['desiredSize']}", **names
        )
    if merged["desiredSize"] > merged["maxSize"]:
        raise invalid_parameter(
            f"desired capacity {merged['desiredSize']} can't be greater than max size {merged['maxSize']}", **names
        )
    return {key: int(merged[key]) for key in ("minSize", "maxSize", "desiredSize")}


def checked_taints(taints: list[dict[str, str]], names: dict[str, str]) -> list[dict[str, str]]:
    """The taints, refused where the effect is none of EKS's."""
    for taint in taints:
        if taint.get("effect") not in TAINT_EFFECTS:
            raise invalid_parameter(f"Taint effect {taint.get('effect')} is invalid", **names)
    return [dict(taint) for taint in taints]


def _check_subnets(call: Call, cluster: eks_store.Cluster, subnet_ids: list[str], names: dict[str, str]) -> None:
    ec2 = ec2_backends[call.account][call.region]
    known = {subnet.id: subnet for zone in ec2.subnets.values() for subnet in zone.values()}
    for subnet_id in subnet_ids:
        if subnet_id not in known:
            raise invalid_parameter(f"The subnet ID '{subnet_id}' does not exist", **names)
        if known[subnet_id].vpc_id != cluster.shown["resourcesVpcConfig"]["vpcId"]:
            raise invalid_parameter("Subnets are not in the cluster's VPC", **names)


def _require_quiet(cluster: eks_store.Cluster, group: NodeGroup) -> None:
    eks_store.require_active(cluster)
    if group.shown["status"] not in ("ACTIVE", "DEGRADED"):
        raise eks_store.in_use(
            f"Nodegroup cannot be updated as it is currently not in Active State (it is {group.shown['status']})",
            clusterName=cluster.name,
            nodegroupName=group.name,
        )


def _begin(cluster: eks_store.Cluster, group: NodeGroup, kind: str, asked: dict[str, Any]) -> dict[str, Any]:
    group.shown["status"] = "UPDATING"
    group.shown["modifiedAt"] = group.since = now()
    return {"update": eks_store.new_update(cluster, kind, asked, group).shown}
