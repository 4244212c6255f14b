"""IAM roles as EKS and its add-ons use them."""

from __future__ import annotations

import json
from fnmatch import fnmatchcase
from typing import Any

from moto.iam.models import iam_backends

from lab.moto_fixes.eks_store import invalid_parameter


def check_role(arn: str, service: str) -> None:
    """EKS's error unless the role exists and trusts the service."""
    role = find_role(arn)
    if role is None:
        raise invalid_parameter(f"Role with arn: {arn}, could not be assumed because it does not exist")
    if not trusts_service(document(role), service):
        raise invalid_parameter(
            f"Role with arn: {arn}, could not be assumed because the trusted entity is not correct: {service}"
        )


def find_role(arn: str) -> Any:
    """The role with that ARN, or None."""
    words = arn.split(":")
    if len(words) != 6 or words[2] != "iam":
        return None
    roles = iam_backends[words[4]][words[1]].roles.values()
    return next((role for role in roles if role.arn == arn), None)


def document(role: Any) -> dict[str, Any]:
    """A role's trust policy."""
    text = role.assume_role_policy_document
    parsed: dict[str, Any] = json.loads(text) if isinstance(text, str) else text
    return parsed


def trusts_service(policy: dict[str, Any], service: str) -> bool:
    """Whether a trust policy lets an AWS service assume the role."""
    return any(
        statement.get("Effect") == "Allow"
        and "sts:AssumeRole" in listed(statement.get("Action"))
        and service in listed((statement.get("Principal") or {}).get("Service"))
        for statement in listed(policy.get("Statement"))
    )


def trusts_account(policy: dict[str, Any], provider_arn: str, issuer: str, subject: str, audience: str) -> bool:
    """Whether a trust policy lets a service account assume the role by its token (IRSA).

    Args:
        provider_arn: the IAM OIDC provider of the cluster.
        issuer: the cluster's issuer without `https://`.
        subject: `system:serviceaccount:NAMESPACE:NAME`.
        audience: the token's audience.
    """
    claims = {f"{issuer}:sub": subject, f"{issuer}:aud": audience}
    return any(
        statement.get("Effect") == "Allow"
        and "sts:AssumeRoleWithWebIdentity" in listed(statement.get("Action"))
        and provider_arn in listed((statement.get("Principal") or {}).get("Federated"))
        and _conditions_hold(statement.get("Condition") or {}, claims)
        for statement in listed(policy.get("Statement"))
    )


def _conditions_hold(conditions: dict[str, dict[str, Any]], claims: dict[str, str]) -> bool:
    return all(
        any(_matches(operator, str(wanted), claims.get(key)) for wanted in listed(values))
        for operator, pairs in conditions.items()
        for key, values in pairs.items()
    )


def _matches(operator: str, wanted: str, claim: str | None) -> bool:
    if claim is None:
        return False
    if operator == "StringEquals":
        return claim == wanted
    return operator == "StringLike" and fnmatchcase(claim, wanted)


def listed(value: Any) -> list[Any]:
    """A policy's value, which may be one or a list, as a list."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def permits(iam: Any, role: Any, action: str) -> bool:
    """Whether a role's policies, attached or inline, allow an action on anything at all.

    Args:
        iam: moto's IAM backend of the role's account.
    """
    documents = [
        version.document
        for policy in role.managed_policies.values()
        for version in policy.versions
        if version.version_id == policy.default_version_id
    ]
    documents += list(role.policies.values())
    for policy in documents:
        parsed = json.loads(policy) if isinstance(policy, str) else policy
        for statement in listed(parsed.get("Statement")):
            if statement.get("Effect") == "Allow" and any(
                fnmatchcase(action.lower(), str(pattern).lower()) for pattern in listed(statement.get("Action"))
            ):
                return True
    return False
