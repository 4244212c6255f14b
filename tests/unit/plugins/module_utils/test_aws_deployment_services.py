from __future__ import annotations

from typing import Any

from ansible_collections.lambdafs.cluster.plugins.module_utils.aws_deployment_calls import removal_phases
from ansible_collections.lambdafs.cluster.plugins.module_utils.aws_deployment_kinds import (
    KINDS_BY_NAME,
    Owner,
    to_resources,
)
from ansible_collections.lambdafs.cluster.plugins.module_utils.aws_deployment_listing import list_kind
from ansible_collections.lambdafs.cluster.plugins.module_utils.aws_deployment_services import (
    access_entries,
    clusters,
    load_balancers,
    nodegroups,
    oidc_providers,
    roles,
)

from tests.unit.plugins.eks_answers import ACCOUNT, MADE, NAME, ROLE, TAGS, Exchange, cluster, nodegroup, recorded

OWNER = Owner("lambdafs", "LambdaFS", "us-east-1", NAME)
OWN_TAGS = [{"Key": key, "Value": value} for key, value in TAGS.items()]
MARK = [{"Key": f"kubernetes.io/cluster/{NAME}", "Value": "owned"}]
BALANCERS: Exchange = (
    "describe_load_balancers",
    {},
    {"LoadBalancerDescriptions": [{"LoadBalancerName": "ours"}, {"LoadBalancerName": "theirs"}]},
)


def listed(**differences: Any) -> list[Exchange]:
    answer = {"cluster": cluster(**differences)}
    return [("list_clusters", {}, {"clusters": [NAME]}), ("describe_cluster", {"name": NAME}, answer)]


def test_a_cluster_is_ours_by_its_tags() -> None:
    with recorded("eks", *listed()) as client:
        (resource,) = to_resources(KINDS_BY_NAME["eks_clusters"], clusters(client, OWNER), OWNER)
    assert (resource["name"], resource["state"], resource["tags"]) == (NAME, "ACTIVE", TAGS)
    with recorded("eks", *listed(tags={**TAGS, "Cluster": "other"})) as client:
        assert clusters(client, OWNER) == []


def test_a_node_group_in_our_cluster_is_ours_whoever_made_it() -> None:
    groups: list[Exchange] = [
        ("list_nodegroups", {"clusterName": NAME}, {"nodegroups": ["core-nodes"]}),
        ("describe_nodegroup", None, {"nodegroup": nodegroup(tags={})}),
    ]
    with recorded("eks", *listed(), *groups) as client:
        found = to_resources(KINDS_BY_NAME["eks_nodegroups"], nodegroups(client, OWNER), OWNER)
    ((call,),) = removal_phases("eks_nodegroups", found)
    assert (call.operation, call.arguments) == (
        "delete_nodegroup",
        {"clusterName": NAME, "nodegroupName": "core-nodes"},
    )


def test_a_cluster_that_knows_access_by_a_config_map_has_no_entries() -> None:
    with recorded("eks", *listed(accessConfig={"authenticationMode": "CONFIG_MAP"})) as client:
        assert access_entries(client, OWNER) == []


def test_a_role_is_ours_by_its_path_and_is_stripped_before_it_is_deleted() -> None:
    name = ROLE.rsplit("/", 1)[1]
    role = {"RoleName": name, "Path": OWNER.path, "RoleId": "AROA0123456789ABCDEF", "Arn": ROLE, "CreateDate": MADE}
    profile = {
        "InstanceProfileName": "p",
        "Path": "/",
        "InstanceProfileId": "AIPA0123456789ABCDEF",
        "Arn": f"arn:aws:iam::{ACCOUNT}:instance-profile/p",
        "CreateDate": MADE,
        "Roles": [],
    }
    policy = {"PolicyName": "EKS", "PolicyArn": "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy"}
    named = {"RoleName": name}
    with recorded(
        "iam",
        ("list_roles", {"PathPrefix": "/LambdaFS/lambdafs/us-east-1/"}, {"Roles": [role]}),
        ("list_attached_role_policies", named, {"AttachedPolicies": [policy]}),
        ("list_role_policies", named, {"PolicyNames": ["inline"]}),
        ("list_instance_profiles_for_role", named, {"InstanceProfiles": [profile]}),
    ) as client:
        found = to_resources(KINDS_BY_NAME["iam_roles"], roles(client, OWNER), OWNER)
    phases = removal_phases("iam_roles", found)
    assert [[(call.operation, call.arguments) for call in phase] for phase in phases] == [
        [
            ("detach_role_policy", {**named, "PolicyArn": policy["PolicyArn"]}),
            ("delete_role_policy", {**named, "PolicyName": "inline"}),
            ("remove_role_from_instance_profile", {**named, "InstanceProfileName": "p"}),
        ],
        [("delete_role", named)],
    ]


def test_a_provider_of_another_region_is_not_ours() -> None:
    arn = f"arn:aws:iam::{ACCOUNT}:oidc-provider/issuer"
    for region, number in (("us-east-1", 1), ("eu-west-1", 0)):
        tags = [*OWN_TAGS, {"Key": "Region", "Value": region}]
        with recorded(
            "iam",
            ("list_open_id_connect_providers", {}, {"OpenIDConnectProviderList": [{"Arn": arn}]}),
            ("get_open_id_connect_provider", None, {"Url": "issuer", "Tags": tags}),
        ) as client:
            assert len(oidc_providers(client, OWNER)) == number


def test_a_load_balancer_is_ours_by_the_mark_of_the_cluster() -> None:
    tags: Exchange = (
        "describe_tags",
        {"LoadBalancerNames": ["ours", "theirs"]},
        {
            "TagDescriptions": [
                {"LoadBalancerName": "ours", "Tags": MARK},
                {"LoadBalancerName": "theirs", "Tags": [{"Key": "kubernetes.io/cluster/other", "Value": "owned"}]},
            ]
        },
    )
    with recorded("elb", BALANCERS, tags) as client:
        kind = KINDS_BY_NAME["load_balancers"]
        found = to_resources(kind, load_balancers(client, OWNER), OWNER.tags_of(kind))
    assert [resource["id"] for resource in found] == ["ours"]


def test_what_kubernetes_made_for_a_foreign_cluster_of_the_name_is_not_looked_at() -> None:
    kind = KINDS_BY_NAME["kubernetes_security_groups"]
    foreign: Exchange = ("describe_cluster", {"name": NAME}, {"cluster": cluster(tags={})})
    with recorded("eks", foreign) as eks, recorded("ec2") as ec2:
        assert list_kind({"eks": eks, "ec2": ec2}, kind, OWNER) == []
    with recorded("ec2") as ec2:
        assert list_kind({"ec2": ec2}, kind, Owner("lambdafs", "LambdaFS")) == []


def test_what_kubernetes_made_is_still_known_when_its_cluster_is_gone() -> None:
    gone: Exchange = ("describe_cluster", {"name": NAME}, "ResourceNotFoundException: no")
    group = {"GroupId": "sg-1", "GroupName": "k8s-elb-1", "Tags": MARK}
    sent = {"Filters": [{"Name": f"tag:kubernetes.io/cluster/{NAME}", "Values": ["owned"]}]}
    with (
        recorded("eks", gone) as eks,
        recorded("ec2", ("describe_security_groups", sent, {"SecurityGroups": [group]})) as ec2,
    ):
        (found,) = list_kind({"eks": eks, "ec2": ec2}, KINDS_BY_NAME["kubernetes_security_groups"], OWNER)
    assert found["name"] == "k8s-elb-1"
