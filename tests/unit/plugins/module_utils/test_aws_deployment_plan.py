from __future__ import annotations

from typing import Any

from ansible_collections.lambdafs.cluster.plugins.module_utils.aws_deployment_kinds import KIND_NAMES
from ansible_collections.lambdafs.cluster.plugins.module_utils.aws_deployment_plan import (
    STAGES,
    describe,
    lines_of,
    plan_removal,
    summarize,
    untagged_addresses,
)


def resource(identifier: str, **more: Any) -> dict[str, Any]:
    return {"id": identifier, "name": "", "tags": {}, **more}


def test_every_kind_has_one_stage() -> None:
    assert sorted(kind for kinds in STAGES.values() for kind in kinds) == sorted(KIND_NAMES)


def test_steps_follow_the_stages_whatever_the_order_of_the_listing() -> None:
    keys = {"group_name": "", "vpc_id": "vpc-9", "cluster_name": "eks"}
    resources = {kind: [resource(kind, **keys)] for kind in sorted(KIND_NAMES)}
    kinds = [step.kind for step in plan_removal(resources)]
    assert kinds == [kind for stage in STAGES.values() for kind in stage]


def test_only_the_stages_asked_for_are_planned() -> None:
    resources = {"vpcs": [resource("vpc-1")], "subnets": [resource("subnet-1")]}
    assert [step.kind for step in plan_removal(resources, ["subnets"])] == ["subnets"]


def test_no_resources_need_no_step() -> None:
    assert plan_removal({}) == []
    assert summarize([]) == []


def test_volumes_deleted_on_termination_go_with_their_instance() -> None:
    mappings = [
        {"ebs": {"volume_id": "vol-1", "delete_on_termination": True}},
        {"ebs": {"volume_id": "vol-2", "delete_on_termination": False}},
    ]
    resources = {
        "instances": [resource("i-1", block_device_mappings=mappings)],
        "volumes": [resource("vol-1"), resource("vol-2")],
    }
    assert [step.goes_with for step in plan_removal(resources, ["attachments"])] == ["i-1", ""]


def test_interfaces_deleted_on_termination_go_with_their_instance() -> None:
    interface = {"network_interface_id": "eni-1", "attachment": {"delete_on_termination": True}}
    resources = {
        "instances": [resource("i-1", network_interfaces=[interface])],
        "network_interfaces": [resource("eni-1")],
    }
    assert [step.goes_with for step in plan_removal(resources, ["attachments"])] == ["i-1"]


def test_main_table_and_default_group_go_with_a_vpc_of_ours_alone() -> None:
    resources = {
        "vpcs": [resource("vpc-1")],
        "route_tables": [
            resource("rtb-1", vpc_id="vpc-1", associations=[{"main": True}]),
            resource("rtb-2", vpc_id="vpc-2", associations=[{"main": True}]),
        ],
        "security_groups": [
            resource("sg-1", vpc_id="vpc-1", group_name="default"),
            resource("sg-2", vpc_id="vpc-1", group_name="ours"),
        ],
    }
    taken = {step.resource["id"]: step.goes_with for step in plan_removal(resources, ["routing"])}
    assert taken == {"rtb-1": "vpc-1", "rtb-2": "", "sg-1": "vpc-1", "sg-2": ""}


def test_a_step_reads_as_a_line() -> None:
    resources = {"instances": [resource("i-1", name="driver", state="running")]}
    assert plan_removal(resources)[0].as_dict() == {
        "stage": "machines",
        "action": "terminate",
        "kind": "instances",
        "id": "i-1",
        "name": "driver",
        "text": "terminate instance i-1 (driver, running)",
    }


def test_a_group_is_named_without_its_arn() -> None:
    group = resource("arn:aws:autoscaling:us-east-1:1:autoScalingGroup:2", name="clients", state="")
    assert describe("auto_scaling_groups", group) == "auto-scaling group clients"


def test_the_summary_counts_kinds_by_stage() -> None:
    resources = {"instances": [resource("i-1"), resource("i-2")], "nat_gateways": [resource("nat-1")]}
    assert summarize(plan_removal(resources)) == [
        {"name": "machines", "text": "terminate 2 instances, delete 1 NAT gateway"}
    ]


def test_diff_lines_are_sorted() -> None:
    assert lines_of([("vpcs", resource("vpc-2")), ("vpcs", resource("vpc-1"))]) == "VPC vpc-1\nVPC vpc-2\n"
    assert lines_of([]) == ""


def test_an_address_of_our_gateway_without_our_tags_is_named() -> None:
    addresses = [{"allocation_id": "eipalloc-1"}, {"allocation_id": "eipalloc-2", "public_ip": "192.0.2.1"}, {}]
    resources = {
        "nat_gateways": [resource("nat-1", nat_gateway_addresses=addresses)],
        "elastic_ips": [resource("eipalloc-1")],
    }
    assert untagged_addresses(resources) == ["eipalloc-2 (192.0.2.1) of NAT gateway nat-1"]


def test_without_a_listing_of_addresses_none_is_named() -> None:
    gateway = resource("nat-1", nat_gateway_addresses=[{"allocation_id": "eipalloc-1"}])
    assert untagged_addresses({"nat_gateways": [gateway]}) == []


def test_addons_and_access_entries_go_with_their_cluster() -> None:
    resources = {
        "eks_clusters": [resource("arn:cluster", name="eks")],
        "eks_addons": [resource("arn:addon", name="coredns", cluster_name="eks")],
        "eks_access_entries": [resource("arn:entry", name="arn:role", cluster_name="eks")],
    }
    texts = [step.as_dict()["text"] for step in plan_removal(resources, ["machines"])]
    assert texts == [
        "delete EKS cluster eks",
        "add-on coredns goes with EKS cluster eks",
        "access entry arn:role goes with EKS cluster eks",
    ]


def test_several_of_a_kind_are_named_in_plural() -> None:
    resources = {"eks_access_entries": [resource(f"e-{n}", cluster_name="eks") for n in "ab"]}
    resources |= {"kubernetes_security_groups": [resource(f"sg-{n}") for n in "ab"]}
    assert [item["text"] for item in summarize(plan_removal(resources))] == [
        "delete 2 access entries",
        "delete 2 security groups of Kubernetes",
    ]
