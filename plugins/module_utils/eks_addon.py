# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""An add-on of an EKS cluster: what differs from what is wanted, and the calls that change it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

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


def describe_addon(client: Any, cluster: str, name: str) -> Item | None:
    """Return an add-on as EKS describes it, or None when it, or its cluster, does not exist."""
    return read(client, "describe_addon", "addon", clusterName=cluster, addonName=name)


def list_addons(client: Any, params: Params) -> list[Item]:
    """Return the named add-ons of a cluster that exist, or all."""
    cluster = params["cluster_name"]
    wanted = params["names"] or list_all(client, "list_addons", "addons", clusterName=cluster)
    return describe_all(lambda name: describe_addon(client, cluster, name), wanted)


def parsed(text: str | None) -> dict[str, Any]:
    """Return the configuration that an add-on holds as JSON; nothing is an empty one.

    Raises ValueError when it is something else than JSON, which EKS takes as well.
    """
    found: dict[str, Any] = json.loads(text) if text else {}
    return found


def configuration_of(found: Item) -> dict[str, Any] | str:
    """Return an add-on's configuration, as text where it is no JSON: then it equals nothing that is asked for."""
    text = found.get("configurationValues")
    try:
        return parsed(text)
    except ValueError:
        return text or ""


def configuration_text(params: Params) -> str | None:
    """Return the configuration that was asked for as EKS takes it, or None."""
    values = params["configuration_values"]
    return None if values is None else json.dumps(values, sort_keys=True)


def address(params: Params) -> dict[str, str]:
    """Return what names the add-on in every call."""
    return {"clusterName": params["cluster_name"], "addonName": params["name"]}


def conflicts(params: Params) -> str:
    """Return the conflict policy as EKS spells it."""
    return str(params["resolve_conflicts"]).upper()


def creation(params: Params) -> dict[str, Any]:
    """Return the arguments that make the add-on."""
    return without_empty(
        {
            **address(params),
            "addonVersion": params["version"],
            "serviceAccountRoleArn": params["service_account_role_arn"],
            "resolveConflicts": conflicts(params),
            "configurationValues": configuration_text(params),
            "tags": params["tags"],
        }
    )


def settings_of(found: Item | None) -> dict[str, Any]:
    """Return the settings of an add-on that can be compared."""
    if found is None:
        return {}
    return {
        "version": found.get("addonVersion"),
        "service_account_role_arn": found.get("serviceAccountRoleArn"),
        "configuration_values": configuration_of(found),
        "tags": dict(found.get("tags") or {}),
    }


def wanted_settings(params: Params, before: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings as they are wanted; what was not asked for stays as it was."""
    asked = without_empty({key: params[key] for key in ("version", "service_account_role_arn", "configuration_values")})
    tags = wanted_tags(before.get("tags", {}), params["tags"], params["purge_tags"])
    return {**before, **asked, "tags": tags}


def changes(found: Item, params: Params) -> list[Call]:
    """Return the calls that make an add-on what is wanted.

    An update says everything at once: EKS takes what it does not name for no longer wanted.
    """
    before = settings_of(found)
    after = wanted_settings(params, before)
    calls = tag_calls(found["addonArn"], before["tags"], params["tags"], params["purge_tags"])
    if any(before[key] != after[key] for key in before if key != "tags"):
        text = configuration_text(params)
        arguments = {
            **address(params),
            "addonVersion": after["version"],
            "serviceAccountRoleArn": after["service_account_role_arn"],
            "resolveConflicts": conflicts(params),
            "configurationValues": found.get("configurationValues") if text is None else text,
        }
        calls.append(Call("update_addon", without_empty(arguments), update=True))
    return calls


def ensure_addon(client: Any, params: Params, check_mode: bool) -> Result:
    """Make, change or delete an add-on, or in check mode say what would be done."""
    cluster, name, timeout = params["cluster_name"], params["name"], params["wait_timeout"]
    what = f"add-on {name} of EKS cluster {cluster}"

    def describe() -> Item | None:
        return describe_addon(client, cluster, name)

    found = describe()
    before = settings_of(found)
    if params["state"] == "absent":
        if found and not check_mode:
            if found["status"] != "DELETING":
                delete(client, "delete_addon", **address(params), preserve=params["preserve"])
            if params["wait"]:
                wait_until_gone(what, describe, timeout)
        return Result(found is not None and found["status"] != "DELETING", None, before, {})
    after = wanted_settings(params, before)
    calls = changes(found, params) if found else []
    if not check_mode:
        if found is None:
            create(client, "create_addon", creation(params), describe)
        elif any(one.update for one in calls):
            wait_until_settled(what, describe, timeout)
        apply(client, calls, {"name": cluster, "addonName": name}, timeout, params["wait"])
        if params["wait"]:
            found = wait_until_active(what, describe, timeout)
        elif calls or found is None:
            found = describe()
    return Result(bool(calls) or not before, found, before, after)
