from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.amazon.aws.plugins.module_utils.exceptions import AnsibleAWSError
from ansible_collections.lambdafs.cluster.plugins.module_utils import eks_common
from ansible_collections.lambdafs.cluster.plugins.module_utils.eks_addon import (
    changes,
    creation,
    ensure_addon,
    list_addons,
)

from tests.unit.plugins.eks_answers import NAME, ROLE, TAGS, Exchange, addon, recorded, update

DRIVER = "aws-ebs-csi-driver"
PARAMS: dict[str, Any] = {
    "cluster_name": NAME,
    "name": DRIVER,
    "state": "present",
    "version": None,
    "resolve_conflicts": "overwrite",
    "service_account_role_arn": f"{ROLE}-csi",
    "configuration_values": {"controller": {"extraVolumeTags": {"Project": "LambdaFS"}}},
    "preserve": False,
    "tags": TAGS,
    "purge_tags": True,
    "wait": False,
    "wait_timeout": 5,
}
NAMED = {"clusterName": NAME, "addonName": DRIVER}
NOTHING: Exchange = ("describe_addon", NAMED, "ResourceNotFoundException: No addon")


def described(**differences: Any) -> Exchange:
    return ("describe_addon", NAMED, {"addon": addon(**differences)})


@pytest.fixture(autouse=True)
def impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(eks_common, "POLL_INTERVAL", 0.01)


@pytest.mark.parametrize(
    "text", ['{"controller":{"extraVolumeTags":{"Project":"LambdaFS"}}}', addon()["configurationValues"]]
)
def test_an_addon_that_is_as_wanted_is_left_alone_however_its_json_is_spelled(text: str) -> None:
    with recorded("eks", described(configurationValues=text)) as client:
        assert not ensure_addon(client, PARAMS, check_mode=False).changed


def test_a_missing_one_is_made() -> None:
    made = ("create_addon", creation(PARAMS), {"addon": addon(status="CREATING")})
    with recorded("eks", NOTHING, made, described(status="CREATING")) as client:
        assert ensure_addon(client, PARAMS, check_mode=False).changed
    assert creation(PARAMS)["resolveConflicts"] == "OVERWRITE"
    assert "addonVersion" not in creation(PARAMS)


def test_an_update_names_everything_since_eks_forgets_the_rest() -> None:
    (call,) = changes(addon(), PARAMS | {"version": "v1.55.0-eksbuild.1", "configuration_values": None})
    assert call.arguments == {
        **NAMED,
        "addonVersion": "v1.55.0-eksbuild.1",
        "serviceAccountRoleArn": f"{ROLE}-csi",
        "resolveConflicts": "OVERWRITE",
        "configurationValues": addon()["configurationValues"],
    }


def test_a_configuration_that_is_no_json_is_replaced() -> None:
    (call,) = changes(addon(configurationValues="controller: {}"), PARAMS)
    assert call.operation == "update_addon"


def test_an_update_is_waited_for() -> None:
    asked = {"updateId": "u-1", "name": NAME, "addonName": DRIVER}
    with recorded(
        "eks",
        described(),
        described(),
        ("update_addon", None, update("InProgress")),
        ("describe_update", asked, update()),
        described(status="UPDATING"),
        described(),
    ) as client:
        assert ensure_addon(client, PARAMS | {"version": "v2", "wait": True}, check_mode=False).changed


def test_one_that_stays_degraded_is_told_with_its_cause() -> None:
    issues = {"issues": [{"code": "InsufficientNumberOfReplicas", "message": "no nodes"}]}
    degraded = described(status="DEGRADED", health=issues)
    with (
        recorded("eks", NOTHING, ("create_addon", None, {"addon": addon()}), degraded) as client,
        pytest.raises(AnsibleAWSError, match=r"is DEGRADED \(InsufficientNumberOfReplicas: no nodes\)"),
    ):
        ensure_addon(client, PARAMS | {"wait": True, "wait_timeout": 0}, check_mode=False)


def test_check_mode_only_reads() -> None:
    with recorded("eks", NOTHING) as client:
        assert ensure_addon(client, PARAMS, check_mode=True).changed


def test_deleting_may_keep_what_runs() -> None:
    gone = ("delete_addon", {**NAMED, "preserve": True}, {"addon": addon(status="DELETING")})
    with recorded("eks", described(), gone) as client:
        assert ensure_addon(client, PARAMS | {"state": "absent", "preserve": True}, check_mode=False).changed


def test_listing() -> None:
    listed = ("list_addons", {"clusterName": NAME}, {"addons": [DRIVER]})
    with recorded("eks", listed, described()) as client:
        (found,) = list_addons(client, {"cluster_name": NAME, "names": []})
    assert found["addonName"] == DRIVER
