from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.amazon.aws.plugins.module_utils.exceptions import AnsibleAWSError
from ansible_collections.lambdafs.cluster.plugins.module_utils.eks_access_entry import ensure_entry, list_entries

from tests.unit.plugins.eks_answers import ACCOUNT, NAME, TAGS, Exchange, recorded

OPERATOR = f"arn:aws:iam::{ACCOUNT}:role/operator"
ADMIN = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
VIEW = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"
NAMED = {"clusterName": NAME, "principalArn": OPERATOR}
PARAMS: dict[str, Any] = {
    "cluster_name": NAME,
    "principal_arn": OPERATOR,
    "state": "present",
    "type": "STANDARD",
    "kubernetes_groups": None,
    "username": None,
    "policies": [{"policy_arn": ADMIN, "scope": "cluster", "namespaces": []}],
    "purge_policies": True,
    "tags": TAGS,
    "purge_tags": True,
}
ENTRY = {
    **NAMED,
    "kubernetesGroups": [],
    "accessEntryArn": f"arn:aws:eks:us-east-1:{ACCOUNT}:access-entry/{NAME}/role/{ACCOUNT}/operator/1",
    "tags": dict(TAGS),
    "username": f"arn:aws:sts::{ACCOUNT}:assumed-role/operator/{{{{SessionName}}}}",
    "type": "STANDARD",
}
NOTHING: Exchange = ("describe_access_entry", NAMED, "ResourceNotFoundException: no entry")


def described(policy: str = ADMIN, scope: dict[str, Any] | None = None, **differences: Any) -> list[Exchange]:
    associated = {"policyArn": policy, "accessScope": scope or {"type": "cluster", "namespaces": []}}
    return [
        ("describe_access_entry", NAMED, {"accessEntry": ENTRY | differences}),
        ("list_associated_access_policies", NAMED, {"associatedAccessPolicies": [associated]}),
    ]


def test_an_entry_that_is_as_wanted_is_left_alone() -> None:
    with recorded("eks", *described()) as client:
        result = ensure_entry(client, PARAMS, check_mode=False)
    assert (result.changed, result.before) == (False, result.after)


def test_a_missing_one_is_made_with_its_policies() -> None:
    made = {**NAMED, "type": "STANDARD", "tags": TAGS}
    associated = {**NAMED, "policyArn": ADMIN, "accessScope": {"type": "cluster"}}
    with recorded(
        "eks",
        NOTHING,
        ("create_access_entry", made, {"accessEntry": ENTRY}),
        ("associate_access_policy", associated, {}),
        *described(),
    ) as client:
        assert ensure_entry(client, PARAMS, check_mode=False).changed


def test_policies_are_replaced_and_a_scope_is_changed() -> None:
    wanted = [{"policy_arn": ADMIN, "scope": "namespace", "namespaces": ["b", "a"]}]
    scope = {"type": "namespace", "namespaces": ["a", "b"]}
    with recorded(
        "eks",
        *described(policy=VIEW),
        ("associate_access_policy", {**NAMED, "policyArn": ADMIN, "accessScope": scope}, {}),
        ("disassociate_access_policy", {**NAMED, "policyArn": VIEW}, {}),
        *described(scope=scope),
    ) as client:
        assert ensure_entry(client, PARAMS | {"policies": wanted}, check_mode=False).changed


def test_policies_of_others_stay_when_asked() -> None:
    params = PARAMS | {"purge_policies": False, "policies": []}
    with recorded("eks", *described(policy=VIEW)) as client:
        assert not ensure_entry(client, params, check_mode=False).changed


def test_groups_change_with_the_name_that_there_is() -> None:
    update = {**NAMED, "kubernetesGroups": ["viewers"], "username": ENTRY["username"]}
    with recorded("eks", *described(), ("update_access_entry", update, {}), *described()) as client:
        assert ensure_entry(client, PARAMS | {"kubernetes_groups": ["viewers"]}, check_mode=False).changed


def test_another_type_is_refused() -> None:
    with (
        recorded("eks", *described(type="EC2_LINUX")) as client,
        pytest.raises(AnsibleAWSError, match="has type EC2_LINUX, which AWS never changes; expected STANDARD"),
    ):
        ensure_entry(client, PARAMS, check_mode=False)


def test_check_mode_only_reads() -> None:
    with recorded("eks", NOTHING) as client:
        result = ensure_entry(client, PARAMS, check_mode=True)
    assert result.changed
    assert result.after["policies"] == {ADMIN: {"type": "cluster"}}


def test_deleting() -> None:
    with recorded("eks", *described(), ("delete_access_entry", NAMED, {})) as client:
        assert ensure_entry(client, PARAMS | {"state": "absent"}, check_mode=False).changed
    with recorded("eks", NOTHING) as client:
        assert not ensure_entry(client, PARAMS | {"state": "absent"}, check_mode=False).changed


def test_listing_has_the_policies() -> None:
    listed = ("list_access_entries", {"clusterName": NAME}, {"accessEntries": [OPERATOR]})
    with recorded("eks", listed, *described()) as client:
        (found,) = list_entries(client, {"cluster_name": NAME, "principal_arns": []})
    assert [policy["policyArn"] for policy in found["associatedAccessPolicies"]] == [ADMIN]
