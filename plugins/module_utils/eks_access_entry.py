# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""An access entry of an EKS cluster: who may do what there, and the calls that change it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.exceptions import AnsibleAWSError
from ansible_collections.lambdafs.cluster.plugins.module_utils.eks_common import (
    Call,
    Item,
    Result,
    apply,
    create,
    delete,
    describe_all,
    list_all,
    read,
    tag_calls,
    wanted_tags,
    without_empty,
)

Params = Mapping[str, Any]
TYPES = ("STANDARD", "EC2_LINUX", "EC2_WINDOWS", "FARGATE_LINUX", "EC2", "HYBRID_LINUX", "HYPERPOD_LINUX")


def describe_entry(client: Any, cluster: str, principal: str) -> Item | None:
    """Return an access entry with its policies below associatedAccessPolicies, or None."""
    named = {"clusterName": cluster, "principalArn": principal}
    entry = read(client, "describe_access_entry", "accessEntry", **named)
    if entry is None:
        return None
    policies = list_all(client, "list_associated_access_policies", "associatedAccessPolicies", **named)
    return {**entry, "associatedAccessPolicies": policies}


def list_entries(client: Any, params: Params) -> list[Item]:
    """Return the access entries of the named principals, or all of a cluster."""
    cluster = params["cluster_name"]
    wanted = params["principal_arns"] or list_all(client, "list_access_entries", "accessEntries", clusterName=cluster)
    return describe_all(lambda principal: describe_entry(client, cluster, principal), wanted)


def address(params: Params) -> dict[str, str]:
    """Return what names the entry in every call."""
    return {"clusterName": params["cluster_name"], "principalArn": params["principal_arn"]}


def policies_of(found: Item) -> dict[str, dict[str, Any]]:
    """Return the scope of each policy of an entry by the policy's ARN."""
    return {
        item["policyArn"]: scope(item["accessScope"]["type"], item["accessScope"].get("namespaces"))
        for item in found["associatedAccessPolicies"]
    }


def wanted_policies(params: Params) -> dict[str, dict[str, Any]] | None:
    """Return the scope of each policy that was asked for by its ARN, or None when nothing was."""
    if params["policies"] is None:
        return None
    return {item["policy_arn"]: scope(item["scope"], item["namespaces"]) for item in params["policies"]}


def scope(kind: str, namespaces: list[str] | None) -> dict[str, Any]:
    """Return a scope as EKS spells it, its namespaces in order."""
    return {"type": kind, **({"namespaces": sorted(namespaces or [])} if kind == "namespace" else {})}


def creation(params: Params) -> dict[str, Any]:
    """Return the arguments that make the entry."""
    return without_empty(
        {
            **address(params),
            "kubernetesGroups": params["kubernetes_groups"],
            "username": params["username"],
            "type": params["type"],
            "tags": params["tags"],
        }
    )


def settings_of(found: Item | None) -> dict[str, Any]:
    """Return the settings of an entry that can be compared."""
    if found is None:
        return {}
    return {
        "type": found.get("type"),
        "kubernetes_groups": sorted(found.get("kubernetesGroups") or []),
        "username": found.get("username"),
        "policies": policies_of(found),
        "tags": dict(found.get("tags") or {}),
    }


def wanted_settings(params: Params, before: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings as they are wanted; what was not asked for stays as it was."""
    asked = without_empty({key: params[key] for key in ("type", "username")})
    if params["kubernetes_groups"] is not None:
        asked["kubernetes_groups"] = sorted(params["kubernetes_groups"])
    policies = wanted_policies(params)
    if policies is not None:
        asked["policies"] = policies if params["purge_policies"] else {**before.get("policies", {}), **policies}
    tags = wanted_tags(before.get("tags", {}), params["tags"], params["purge_tags"])
    return {**before, **asked, "tags": tags}


def policy_calls(params: Params, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Call]:
    """Return the calls that bring the policies in step; a policy with another scope is just associated again."""
    there, wanted = before.get("policies", {}), after.get("policies", {})
    added = [
        Call("associate_access_policy", {**address(params), "policyArn": arn, "accessScope": wanted[arn]})
        for arn in sorted(wanted)
        if there.get(arn) != wanted[arn]
    ]
    removed = [
        Call("disassociate_access_policy", {**address(params), "policyArn": arn})
        for arn in sorted(there.keys() - wanted.keys())
    ]
    return added + removed


def changes(found: Item, params: Params) -> list[Call]:
    """Return the calls that make an entry what is wanted. Raises AnsibleAWSError when no call can."""
    before = settings_of(found)
    after = wanted_settings(params, before)
    if before["type"] != after["type"]:
        raise AnsibleAWSError(
            f"access entry of {params['principal_arn']} in EKS cluster {params['cluster_name']} has type "
            f"{before['type']}, which AWS never changes; expected {after['type']}; delete it and run again"
        )
    calls = tag_calls(found["accessEntryArn"], before["tags"], params["tags"], params["purge_tags"])
    if any(before[key] != after[key] for key in ("kubernetes_groups", "username")):
        arguments = {"kubernetesGroups": after["kubernetes_groups"], "username": after["username"]}
        calls.append(Call("update_access_entry", {**address(params), **without_empty(arguments)}))
    return calls + policy_calls(params, before, after)


def ensure_entry(client: Any, params: Params, check_mode: bool) -> Result:
    """Make, change or delete an access entry, or in check mode say what would be done."""

    def describe() -> Item | None:
        return describe_entry(client, params["cluster_name"], params["principal_arn"])

    found = describe()
    before = settings_of(found)
    if params["state"] == "absent":
        if found and not check_mode:
            delete(client, "delete_access_entry", **address(params))
        return Result(found is not None, None, before, {})
    after = wanted_settings(params, before)
    calls = changes(found, params) if found else policy_calls(params, before, after)
    if not check_mode:
        if found is None:
            create(client, "create_access_entry", creation(params), describe)
        apply(client, calls, {}, 0, wait=False)
        if calls or found is None:
            found = describe()
    return Result(bool(calls) or not before, found, before, after)
