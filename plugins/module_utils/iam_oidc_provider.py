# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""An OpenID Connect provider of IAM: what differs from what is wanted, and the calls that change it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.tagging import (
    ansible_dict_to_boto3_tag_list,
    boto3_tag_list_to_ansible_dict,
)
from ansible_collections.lambdafs.cluster.plugins.module_utils.eks_common import (
    Call,
    Item,
    Result,
    answer_or_none,
    apply,
    call,
    create,
    delete,
    describe_all,
    tag_changes,
    wanted_tags,
    without_empty,
)

Params = Mapping[str, Any]


def without_scheme(url: str) -> str:
    """Return an issuer as IAM keeps it: without https:// and without a slash at the end."""
    return url.removeprefix("https://").rstrip("/")


def provider_arns(client: Any) -> list[str]:
    """Return the ARNs of all providers of the account."""
    listed = call(client, "list_open_id_connect_providers")["OpenIDConnectProviderList"]
    return [item["Arn"] for item in listed]


def describe_provider(client: Any, arn: str) -> Item | None:
    """Return a provider with its ARN, tags as a dict, or None."""
    found = answer_or_none(client, "get_open_id_connect_provider", OpenIDConnectProviderArn=arn)
    if found is None:
        return None
    return {
        "arn": arn,
        "url": found["Url"],
        "clientIds": sorted(found.get("ClientIDList", [])),
        "thumbprints": sorted(found.get("ThumbprintList", [])),
        "tags": boto3_tag_list_to_ansible_dict(found.get("Tags", [])),
    }


def find_provider(client: Any, url: str) -> Item | None:
    """Return the provider of an issuer, or None: its ARN ends with the issuer."""
    issuer = without_scheme(url)
    arn = next((arn for arn in provider_arns(client) if arn.split("/", 1)[1] == issuer), None)
    return describe_provider(client, arn) if arn else None


def list_providers(client: Any, params: Params) -> list[Item]:
    """Return the providers of the named issuers that exist, or all of the account."""
    issuers = {without_scheme(url) for url in params["urls"]}
    arns = [arn for arn in provider_arns(client) if not issuers or arn.split("/", 1)[1] in issuers]
    return describe_all(lambda arn: describe_provider(client, arn), arns)


def settings_of(found: Item | None) -> dict[str, Any]:
    """Return the settings of a provider that can be compared."""
    if found is None:
        return {}
    return {
        "client_ids": found["clientIds"],
        "thumbprints": found["thumbprints"],
        "tags": found["tags"],
    }


def wanted_settings(params: Params, before: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings as they are wanted; what was not asked for stays as it was."""
    there = set() if params["purge_client_ids"] else set(before.get("client_ids", []))
    asked: dict[str, Any] = {"client_ids": sorted(there | set(params["client_ids"]))}
    if params["thumbprints"] is not None:
        asked["thumbprints"] = sorted(thumbprint.lower() for thumbprint in params["thumbprints"])
    tags = wanted_tags(before.get("tags", {}), params["tags"], params["purge_tags"])
    return {**before, **asked, "tags": tags}


def creation(params: Params) -> dict[str, Any]:
    """Return the arguments that make the provider; without thumbprints IAM finds the certificate itself."""
    return without_empty(
        {
            "Url": params["url"],
            "ClientIDList": params["client_ids"],
            "ThumbprintList": params["thumbprints"],
            "Tags": ansible_dict_to_boto3_tag_list(params["tags"]) if params["tags"] else None,
        }
    )


def changes(found: Item, params: Params) -> list[Call]:
    """Return the calls that make a provider what is wanted."""
    before = settings_of(found)
    after = wanted_settings(params, before)
    named = {"OpenIDConnectProviderArn": found["arn"]}
    there, wanted = set(before["client_ids"]), set(after["client_ids"])
    added, removed = tag_changes(before["tags"], params["tags"], params["purge_tags"])
    tags = ansible_dict_to_boto3_tag_list(added)
    add, remove = "add_client_id_to_open_id_connect_provider", "remove_client_id_from_open_id_connect_provider"
    calls = [Call(add, {**named, "ClientID": client_id}) for client_id in sorted(wanted - there)]
    calls += [Call(remove, {**named, "ClientID": client_id}) for client_id in sorted(there - wanted)]
    if before["thumbprints"] != after["thumbprints"]:
        update = "update_open_id_connect_provider_thumbprint"
        calls.append(Call(update, {**named, "ThumbprintList": after["thumbprints"]}))
    if added:
        calls.append(Call("tag_open_id_connect_provider", {**named, "Tags": tags}))
    if removed:
        calls.append(Call("untag_open_id_connect_provider", {**named, "TagKeys": removed}))
    return calls


def ensure_provider(client: Any, params: Params, check_mode: bool) -> Result:
    """Make, change or delete a provider, or in check mode say what would be done."""
    found = find_provider(client, params["url"])
    before = settings_of(found)
    if params["state"] == "absent":
        if found and not check_mode:
            delete(client, "delete_open_id_connect_provider", OpenIDConnectProviderArn=found["arn"])
        return Result(found is not None, None, before, {})
    after = wanted_settings(params, before)
    calls = changes(found, params) if found else []
    if not check_mode:
        if found is None:
            create(
                client,
                "create_open_id_connect_provider",
                creation(params),
                lambda: find_provider(client, params["url"]),
            )
        apply(client, calls, {}, 0, wait=False)
        if calls or found is None:
            found = find_provider(client, params["url"])
    return Result(bool(calls) or not before, found, before, after)
