from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.amazon.aws.plugins.module_utils.exceptions import AnsibleAWSError
from ansible_collections.lambdafs.cluster.plugins.module_utils import eks_common
from ansible_collections.lambdafs.cluster.plugins.module_utils.eks_cluster import (
    changes,
    creation,
    ensure_cluster,
    list_clusters,
)

from tests.unit.plugins.eks_answers import ARN, NAME, ROLE, TAGS, Exchange, cluster, recorded, update

PARAMS: dict[str, Any] = {
    "name": NAME,
    "state": "present",
    "version": "1.34",
    "role_arn": ROLE,
    "subnets": ["subnet-0a", "subnet-0b"],
    "security_groups": ["sg-01"],
    "endpoint_public_access": True,
    "endpoint_private_access": True,
    "public_access_cidrs": ["203.0.113.7/32"],
    "logging": [],
    "authentication_mode": "API_AND_CONFIG_MAP",
    "creator_is_admin": True,
    "tags": TAGS,
    "purge_tags": False,
    "wait": False,
    "wait_timeout": 5,
}
LAST_PAGE: Exchange = ("list_clusters", {"nextToken": "t"}, {"clusters": [NAME]})
NOTHING: Exchange = ("describe_cluster", {"name": NAME}, "ResourceNotFoundException: No cluster found")


def described(**differences: Any) -> Exchange:
    return ("describe_cluster", {"name": NAME}, {"cluster": cluster(**differences)})


@pytest.fixture(autouse=True)
def impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(eks_common, "POLL_INTERVAL", 0.01)


def test_a_cluster_that_is_as_wanted_is_left_alone() -> None:
    with recorded("eks", described()) as client:
        result = ensure_cluster(client, PARAMS, check_mode=False)
    assert (result.changed, result.before) == (False, result.after)


def test_what_is_not_asked_for_is_left_alone() -> None:
    optional = ("version", "security_groups", "endpoint_public_access", "logging", "authentication_mode", "tags")
    params = PARAMS | dict.fromkeys((*optional, "endpoint_private_access", "public_access_cidrs"))
    with recorded("eks", described(version="1.29", tags={"more": "tags"})) as client:
        assert not ensure_cluster(client, params, check_mode=False).changed


def test_a_missing_cluster_is_made_and_not_waited_for() -> None:
    made = ("create_cluster", creation(PARAMS), {"cluster": cluster(status="CREATING")})
    with recorded("eks", NOTHING, made, described(status="CREATING")) as client:
        result = ensure_cluster(client, PARAMS, check_mode=False)
    assert result.changed
    assert result.as_dict("cluster")["cluster"]["status"] == "CREATING"
    assert "logging" not in creation(PARAMS)


def test_a_made_cluster_is_waited_for() -> None:
    made = ("create_cluster", None, {"cluster": cluster(status="CREATING")})
    with recorded("eks", NOTHING, made, described(status="CREATING"), described()) as client:
        result = ensure_cluster(client, PARAMS | {"wait": True}, check_mode=False)
    assert result.as_dict("cluster")["cluster"]["status"] == "ACTIVE"


def test_an_answer_that_was_lost_is_no_error() -> None:
    taken = ("create_cluster", None, "ResourceInUseException: Cluster already exists")
    with recorded("eks", NOTHING, taken, described(), described()) as client:
        assert ensure_cluster(client, PARAMS, check_mode=False).changed


def test_a_role_that_eks_does_not_know_yet_is_asked_for_again() -> None:
    unknown = (
        "create_cluster",
        None,
        "InvalidParameterException: Role with arn x, could not be assumed because it does not exist or the trusted "
        "entity is not correct",
    )
    made = ("create_cluster", None, {"cluster": cluster(status="CREATING")})
    with recorded("eks", NOTHING, unknown, made, described(status="CREATING")) as client:
        assert ensure_cluster(client, PARAMS, check_mode=False).changed


def test_check_mode_only_reads() -> None:
    with recorded("eks", NOTHING) as client:
        result = ensure_cluster(client, PARAMS, check_mode=True)
    assert (result.changed, result.found) == (True, None)
    with recorded("eks", described()) as client:
        result = ensure_cluster(client, PARAMS | {"version": "1.35"}, check_mode=True)
    assert (result.before["version"], result.after["version"]) == ("1.34", "1.35")


def test_every_kind_of_change_is_a_call_of_its_own_and_the_version_comes_last() -> None:
    params = PARAMS | {
        "endpoint_private_access": False,
        "subnets": ["subnet-0a", "subnet-0c"],
        "logging": ["audit"],
        "authentication_mode": "API",
        "version": "1.35",
        "tags": {**TAGS, "Team": "x"},
    }
    calls = [(call.operation, dict(call.arguments)) for call in changes(cluster(), params)]
    off = ["api", "authenticator", "controllerManager", "scheduler"]
    assert calls == [
        ("tag_resource", {"resourceArn": ARN, "tags": {"Team": "x"}}),
        (
            "update_cluster_config",
            {
                "name": NAME,
                "resourcesVpcConfig": {
                    "endpointPublicAccess": True,
                    "endpointPrivateAccess": False,
                    "publicAccessCidrs": ["203.0.113.7/32"],
                },
            },
        ),
        (
            "update_cluster_config",
            {
                "name": NAME,
                "resourcesVpcConfig": {"subnetIds": ["subnet-0a", "subnet-0c"], "securityGroupIds": ["sg-01"]},
            },
        ),
        (
            "update_cluster_config",
            {
                "name": NAME,
                "logging": {
                    "clusterLogging": [{"types": ["audit"], "enabled": True}, {"types": off, "enabled": False}]
                },
            },
        ),
        ("update_cluster_config", {"name": NAME, "accessConfig": {"authenticationMode": "API"}}),
        ("update_cluster_version", {"name": NAME, "version": "1.35"}),
    ]


def test_an_update_is_waited_for_before_the_next() -> None:
    asked = {"updateId": "u-1", "name": NAME}
    with recorded(
        "eks",
        described(),
        described(status="UPDATING"),
        described(),
        ("update_cluster_config", None, update("InProgress")),
        ("describe_update", asked, update("InProgress")),
        ("describe_update", asked, update()),
        ("update_cluster_version", None, update("InProgress")),
        described(status="UPDATING"),
    ) as client:
        result = ensure_cluster(client, PARAMS | {"logging": ["api"], "version": "1.35"}, check_mode=False)
    assert result.changed


def test_an_update_that_fails_is_told_in_the_words_of_eks() -> None:
    error = {"errorCode": "SubnetNotFound", "errorMessage": "no such subnet"}
    with (
        recorded(
            "eks",
            described(),
            described(),
            ("update_cluster_config", None, update("InProgress")),
            ("describe_update", {"updateId": "u-1", "name": NAME}, update("Failed", [error])),
        ) as client,
        pytest.raises(AnsibleAWSError, match=r"is Failed \(SubnetNotFound: no such subnet\).*expected Successful"),
    ):
        ensure_cluster(client, PARAMS | {"logging": ["api"], "wait": True}, check_mode=False)


@pytest.mark.parametrize(
    ("difference", "words"),
    [
        ({"version": "1.36"}, "raises a cluster by one minor version at a time .* ask for 1.35 first"),
        ({"version": "1.33"}, "AWS never takes a cluster back; ask for 1.34"),
        ({"role_arn": f"{ROLE}-other"}, "AWS never changes it; expected .*-other"),
    ],
)
def test_what_aws_never_does_is_refused_before_any_call(difference: dict[str, str], words: str) -> None:
    with recorded("eks", described()) as client, pytest.raises(AnsibleAWSError, match=words):
        ensure_cluster(client, PARAMS | difference, check_mode=False)


def test_a_cluster_that_does_not_come_up_says_why() -> None:
    failed = described(status="FAILED", health={"issues": [{"code": "AccessDenied", "message": "no role"}]})
    made = ("create_cluster", None, {"cluster": cluster(status="CREATING")})
    with (
        recorded("eks", NOTHING, made, failed) as client,
        pytest.raises(AnsibleAWSError, match=r"is FAILED \(AccessDenied: no role\).*expected ACTIVE"),
    ):
        ensure_cluster(client, PARAMS | {"wait": True}, check_mode=False)


def test_deleting_waits_until_the_cluster_is_gone() -> None:
    params = PARAMS | {"state": "absent", "wait": True}
    gone = ("delete_cluster", {"name": NAME}, {"cluster": cluster(status="DELETING")})
    with recorded("eks", described(), gone, described(status="DELETING"), NOTHING) as client:
        assert ensure_cluster(client, params, check_mode=False).changed
    with recorded("eks", NOTHING) as client:
        assert not ensure_cluster(client, params, check_mode=False).changed


def test_all_clusters_are_listed_page_after_page_and_a_vanished_one_is_left_out() -> None:
    with recorded("eks", ("list_clusters", {}, {"clusters": [], "nextToken": "t"}), LAST_PAGE, described()) as client:
        assert [found["name"] for found in list_clusters(client, {"names": []})] == [NAME]
    with recorded("eks", NOTHING) as client:
        assert list_clusters(client, {"names": [NAME]}) == []


def test_a_refusal_is_told_with_its_call() -> None:
    denied = ("describe_cluster", {"name": NAME}, "AccessDeniedException: not you")
    with recorded("eks", denied) as client, pytest.raises(AnsibleAWSError, match=r"call describe_cluster.*not you"):
        ensure_cluster(client, PARAMS, check_mode=False)
