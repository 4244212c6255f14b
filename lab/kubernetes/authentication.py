"""Who the bearer of a token is in a cluster, by access entries and the aws-auth ConfigMap."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

import yaml

from lab.kubernetes import tokens
from lab.kubernetes.api import Api, path_of
from lab.kubernetes.defaults import policy_group
from lab.kubernetes.pki import ADMIN_GROUP
from lab.moto_fixes import eks_access, identities
from lab.moto_fixes.eks_store import AccessEntry, Cluster, now

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class User:
    """A Kubernetes user."""

    name: str
    groups: tuple[str, ...]


def reviewed(cluster: Cluster, api: Api, review: dict[str, Any]) -> dict[str, Any]:
    """The answer to a TokenReview."""
    status: dict[str, Any]
    try:
        token = tokens.read(review["spec"]["token"], now())
        secret = identities.secret_of(token.access_key)
        if secret is not None and not tokens.is_signed_with(token, secret, cluster.name):
            raise tokens.BadToken("the signature is not the bearer's, or the token is for another cluster")
        arn = identities.caller_arn(token.access_key)
        user = _user(cluster, api, arn)
        status = {
            "authenticated": True,
            "user": {"username": user.name, "uid": f"aws-iam-authenticator:{arn}", "groups": list(user.groups)},
        }
    except tokens.BadToken as error:
        _log.info("cluster %s refuses a token: %s", cluster.name, error)
        status = {"authenticated": False, "error": str(error)}
    return {"apiVersion": review.get("apiVersion"), "kind": "TokenReview", "status": status}


def _user(cluster: Cluster, api: Api, arn: str) -> User:
    principal = identities.principal_arn(arn)
    session = arn.rpartition("/")[2]
    if eks_access.has_entries(cluster) and principal in cluster.entries:
        return by_entry(cluster.entries[principal], session)
    if eks_access.has_config_map(cluster):
        if cluster.admin and principal == cluster.creator and not eks_access.has_entries(cluster):
            return User("kubernetes-admin", (ADMIN_GROUP,))
        config = api.get(path_of("api/v1/configmaps", "kube-system", "aws-auth"))
        user = by_config_map((config or {}).get("data") or {}, principal, session)
        if user is not None:
            return user
    raise tokens.BadToken(f"{principal} has no access to cluster {cluster.name}")


def by_entry(entry: AccessEntry, session: str) -> User:
    """The user that an access entry makes of its principal."""
    groups = list(entry.shown["kubernetesGroups"])
    for arn, association in entry.policies.items():
        policy = arn.removeprefix(eks_access.POLICY_PREFIX)
        scope = association["accessScope"]
        namespaces = scope["namespaces"] if scope["type"] == "namespace" else [""]
        groups += [policy_group(policy, namespace) for namespace in namespaces]
    return User(_filled(entry.shown["username"], session), tuple(groups))


def by_config_map(data: dict[str, str], principal: str, session: str) -> User | None:
    """The user that the aws-auth ConfigMap makes of a principal, or None.

    Args:
        data: the ConfigMap's data; roles are named without their paths there.
    """
    kind, _, path = principal.split(":", 5)[5].partition("/")
    without_path = f"{principal.split(f':{kind}/')[0]}:{kind}/{path.rpartition('/')[2]}"
    for key, member in (("mapRoles", "rolearn"), ("mapUsers", "userarn")):
        for entry in _entries(data.get(key)):
            wanted = without_path if key == "mapRoles" else principal
            if str(entry.get(member, "")).lower() == wanted.lower():
                return User(_filled(entry.get("username") or principal, session), tuple(entry.get("groups") or ()))
    if principal.split(":")[4] in [str(account) for account in _entries(data.get("mapAccounts"))]:
        return User(principal, ())
    return None


def _entries(text: str | None) -> list[Any]:
    """A part of the ConfigMap; one that is no YAML list names nobody."""
    try:
        parsed = yaml.safe_load(text or "[]")
    except yaml.YAMLError:
        return []
    return parsed if isinstance(parsed, list) else []


def _filled(name: str, session: str) -> str:
    return name.replace("{{SessionName}}", session).replace("{{EC2PrivateDNSName}}", session)
