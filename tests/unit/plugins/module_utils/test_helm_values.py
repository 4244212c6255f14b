"""Merging of values, and the values of OpenWhisk's chart."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from ansible_collections.lambdafs.cluster.plugins.module_utils.helm_values import contains, merged
from ansible_collections.lambdafs.cluster.plugins.module_utils.openwhisk_values import RUNTIMES_FILE, openwhisk_values

from tests.repository import ROOT

PREFIX = "eks_openwhisk_"


def settings(**changes: Any) -> dict[str, Any]:
    """The role's defaults as the filter gets them."""
    defaults = yaml.safe_load((ROOT / "roles/eks_openwhisk/defaults/main.yml").read_text(encoding="utf-8"))
    given = {name.removeprefix(PREFIX): value for name, value in defaults.items()}
    found = {"release": "owdev", "namespace": "openwhisk", "api_host_name": "", "certificate_arn": "", "tags": {}}
    return given | found | changes


def test_maps_are_merged_and_everything_else_is_replaced() -> None:
    first = {"a": {"b": 1, "c": [1, 2]}, "d": 1}
    assert merged(first, {"a": {"c": [3]}, "d": {"e": None}}) == {"a": {"b": 1, "c": [3]}, "d": {"e": None}}
    assert first == {"a": {"b": 1, "c": [1, 2]}, "d": 1}


def test_what_is_merged_shares_nothing_with_its_layers() -> None:
    layer = {"a": {"b": [1]}}
    merged(layer)["a"]["b"].append(2)
    assert layer == {"a": {"b": [1]}}


@pytest.mark.parametrize(
    ("part", "expected"),
    [({"db": {"wipeAndInit": True}}, True), ({"db": {"wipeAndInit": False}}, False), ({"x": 1}, False), ({}, False)],
)
def test_a_part_is_found_in_values(part: dict[str, Any], expected: bool) -> None:
    assert contains({"db": {"wipeAndInit": True, "size": 1}}, part) is expected


def test_limits_have_the_units_that_the_chart_expects() -> None:
    actions = openwhisk_values(settings())["whisk"]["limits"]["actions"]
    assert actions == {
        "memory": {"min": "128m", "std": "256m", "max": "45000m"},
        "time": {"min": "50ms", "std": "120000ms", "max": "600000ms"},
        "log": {"min": "0m", "std": "15m", "max": "15m"},
        "concurrency": {"min": 1, "std": 1, "max": 100},
    }


def test_the_load_balancer_carries_certificate_tags_and_reach() -> None:
    arn = "arn:aws:iam::123456789012:server-certificate/lambdafs/x"
    ingress = openwhisk_values(settings(certificate_arn=arn, tags={"Project": "LambdaFS", "Cluster": "c"}))
    prefix = "service.beta.kubernetes.io/aws-load-balancer-"
    found = {name.removeprefix(prefix): value for name, value in ingress["whisk"]["ingress"]["annotations"].items()}
    assert found == {
        "additional-resource-tags": "Cluster=c,Project=LambdaFS",
        "backend-protocol": "http",
        "connection-idle-timeout": "120",
        "internal": "true",
        "ssl-cert": arn,
        "ssl-ports": "https",
    }
    assert ingress["whisk"]["ingress"]["awsSSL"] == "true"


def test_a_node_port_has_no_annotations_and_no_tls_of_aws() -> None:
    ingress = openwhisk_values(settings(ingress_type="NodePort"))["whisk"]["ingress"]
    assert "annotations" not in ingress
    assert "awsSSL" not in ingress
    assert ingress["apiHostName"] == "owdev-nginx.openwhisk.svc.cluster.local"


def test_image_tags_follow_the_last_colon() -> None:
    invoker = openwhisk_values(settings(invoker_image="registry.example:5000/own/invoker:1.2"))["invoker"]
    assert (invoker["imageName"], invoker["imageTag"]) == ("registry.example:5000/own/invoker", "1.2")


def test_a_storage_class_is_named_only_where_one_is_chosen() -> None:
    assert openwhisk_values(settings())["k8s"]["persistence"] == {"enabled": True, "hasDefaultStorageClass": True}
    assert openwhisk_values(settings(storage_class="gp3"))["k8s"]["persistence"] == {
        "enabled": True,
        "hasDefaultStorageClass": False,
        "explicitStorageClass": "gp3",
    }


def test_the_database_is_never_wiped_by_values_that_stay() -> None:
    assert openwhisk_values(settings())["db"]["wipeAndInit"] is False


def test_own_values_win_and_the_rest_stays() -> None:
    values = openwhisk_values(settings(), {"invoker": {"imageTag": "mine"}, "whisk": {"loadbalancer": {"x": 1}}})
    assert values["invoker"]["imageTag"] == "mine"
    assert values["invoker"]["imageName"] == "scusemua/invoker"
    assert values["whisk"]["loadbalancer"] == {"x": 1}
    assert values["whisk"]["runtimes"] == RUNTIMES_FILE
