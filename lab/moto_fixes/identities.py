"""Who makes a request: GetCallerIdentity and everything else that asks it says the same."""

from __future__ import annotations

import re
from typing import Any

from moto.core import DEFAULT_ACCOUNT_ID
from moto.iam.models import iam_backends
from moto.sts.models import AssumedRole, STSBackend, sts_backends

from lab.moto_fixes.patching import replace

OPERATOR = "operator"
_ASSUMED = re.compile(r"arn:(?P<partition>[^:]+):sts::(?P<account>\d+):assumed-role/(?P<role>[^/]+)/(?P<session>.+)")


def operator_arn(account: str = DEFAULT_ACCOUNT_ID) -> str:
    """The IAM user that stands behind every access key that moto did not make."""
    return f"arn:aws:iam::{account}:user/{OPERATOR}"


def caller_arn(access_key: str) -> str:
    """The ARN that GetCallerIdentity answers to a user of that access key."""
    role = _assumed_role(access_key)
    if role is not None:
        return role.arn
    for account in list(iam_backends.values()):
        user = account["aws"].get_user_from_access_key_id(access_key)
        if user is not None:
            return str(user.arn)
    return operator_arn()


def principal_arn(arn: str) -> str:
    """The IAM principal behind a caller: of an assumed role's session the role itself, with its path."""
    assumed = _ASSUMED.fullmatch(arn)
    if assumed is None:
        return arn
    roles = iam_backends[assumed["account"]][assumed["partition"]].roles.values()
    known = next((str(role.arn) for role in roles if role.name == assumed["role"]), None)
    return known or f"arn:{assumed['partition']}:iam::{assumed['account']}:role/{assumed['role']}"


def secret_of(access_key: str) -> str | None:
    """The secret of an access key that moto made, or None where any secret is accepted."""
    role = _assumed_role(access_key)
    if role is not None:
        return str(role.secret_access_key)
    for account in list(iam_backends.values()):
        key = account["aws"].access_keys.get(access_key)
        if key is not None:
            return str(key.secret_access_key)
    return None


def _assumed_role(access_key: str) -> AssumedRole | None:
    for account in list(sts_backends.values()):
        role = account["aws"].get_assumed_role_from_access_key(access_key)
        if role is not None:
            return role
    return None


def apply() -> None:
    """Mend the answer to callers whose access key moto did not make."""
    original = STSBackend.get_caller_identity

    def get_caller_identity(self: Any, access_key_id: str, region: str) -> tuple[str, str, str]:
        user_id, arn, account = original(self, access_key_id, region)
        return (user_id, operator_arn(account), account) if arn.endswith(":user/moto") else (user_id, arn, account)

    replace(STSBackend, "get_caller_identity", get_caller_identity)
