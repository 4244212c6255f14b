# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The ConfigMap aws-auth, by which EKS clusters without access entries know IAM principals. Nothing here does I/O."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ansible.module_utils.common.yaml import yaml_dump, yaml_load

ADMINISTRATORS = "system:masters"
KINDS = {"role": ("mapRoles", "rolearn"), "user": ("mapUsers", "userarn")}


def aws_auth_data(data: Mapping[str, str], principals: Iterable[str]) -> dict[str, str]:
    """Return the data of the ConfigMap with IAM principals as administrators; all else stays as it is.

    Args:
        data: the present data.
        principals: ARNs of roles and users; a role's path is left out, since EKS finds none by it.

    Raises:
        ValueError: an ARN names neither a role nor a user.
    """
    result = dict(data)
    for arn in principals:
        key, field, known_as = place_of(arn)
        entries: list[dict[str, Any]] = yaml_load(result.get(key) or "[]") or []
        wanted = {field: known_as, "username": known_as.rsplit("/", 1)[1], "groups": [ADMINISTRATORS]}
        there = next((entry for entry in entries if entry.get(field) == known_as), None)
        if there is None or ADMINISTRATORS not in there.get("groups", []):
            others = [entry for entry in entries if entry is not there]
            result[key] = yaml_dump([*others, wanted], sort_keys=False)
    return result


def place_of(arn: str) -> tuple[str, str, str]:
    """Return where an ARN goes: the key of the ConfigMap, the field of an entry, and the ARN without a role's path."""
    account, _colon, resource = arn.rpartition(":")
    kind, _slash, path = resource.partition("/")
    if kind not in KINDS or not path:
        raise ValueError(f"{arn} is neither a role nor a user; expected arn:aws:iam::<account>:role/<name>; correct it")
    name = path.rsplit("/", 1)[-1] if kind == "role" else path
    return (*KINDS[kind], f"{account}:{kind}/{name}")
