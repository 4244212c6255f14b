# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A managed node group of an EKS cluster: what differs from what is wanted, and the calls that change it."""

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
    wait_until_active,
    wait_until_gone,
    wait_until_settled,
    wanted_tags,
    without_empty,
)

Params = Mapping[str, Any]
EFFECTS = ("NO_SCHEDULE", "NO_EXECUTE", "PREFER_NO_SCHEDULE")
# What AWS fixes when it makes a node group: the module's option and EKS's key
FIXED: Mapping[str, str] = {
    "node_role": "nodeRole",
    "ami_type": "amiType",
    "capacity_type": "capacityType",
    "disk_size": "diskSize",
}


def describe_nodegroup(client: Any, cluster: str, name: str) -> Item | None:
    """Return a node group as EKS describes it, or None when it, or its cluster, does not exist."""
    return read(client, "describe_nodegroup", "nodegroup", clusterName=cluster, nodegroupName=name)


def list_nodegroups(client: Any, params: Params) -> list[Item]:
    """Return the named node groups of a cluster that exist, or all."""
    cluster = params["cluster_name"]
    wanted = params["names"] or list_all(client, "list_nodegroups", "nodegroups", clusterName=cluster)
    return describe_all(lambda name: describe_nodegroup(client, cluster, name), wanted)


def scaling_of(params: Params) -> dict[str, int]:
    """Return the sizes that were asked for, as EKS calls them."""
    return without_empty(
        {"minSize": params["min_size"], "maxSize": params["max_size"], "desiredSize": params["desired_size"]}
    )


def taints_of(params: Params) -> list[Item] | None:
    """Return the taints as EKS spells them, in order; None when nothing is asked for."""
    if params["taints"] is None:
        return None
    taints = [without_empty({key: taint[key] for key in ("key", "value", "effect")}) for taint in params["taints"]]
    return sorted(taints, key=taint_key)


def taint_key(taint: Mapping[str, str]) -> tuple[str, str]:
    """Return what makes a taint the same one with another value."""
    return taint["key"], taint["effect"]


def remembered(params: Params, tags: Mapping[str, str] | None) -> dict[str, str] | None:
    """Return the tags with the one that remembers the desired size that was asked for last."""
    if not params["desired_size_tag"] or params["desired_size"] is None:
        return None if tags is None else dict(tags)
    return {**(tags or {}), params["desired_size_tag"]: str(params["desired_size"])}


def desired_size(params: Params, found: Item) -> int:
    """Return the number of nodes to ask for.

    The live number stays when nothing is asked for, and when the number that is asked for was asked for before:
    then it is an autoscaler's.
    """
    scaling = found["scalingConfig"]
    live = int(scaling["desiredSize"])
    asked = params["desired_size"]
    tag = params["desired_size_tag"]
    kept = asked is None or (bool(tag) and found.get("tags", {}).get(tag) == str(asked))
    least = params["min_size"] if params["min_size"] is not None else scaling["minSize"]
    most = params["max_size"] if params["max_size"] is not None else scaling["maxSize"]
    return int(min(max(live if kept else asked, least), most))


def creation(params: Params) -> dict[str, Any]:
    """Return the arguments that make the node group."""
    return without_empty(
        {
            "clusterName": params["cluster_name"],
            "nodegroupName": params["name"],
            "nodeRole": params["node_role"],
            "subnets": params["subnets"],
            "scalingConfig": scaling_of(params) or None,
            "instanceTypes": params["instance_types"],
            "amiType": params["ami_type"],
            "capacityType": params["capacity_type"],
            "diskSize": params["disk_size"],
            "labels": params["labels"],
            "taints": taints_of(params),
            "updateConfig": params["max_unavailable"] and {"maxUnavailable": params["max_unavailable"]},
            "version": params["version"],
            "tags": remembered(params, params["tags"]),
        }
    )


def settings_of(found: Item | None) -> dict[str, Any]:
    """Return the settings of a node group that can be compared."""
    if found is None:
        return {}
    scaling = found.get("scalingConfig", {})
    return {
        **{option: found.get(key) for option, key in FIXED.items()},
        "subnets": sorted(found.get("subnets", [])),
        "instance_types": list(found.get("instanceTypes") or []),
        "min_size": scaling.get("minSize"),
        "max_size": scaling.get("maxSize"),
        "desired_size": scaling.get("desiredSize"),
        "labels": dict(found.get("labels") or {}),
        "taints": sorted(found.get("taints") or [], key=taint_key),
        "max_unavailable": (found.get("updateConfig") or {}).get("maxUnavailable"),
        "version": found.get("version"),
        "tags": dict(found.get("tags") or {}),
    }


def wanted_settings(params: Params, found: Item | None) -> dict[str, Any]:
    """Return the settings as they are wanted; what was not asked for stays as it was."""
    before = settings_of(found)
    plain = (*FIXED, "instance_types", "min_size", "max_size", "desired_size", "labels", "max_unavailable", "version")
    asked = without_empty({key: params[key] for key in plain})
    if params["subnets"] is not None:
        asked["subnets"] = sorted(params["subnets"])
    if params["taints"] is not None:
        asked["taints"] = taints_of(params)
    if found is not None:
        asked["desired_size"] = desired_size(params, found)
    asked["tags"] = wanted_tags(before.get("tags", {}), remembered(params, params["tags"]), params["purge_tags"])
    return {**before, **asked}


def refusal(params: Params, before: Mapping[str, Any], after: Mapping[str, Any]) -> str | None:
    """Return why a node group cannot become what is wanted, or None."""
    differing = [key for key in (*FIXED, "subnets", "instance_types") if before[key] != after[key]]
    if not differing:
        return None
    there = ", ".join(f"{key} {before[key]}" for key in differing)
    asked = ", ".join(f"{key} {after[key]}" for key in differing)
    return (
        f"node group {params['name']} of EKS cluster {params['cluster_name']} has {there}, which AWS never changes; "
        f"expected {asked}; ask for what it has, or delete it and run again"
    )


def label_changes(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, Any]:
    """Return the labels to set and to remove, as EKS takes them; nothing when they are equal."""
    added = {key: value for key, value in after.items() if before.get(key) != value}
    removed = sorted(before.keys() - after.keys())
    return {
        **({"addOrUpdateLabels": added} if added else {}),
        **({"removeLabels": removed} if removed else {}),
    }


def taint_changes(before: list[Item], after: list[Item]) -> dict[str, Any]:
    """Return the taints to set and to remove, as EKS takes them; nothing when they are equal."""
    kept = {taint_key(taint) for taint in after}
    added = [taint for taint in after if taint not in before]
    removed = [taint for taint in before if taint_key(taint) not in kept]
    return {
        **({"addOrUpdateTaints": added} if added else {}),
        **({"removeTaints": removed} if removed else {}),
    }


def changes(found: Item, params: Params) -> list[Call]:
    """Return the calls that make a node group what is wanted. Raises AnsibleAWSError when no call can.

    The tags come last: one of them remembers the size, and must not before the size was asked for.
    """
    before = settings_of(found)
    after = wanted_settings(params, found)
    problem = refusal(params, before, after)
    if problem:
        raise AnsibleAWSError(problem)
    address = {"clusterName": params["cluster_name"], "nodegroupName": params["name"]}
    sizes = {"minSize": after["min_size"], "maxSize": after["max_size"], "desiredSize": after["desired_size"]}
    resized = any(before[key] != after[key] for key in ("min_size", "max_size", "desired_size"))
    labels = label_changes(before["labels"], after["labels"])
    taints = taint_changes(before["taints"], after["taints"])
    paced = before["max_unavailable"] != after["max_unavailable"]
    configuration = {
        **({"labels": labels} if labels else {}),
        **({"taints": taints} if taints else {}),
        **({"scalingConfig": sizes} if resized else {}),
        **({"updateConfig": {"maxUnavailable": after["max_unavailable"]}} if paced else {}),
    }
    calls = []
    if configuration:
        calls.append(Call("update_nodegroup_config", {**address, **configuration}, update=True))
    if before["version"] != after["version"]:
        arguments = {**address, "version": after["version"], "force": params["force"]}
        calls.append(Call("update_nodegroup_version", arguments, update=True))
    tags = remembered(params, params["tags"])
    return calls + tag_calls(found["nodegroupArn"], before["tags"], tags, params["purge_tags"])


def ensure_nodegroup(client: Any, params: Params, check_mode: bool) -> Result:
    """Make, change or delete a node group, or in check mode say what would be done."""
    cluster, name, timeout = params["cluster_name"], params["name"], params["wait_timeout"]
    what = f"node group {name} of EKS cluster {cluster}"

    def describe() -> Item | None:
        return describe_nodegroup(client, cluster, name)

    found = describe()
    if params["state"] == "absent":
        result = Result(found is not None and found["status"] != "DELETING", None, settings_of(found), {})
        if found and not check_mode:
            if found["status"] != "DELETING":
                delete(client, "delete_nodegroup", clusterName=cluster, nodegroupName=name)
            if params["wait"]:
                wait_until_gone(what, describe, timeout)
        return result
    if found and found["status"] == "DELETING" and not check_mode:
        wait_until_gone(what, describe, timeout)
        found = None
    before, after = settings_of(found), wanted_settings(params, found)
    calls = changes(found, params) if found else []
    if not check_mode:
        if found is None:
            create(client, "create_nodegroup", creation(params), describe)
        elif any(one.update for one in calls):
            wait_until_settled(what, describe, timeout)
        apply(client, calls, {"name": cluster, "nodegroupName": name}, timeout, params["wait"])
        if params["wait"]:
            found = wait_until_active(what, describe, timeout)
        elif calls or found is None:
            found = describe()
    return Result(bool(calls) or not before, found, before, after)
