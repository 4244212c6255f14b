"""EKS access entries: which IAM principal is whom in the cluster."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import unquote

from moto.iam.models import iam_backends

from lab.moto_fixes import eks_store
from lab.moto_fixes.eks_call import Call, page
from lab.moto_fixes.eks_store import AccessEntry, Cluster, invalid_parameter, invalid_request, now

POLICY_PREFIX = "arn:aws:eks::aws:cluster-access-policy/"
CLUSTER_ADMIN = "AmazonEKSClusterAdminPolicy"
POLICY_ROLES = {
    CLUSTER_ADMIN: "cluster-admin",
    "AmazonEKSAdminPolicy": "admin",
    "AmazonEKSEditPolicy": "edit",
    "AmazonEKSViewPolicy": "view",
}
"""Access policy → the cluster role of Kubernetes that permits the same."""

NODE_TYPES = {"EC2_LINUX": ["system:nodes"], "EC2_WINDOWS": ["system:nodes", "eks:kube-proxy-windows"]}
NODE_USER = "system:node:{{EC2PrivateDNSName}}"


def create(call: Call) -> dict[str, Any]:
    """CreateAccessEntry."""
    cluster, params = call.cluster, call.params
    _require_entries(cluster)
    arn = params["principalArn"]
    names = {"clusterName": cluster.name}
    if arn in cluster.entries:
        raise eks_store.in_use("The specified access entry resource is already in use on this cluster.", **names)
    if not principal_exists(arn):
        raise invalid_parameter("The specified principalArn is invalid: invalid principal.", **names)
    kind = params.get("type") or "STANDARD"
    groups = params.get("kubernetesGroups") or []
    _check_groups(groups, names)
    if kind in NODE_TYPES and (groups or params.get("username")):
        raise invalid_parameter(f"The specified type {kind} does not allow groups or a username", **names)
    entry = _entry(cluster, arn, kind, groups, params.get("username"), params.get("tags") or {})
    cluster.entries[arn] = entry
    return {"accessEntry": entry.shown}


def describe(call: Call) -> dict[str, Any]:
    """DescribeAccessEntry."""
    return {"accessEntry": _found(call).shown}


def list_arns(call: Call) -> dict[str, Any]:
    """ListAccessEntries, of those with a policy if one is named."""
    _require_entries(call.cluster)
    policy = call.params.get("associatedPolicyArn")
    return page(
        call,
        "accessEntries",
        sorted(arn for arn, entry in call.cluster.entries.items() if not policy or policy in entry.policies),
    )


def update(call: Call) -> dict[str, Any]:
    """UpdateAccessEntry."""
    entry, params = _found(call), call.params
    if "kubernetesGroups" in params:
        _check_groups(params["kubernetesGroups"], {"clusterName": call.cluster.name})
        entry.shown["kubernetesGroups"] = params["kubernetesGroups"]
    if params.get("username"):
        entry.shown["username"] = params["username"]
    entry.shown["modifiedAt"] = now()
    return {"accessEntry": entry.shown}


def delete(call: Call) -> dict[str, Any]:
    """DeleteAccessEntry."""
    del call.cluster.entries[_found(call).shown["principalArn"]]
    return {}


def associate(call: Call) -> dict[str, Any]:
    """AssociateAccessPolicy; an association that is there gets the new scope."""
    entry, params = _found(call), call.params
    names = {"clusterName": call.cluster.name}
    arn, scope = params["policyArn"], params["accessScope"]
    if arn not in policy_arns():
        raise invalid_parameter("The specified policyArn is invalid", **names)
    if entry.shown["type"] != "STANDARD":
        raise invalid_request("Access policies can be associated with entries of type STANDARD only", **names)
    namespaces = scope.get("namespaces") or []
    if (scope.get("type") == "namespace") != bool(namespaces):
        raise invalid_parameter("Namespaces must be given for access scope type namespace, and only then", **names)
    known = entry.policies.get(arn)
    entry.policies[arn] = {
        "policyArn": arn,
        "accessScope": {"type": scope.get("type") or "cluster", "namespaces": namespaces},
        "associatedAt": known["associatedAt"] if known else now(),
        "modifiedAt": now(),
    }
    return {
        "clusterName": call.cluster.name,
        "principalArn": entry.shown["principalArn"],
        "associatedAccessPolicy": entry.policies[arn],
    }


def disassociate(call: Call) -> dict[str, Any]:
    """DisassociateAccessPolicy."""
    entry, arn = _found(call), unquote(call.params["policyArn"])
    if arn not in entry.policies:
        raise eks_store.not_found(f"No associated policy: {arn}", clusterName=call.cluster.name)
    del entry.policies[arn]
    return {}


def list_associated(call: Call) -> dict[str, Any]:
    """ListAssociatedAccessPolicies."""
    entry = _found(call)
    return {
        "clusterName": call.cluster.name,
        "principalArn": entry.shown["principalArn"],
        **page(call, "associatedAccessPolicies", list(entry.policies.values())),
    }


def list_policies(call: Call) -> dict[str, Any]:
    """ListAccessPolicies."""
    return page(call, "accessPolicies", [{"name": name, "arn": f"{POLICY_PREFIX}{name}"} for name in POLICY_ROLES])


def policy_arns() -> set[str]:
    """The ARNs of all access policies."""
    return {f"{POLICY_PREFIX}{name}" for name in POLICY_ROLES}


def has_entries(cluster: Cluster) -> bool:
    """Whether access entries count in the cluster."""
    return bool(cluster.shown["accessConfig"]["authenticationMode"] != "CONFIG_MAP")


def has_config_map(cluster: Cluster) -> bool:
    """Whether the aws-auth ConfigMap counts in the cluster."""
    return bool(cluster.shown["accessConfig"]["authenticationMode"] != "API")


def bootstrap(cluster: Cluster) -> None:
    """Give the creator and the node groups' roles the entries that EKS makes by itself."""
    if not has_entries(cluster):
        return
    if cluster.admin and cluster.creator not in cluster.entries:
        entry = _entry(cluster, cluster.creator, "STANDARD", [], None, {})
        entry.policies[f"{POLICY_PREFIX}{CLUSTER_ADMIN}"] = {
            "policyArn": f"{POLICY_PREFIX}{CLUSTER_ADMIN}",
            "accessScope": {"type": "cluster", "namespaces": []},
            "associatedAt": now(),
            "modifiedAt": now(),
        }
        cluster.entries[cluster.creator] = entry
    for group in cluster.node_groups.values():
        admit_nodes(cluster, group.shown["nodeRole"])


def admit_nodes(cluster: Cluster, role_arn: str) -> None:
    """Make the access entry of a node role, if there is none."""
    if has_entries(cluster) and role_arn not in cluster.entries:
        cluster.entries[role_arn] = _entry(cluster, role_arn, "EC2_LINUX", [], None, {})


def dismiss_nodes(cluster: Cluster, role_arn: str) -> None:
    """Remove the access entry of a node role that no node group uses any more."""
    entry = cluster.entries.get(role_arn)
    is_used = any(group.shown["nodeRole"] == role_arn for group in cluster.node_groups.values())
    if entry is not None and entry.shown["type"] in NODE_TYPES and not is_used:
        del cluster.entries[role_arn]


def principal_exists(arn: str) -> bool:
    """Whether an ARN names an IAM user or role of this cloud."""
    words = arn.split(":")
    if len(words) != 6 or words[2] != "iam" or words[4] not in iam_backends:
        return False
    backend = iam_backends[words[4]][words[1]]
    known = {role.arn for role in backend.roles.values()} | {user.arn for user in backend.users.values()}
    return arn in known


def _entry(
    cluster: Cluster, arn: str, kind: str, groups: list[str], username: str | None, tags: dict[str, str]
) -> AccessEntry:
    partition, account = arn.split(":")[1], arn.split(":")[4]
    sort, _, path = arn.split(":")[5].partition("/")
    default = arn
    if kind in NODE_TYPES:
        default = NODE_USER
    elif sort == "role":
        default = f"arn:{partition}:sts::{account}:assumed-role/{path.split('/')[-1]}/{{{{SessionName}}}}"
    identity = f"{sort}/{account}/{path.split('/')[-1]}/{uuid.uuid4()}"
    return AccessEntry(
        {
            "clusterName": cluster.name,
            "principalArn": arn,
            "kubernetesGroups": [*groups, *NODE_TYPES.get(kind, [])],
            "accessEntryArn": f"arn:aws:eks:{cluster.region}:{cluster.account}:access-entry/{cluster.name}/{identity}",
            "createdAt": now(),
            "modifiedAt": now(),
            "tags": tags,
            "username": username or default,
            "type": kind,
        }
    )


def _found(call: Call) -> AccessEntry:
    cluster = call.cluster
    _require_entries(cluster)
    arn = unquote(call.params["principalArn"])
    if arn not in cluster.entries:
        raise eks_store.not_found(
            f"The specified principalArn could not be found. You can view your available access entries with "
            f"'list-access-entries': {arn}",
            clusterName=cluster.name,
        )
    return cluster.entries[arn]


def _require_entries(cluster: Cluster) -> None:
    if not has_entries(cluster):
        raise invalid_request(
            "The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP] "
            "to perform this operation.",
            clusterName=cluster.name,
        )


def _check_groups(groups: list[str], names: dict[str, str]) -> None:
    for group in groups:
        if group.startswith(("system:", "eks:", "aws:", "amazon:", "iam:")):
            raise invalid_parameter(f"The kubernetes group name {group} is invalid: a reserved prefix", **names)
