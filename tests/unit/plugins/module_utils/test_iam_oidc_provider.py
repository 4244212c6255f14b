from __future__ import annotations

from typing import Any

from ansible_collections.lambdafs.cluster.plugins.module_utils.iam_oidc_provider import ensure_provider, list_providers

from tests.unit.plugins.eks_answers import ACCOUNT, TAGS, Exchange, recorded

ISSUER = "oidc.eks.us-east-1.amazonaws.com/id/0123456789ABCDEF"
ARN = f"arn:aws:iam::{ACCOUNT}:oidc-provider/{ISSUER}"
OTHER = f"arn:aws:iam::{ACCOUNT}:oidc-provider/accounts.example.com"
NAMED = {"OpenIDConnectProviderArn": ARN}
PARAMS: dict[str, Any] = {
    "url": f"https://{ISSUER}",
    "state": "present",
    "client_ids": ["sts.amazonaws.com"],
    "purge_client_ids": True,
    "thumbprints": None,
    "tags": TAGS,
    "purge_tags": True,
}


def listed(*arns: str) -> Exchange:
    return (
        "list_open_id_connect_providers",
        {},
        {"OpenIDConnectProviderList": [{"Arn": arn} for arn in arns]},
    )


def described(**differences: Any) -> Exchange:
    answer = {
        "Url": ISSUER,
        "ClientIDList": ["sts.amazonaws.com"],
        "ThumbprintList": ["9e99a48a9960b14926bb7f3b02e22da2b0ab7280"],
        "Tags": [{"Key": key, "Value": value} for key, value in TAGS.items()],
    }
    return ("get_open_id_connect_provider", NAMED, answer | differences)


def test_a_provider_that_is_as_wanted_is_left_alone() -> None:
    with recorded("iam", listed(OTHER, ARN), described()) as client:
        assert not ensure_provider(client, PARAMS, check_mode=False).changed


def test_a_missing_one_is_made_and_iam_finds_the_certificate() -> None:
    sent = {
        "Url": f"https://{ISSUER}",
        "ClientIDList": ["sts.amazonaws.com"],
        "Tags": [{"Key": key, "Value": value} for key, value in TAGS.items()],
    }
    made = ("create_open_id_connect_provider", sent, {"OpenIDConnectProviderArn": ARN})
    with recorded("iam", listed(OTHER), made, listed(ARN), described()) as client:
        result = ensure_provider(client, PARAMS, check_mode=False)
    assert result.as_dict("provider")["provider"]["arn"] == ARN


def test_everything_that_differs_is_changed() -> None:
    params = PARAMS | {"client_ids": ["sts.amazonaws.com", "a"], "thumbprints": ["AA" * 20], "tags": {"Team": "x"}}
    with recorded(
        "iam",
        listed(ARN),
        described(ClientIDList=["b", "sts.amazonaws.com"]),
        ("add_client_id_to_open_id_connect_provider", {**NAMED, "ClientID": "a"}, {}),
        ("remove_client_id_from_open_id_connect_provider", {**NAMED, "ClientID": "b"}, {}),
        ("update_open_id_connect_provider_thumbprint", {**NAMED, "ThumbprintList": ["aa" * 20]}, {}),
        ("tag_open_id_connect_provider", {**NAMED, "Tags": [{"Key": "Team", "Value": "x"}]}, {}),
        ("untag_open_id_connect_provider", {**NAMED, "TagKeys": ["Cluster", "Project"]}, {}),
        listed(ARN),
        described(),
    ) as client:
        assert ensure_provider(client, params, check_mode=False).changed


def test_audiences_of_others_stay_when_asked() -> None:
    found = described(ClientIDList=["b", "sts.amazonaws.com"])
    with recorded("iam", listed(ARN), found) as client:
        assert not ensure_provider(client, PARAMS | {"purge_client_ids": False}, check_mode=False).changed


def test_check_mode_only_reads() -> None:
    with recorded("iam", listed()) as client:
        assert ensure_provider(client, PARAMS, check_mode=True).changed


def test_deleting() -> None:
    with recorded("iam", listed(ARN), described(), ("delete_open_id_connect_provider", NAMED, {})) as client:
        assert ensure_provider(client, PARAMS | {"state": "absent"}, check_mode=False).changed
    with recorded("iam", listed(OTHER)) as client:
        assert not ensure_provider(client, PARAMS | {"state": "absent"}, check_mode=False).changed


def test_listing_by_issuer() -> None:
    with recorded("iam", listed(OTHER, ARN), described()) as client:
        (found,) = list_providers(client, {"urls": [f"https://{ISSUER}/"]})
    assert (found["url"], found["tags"]) == (ISSUER, TAGS)
