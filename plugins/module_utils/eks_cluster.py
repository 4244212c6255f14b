# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""An EKS cluster: what differs from what is wanted, and the calls that change it."""

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

LOG_TYPES = ("api", "audit", "authenticator", "controllerManager", "scheduler")
AUTHENTICATION_MODES = ("API", "API_AND_CONFIG_MAP", "CONFIG_MAP")
Params = Mapping[str, Any]


def describe_cluster(client: Any, name: str) -> Item | None:
    """Return a cluster as EKS describes it, or None."""
    return read(client, "describe_cluster", "cluster", name=name)


def list_clusters(client: Any, params: Params) -> list[Item]:
    """Return the named clusters that exist, or all of the region."""
    wanted = params["names"] or list_all(client, "list_clusters", "clusters")
    return describe_all(lambda name: describe_cluster(client, name), wanted)


def endpoint_of(params: Params) -> dict[str, Any]:
    """Return the part of the network configuration that says who reaches the Kubernetes API."""
    return without_empty(
        {
            "endpointPublicAccess": params["endpoint_public_access"],
            "endpointPrivateAccess": params["endpoint_private_access"],
            "publicAccessCidrs": params["public_access_cidrs"],
        }
    )


def network_of(params: Params) -> dict[str, Any]:
    """Return the part of the network configuration that says where the control plane's interfaces are."""
    return without_empty({"subnetIds": params["subnets"], "securityGroupIds": params["security_groups"]})


def logging_of(params: Params) -> list[Item] | None:
    """Return the logging configuration, which names every type of log once; None when nothing is asked for."""
    if params["logging"] is None:
        return None
    on = [log for log in LOG_TYPES if log in params["logging"]]
    off = [log for log in LOG_TYPES if log not in on]
    return [{"types": types, "enabled": enabled} for types, enabled in ((on, True), (off, False)) if types]


def logs_of(found: Item) -> list[str]:
    """Return the types of log that a cluster writes."""
    setups = found.get("logging", {}).get("clusterLogging", [])
    return sorted(log for setup in setups if setup.get("enabled") for log in setup.get("types", []))


def creation(params: Params) -> dict[str, Any]:
    """Return the arguments that make the cluster."""
    logging = logging_of(params)
    return without_empty(
        {
            "name": params["name"],
            "version": params["version"],
            "roleArn": params["role_arn"],
            "resourcesVpcConfig": {**network_of(params), **endpoint_of(params)},
            "logging": {"clusterLogging": logging} if params["logging"] else None,
            "accessConfig": {
                **without_empty({"authenticationMode": params["authentication_mode"]}),
                "bootstrapClusterCreatorAdminPermissions": params["creator_is_admin"],
            },
            "tags": params["tags"],
        }
    )


def settings_of(found: Item | None) -> dict[str, Any]:
    """Return the settings of a cluster that can be compared."""
    if found is None:
        return {}
    network = found.get("resourcesVpcConfig", {})
    return {
        "version": found.get("version"),
        "role_arn": found.get("roleArn"),
        "subnets": sorted(network.get("subnetIds", [])),
        "security_groups": sorted(network.get("securityGroupIds", [])),
        "endpoint_public_access": network.get("endpointPublicAccess"),
        "endpoint_private_access": network.get("endpointPrivateAccess"),
        "public_access_cidrs": sorted(network.get("publicAccessCidrs", [])),
        "logging": logs_of(found),
        "authentication_mode": found.get("accessConfig", {}).get("authenticationMode"),
        "tags": dict(found.get("tags", {})),
    }


def wanted_settings(params: Params, before: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings as they are wanted; what was not asked for stays as it was."""
    asked = {
        **without_empty({key: params[key] for key in ("version", "role_arn", "authentication_mode")}),
        **without_empty({key: params[key] for key in ("endpoint_public_access", "endpoint_private_access")}),
        **{
            key: sorted(params[key])
            for key in ("subnets", "security_groups", "public_access_cidrs", "logging")
            if params[key] is not None
        },
    }
    tags = wanted_tags(before.get("tags", {}), params["tags"], params["purge_tags"])
    wanted = {**before, **asked, "tags": tags}
    if wanted.get("endpoint_public_access") is False:
        # EKS keeps the ranges of an endpoint that nobody reaches
        wanted["public_access_cidrs"] = before.get("public_access_cidrs", [])
    return wanted


def refusal(params: Params, before: Mapping[str, Any], after: Mapping[str, Any]) -> str | None:
    """Return why a cluster cannot become what is wanted, or None."""
    what = f"EKS cluster {params['name']}"
    if before["role_arn"] != after["role_arn"]:
        return (
            f"{what} has the role {before['role_arn']} and AWS never changes it; expected {after['role_arn']}; "
            "name the role that it has, or make another cluster"
        )
    step = minor_of(after["version"]) - minor_of(before["version"])
    if step not in (0, 1):
        return (
            f"{what} has Kubernetes {before['version']}; expected {after['version']}, but AWS raises a cluster by one "
            f"minor version at a time and never takes it back; ask for {next_minor(before['version'])} first"
            if step > 1
            else f"{what} has Kubernetes {before['version']}; expected {after['version']}, but AWS never takes a "
            f"cluster back; ask for {before['version']}"
        )
    return None


def minor_of(version: str) -> int:
    """Return the minor number of a Kubernetes version such as 1.35."""
    return int(version.split(".")[1])


def next_minor(version: str) -> str:
    """Return the Kubernetes version that follows."""
    return f"{version.split('.')[0]}.{minor_of(version) + 1}"


def changes(found: Item, params: Params) -> list[Call]:
    """Return the calls that make a cluster what is wanted: the network first, the version last.

    EKS takes one kind of change a call. Raises AnsibleAWSError when no call can.
    """
    before = settings_of(found)
    after = wanted_settings(params, before)
    problem = refusal(params, before, after)
    if problem:
        raise AnsibleAWSError(problem)
    differing = {key for key in after if before[key] != after[key]}
    calls = tag_calls(found["arn"], before["tags"], params["tags"], params["purge_tags"])
    configuration: list[dict[str, Any]] = []
    if differing & {"endpoint_public_access", "endpoint_private_access", "public_access_cidrs"}:
        configuration.append({"resourcesVpcConfig": endpoint_of(params)})
    if differing & {"subnets", "security_groups"}:
        configuration.append({"resourcesVpcConfig": network_of(params)})
    if "logging" in differing:
        configuration.append({"logging": {"clusterLogging": logging_of(params)}})
    if "authentication_mode" in differing:
        configuration.append({"accessConfig": {"authenticationMode": params["authentication_mode"]}})
    calls += [
        Call("update_cluster_config", {"name": params["name"], **arguments}, update=True) for arguments in configuration
    ]
    if "version" in differing:
        arguments = {"name": params["name"], "version": params["version"]}
        calls.append(Call("update_cluster_version", arguments, update=True))
    return calls


def ensure_cluster(client: Any, params: Params, check_mode: bool) -> Result:
    """Make, change or delete a cluster, or in check mode say what would be done."""
    if params["state"] == "absent":
        return ensure_absent(client, params, check_mode)
    name, timeout = params["name"], params["wait_timeout"]
    what = f"EKS cluster {name}"
    found = describe_cluster(client, name)
    if found and found["status"] == "DELETING" and not check_mode:
        wait_until_gone(what, lambda: describe_cluster(client, name), timeout)
        found = None
    before = settings_of(found)
    after = wanted_settings(params, before)
    calls = changes(found, params) if found else []
    if not check_mode:
        if found is None:
            create(client, "create_cluster", creation(params), lambda: describe_cluster(client, name))
        elif any(one.update for one in calls):
            wait_until_settled(what, lambda: describe_cluster(client, name), timeout)
        apply(client, calls, {"name": name}, timeout, params["wait"])
        if params["wait"]:
            found = wait_until_active(what, lambda: describe_cluster(client, name), timeout)
        elif calls or found is None:
            found = describe_cluster(client, name)
    return Result(bool(calls) or not before, found, before, after)


def ensure_absent(client: Any, params: Params, check_mode: bool) -> Result:
    """Delete a cluster. Its add-ons and access entries go with it; its node groups must be gone before."""
    name = params["name"]
    found = describe_cluster(client, name)
    result = Result(found is not None and found["status"] != "DELETING", None, settings_of(found), {})
    if found and not check_mode:
        if found["status"] != "DELETING":
            delete(client, "delete_cluster", name=name)
        if params["wait"]:
            wait_until_gone(f"EKS cluster {name}", lambda: describe_cluster(client, name), params["wait_timeout"])
    return result
