"""The plan of a deployment's subnets."""

from __future__ import annotations

from typing import Any

from ansible_collections.lambdafs.cluster.plugins.module_utils.subnet_plan import subnet_plan

CIDRS = {"public": ["10.0.0.0/20", "10.0.16.0/20"], "private": ["10.0.128.0/20", "10.0.144.0/20"]}
TAGS = {"Cluster": "lambdafs"}


def plan(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return subnet_plan(CIDRS, found, ["us-east-1a", "us-east-1b"], "lambdafs", TAGS)


def existing(wanted: dict[str, Any]) -> dict[str, Any]:
    return {"cidr_block": wanted["cidr"], "map_public_ip_on_launch": wanted["public"], "tags": wanted["tags"]}


def test_an_empty_vpc_gets_all_four_spread_over_two_zones() -> None:
    assert [(one["cidr"], one["zone"], one["public"], one["tags"]["Name"]) for one in plan([])] == [
        ("10.0.0.0/20", "us-east-1a", True, "lambdafs-public-0"),
        ("10.0.16.0/20", "us-east-1b", True, "lambdafs-public-1"),
        ("10.0.128.0/20", "us-east-1a", False, "lambdafs-private-0"),
        ("10.0.144.0/20", "us-east-1b", False, "lambdafs-private-1"),
    ]


def test_load_balancers_find_their_subnets() -> None:
    public, _, private, _ = plan([])
    assert public["tags"] == {"Cluster": "lambdafs", "Name": "lambdafs-public-0", "kubernetes.io/role/elb": "1"}
    assert private["tags"]["kubernetes.io/role/internal-elb"] == "1"


def test_subnets_that_are_as_wanted_are_left_alone() -> None:
    found = [existing(one) for one in plan([])]
    found[0]["tags"] = found[0]["tags"] | {"Owner": "somebody"}
    assert plan(found) == []


def test_lost_tags_and_lost_public_addresses_are_mended() -> None:
    found = [existing(one) for one in plan([])]
    found[1]["map_public_ip_on_launch"] = False
    found[3]["tags"] = TAGS
    assert [one["cidr"] for one in plan(found)] == ["10.0.16.0/20", "10.0.144.0/20"]
