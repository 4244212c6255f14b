"""The lab's EKS API through boto3; no control plane runs, so states are settled by the tests."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from lab import moto_fixes
from lab.moto_fixes import eks_store, identities

ADMIN = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
VIEW = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"


@pytest.fixture(scope="module", autouse=True)
def mended() -> None:
    moto_fixes.apply()


class Account:
    """A fresh account with a network of two zones and the two roles."""

    def __init__(self) -> None:
        connect: Any = boto3.client
        self.eks, self.ec2, self.iam = (connect(name, region_name="us-east-1") for name in ("eks", "ec2", "iam"))
        self.vpc_id = self.ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        self.subnets = [
            self.ec2.create_subnet(VpcId=self.vpc_id, CidrBlock=f"10.0.{place}.0/24", AvailabilityZone=zone)["Subnet"][
                "SubnetId"
            ]
            for place, zone in ((1, "us-east-1a"), (2, "us-east-1b"))
        ]
        self.control, self.node = self.role("control", "eks"), self.role("node", "ec2")

    def role(self, name: str, service: str) -> str:
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": f"{service}.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
        made = self.iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps({"Statement": [statement]}))
        arn: str = made["Role"]["Arn"]
        return arn

    def create(self, mode: str = "API", **more: Any) -> dict[str, Any]:
        request = {
            "name": "one",
            "roleArn": self.control,
            "resourcesVpcConfig": {"subnetIds": self.subnets},
            "accessConfig": {"authenticationMode": mode},
            **more,
        }
        made: dict[str, Any] = self.eks.create_cluster(**request)["cluster"]
        return made

    def cluster(self, mode: str = "API", **more: Any) -> eks_store.Cluster:
        """An ACTIVE cluster as the lab keeps it."""
        self.create(mode, **more)
        made = eks_store.clusters()[-1]
        made.status = "ACTIVE"
        return made

    def group(self, **more: Any) -> dict[str, Any]:
        request = {
            "clusterName": "one",
            "nodegroupName": "core",
            "nodeRole": self.node,
            "subnets": self.subnets,
            "scalingConfig": {"minSize": 0, "maxSize": 3, "desiredSize": 3},
            **more,
        }
        made: dict[str, Any] = self.eks.create_nodegroup(**request)["nodegroup"]
        return made


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "MOTO_IAM_LOAD_MANAGED_POLICIES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "any")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "any")
    with mock_aws():
        yield Account()
        for cluster in eks_store.clusters():
            eks_store.forget(cluster)


def code_of(call: Callable[[], Any]) -> str:
    with pytest.raises(ClientError) as caught:
        call()
    code: str = caught.value.response["Error"]["Code"]
    return code


def test_a_new_cluster_is_creating_without_endpoint(account: Account) -> None:
    made = account.create(tags={"Project": "P"})
    assert made["status"] == "CREATING"
    assert "endpoint" not in made
    assert made["version"] == "1.35"
    assert made["tags"] == {"Project": "P"}
    assert made["resourcesVpcConfig"]["vpcId"] == account.vpc_id
    assert made["kubernetesNetworkConfig"]["serviceIpv4Cidr"] == "10.100.0.0/16"
    assert {setup["enabled"] for setup in made["logging"]["clusterLogging"]} == {False}
    group = account.ec2.describe_security_groups(GroupIds=[made["resourcesVpcConfig"]["clusterSecurityGroupId"]])
    tags = {tag["Key"]: tag["Value"] for tag in group["SecurityGroups"][0]["Tags"]}
    assert tags["kubernetes.io/cluster/one"] == "owned"
    described = account.ec2.describe_network_interfaces(Filters=[{"Name": "description", "Values": ["Amazon EKS one"]}])
    assert len(described["NetworkInterfaces"]) == 2
    assert code_of(lambda: account.ec2.delete_subnet(SubnetId=account.subnets[0])) == "DependencyViolation"
    assert code_of(account.create) == "ResourceInUseException"
    assert code_of(lambda: account.eks.describe_cluster(name="two")) == "ResourceNotFoundException"
    assert account.eks.list_clusters()["clusters"] == ["one"]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"version": "1.24"}, "unsupported Kubernetes version"),
        ({"roleArn": "arn:aws:iam::123456789012:role/none"}, "does not exist"),
        ({"roleArn": "arn:aws:iam::123456789012:role/node"}, "trusted entity is not correct"),
        ({"resourcesVpcConfig": {"subnetIds": ["subnet-none"]}}, "does not exist"),
        ({"resourcesVpcConfig": {"subnetIds": []}}, "two different AZs"),
        ({"kubernetesNetworkConfig": {"serviceIpv4Cidr": "10.0.0.0/16"}}, "overlaps"),
    ],
)
def test_a_cluster_that_cannot_be_is_refused(account: Account, more: dict[str, Any], words: str) -> None:
    with pytest.raises(ClientError, match=words) as caught:
        account.create(**more)
    assert caught.value.response["Error"]["Code"] == "InvalidParameterException"


def test_updates_of_a_cluster(account: Account) -> None:
    cluster = account.cluster(version="1.34")
    update = account.eks.update_cluster_config(name="one", resourcesVpcConfig={"endpointPrivateAccess": True})["update"]
    assert (update["status"], update["type"]) == ("InProgress", "EndpointAccessUpdate")
    assert code_of(lambda: account.eks.update_cluster_version(name="one", version="1.35")) == "ResourceInUseException"
    eks_store.finish_updates(cluster)
    cluster.status = "ACTIVE"
    assert account.eks.describe_update(name="one", updateId=update["id"])["update"]["status"] == "Successful"
    same = {"endpointPrivateAccess": True}
    assert code_of(lambda: account.eks.update_cluster_config(name="one", resourcesVpcConfig=same)) == (
        "InvalidParameterException"
    )
    two = {"resourcesVpcConfig": {"endpointPublicAccess": True}, "logging": {"clusterLogging": []}}
    assert code_of(lambda: account.eks.update_cluster_config(name="one", **two)) == "InvalidParameterException"
    account.eks.update_cluster_version(name="one", version="1.35")
    assert account.eks.describe_cluster(name="one")["cluster"]["version"] == "1.35"
    assert len(account.eks.list_updates(name="one")["updateIds"]) == 2


def test_logging_is_shown_whole(account: Account) -> None:
    account.cluster()
    setup = {"clusterLogging": [{"types": ["api"], "enabled": True}]}
    account.eks.update_cluster_config(name="one", logging=setup)
    shown = account.eks.describe_cluster(name="one")["cluster"]["logging"]["clusterLogging"]
    assert shown[0] == {"types": ["api"], "enabled": True}
    assert shown[1]["enabled"] is False
    assert "audit" in shown[1]["types"]


def test_node_groups_keep_everything_that_is_asked_for(account: Account) -> None:
    account.cluster()
    taints = [{"key": "k", "value": "v", "effect": "NO_SCHEDULE"}]
    made = account.group(labels={"a": "1"}, taints=taints, tags={"Component": "core"}, diskSize=50)
    assert (made["status"], made["updateConfig"], made["diskSize"]) == ("CREATING", {"maxUnavailable": 1}, 50)
    assert (made["labels"], made["taints"], made["tags"]) == ({"a": "1"}, taints, {"Component": "core"})
    assert code_of(account.group) == "ResourceInUseException"
    assert code_of(lambda: account.eks.delete_cluster(name="one")) == "ResourceInUseException"
    assert account.node in account.eks.list_access_entries(clusterName="one")["accessEntries"]
    change = {"clusterName": "one", "nodegroupName": "core", "labels": {"removeLabels": ["a"]}}
    assert code_of(lambda: account.eks.update_nodegroup_config(**change)) == "ResourceInUseException"
    eks_store.clusters()[0].node_groups["core"].shown["status"] = "ACTIVE"
    update = account.eks.update_nodegroup_config(
        **change, taints={"addOrUpdateTaints": [{"key": "k", "value": "w", "effect": "NO_SCHEDULE"}]}
    )["update"]
    group = account.eks.describe_nodegroup(clusterName="one", nodegroupName="core")["nodegroup"]
    assert (group["labels"], [taint["value"] for taint in group["taints"]]) == ({}, ["w"])
    found = account.eks.describe_update(name="one", nodegroupName="core", updateId=update["id"])["update"]
    assert found["type"] == "ConfigUpdate"
    assert code_of(lambda: account.eks.describe_update(name="one", updateId=update["id"])) == (
        "ResourceNotFoundException"
    )


@pytest.mark.parametrize(
    "sizes",
    [
        {"minSize": 2, "maxSize": 3, "desiredSize": 1},
        {"minSize": 0, "maxSize": 3, "desiredSize": 4},
        {"minSize": 0, "maxSize": 451, "desiredSize": 1},
    ],
)
def test_sizes_must_fit(account: Account, sizes: dict[str, int]) -> None:
    account.cluster()
    with pytest.raises(ClientError, match="InvalidParameterException"):
        account.group(scalingConfig=sizes)


def test_addons(account: Account) -> None:
    cluster = account.cluster(version="1.34")
    offered = account.eks.describe_addon_versions(addonName="vpc-cni", kubernetesVersion="1.34")["addons"][0]
    versions = offered["addonVersions"]
    default = next(entry["addonVersion"] for entry in versions if entry["compatibilities"][0]["defaultVersion"])
    made = account.eks.create_addon(clusterName="one", addonName="vpc-cni", tags={"a": "b"})["addon"]
    assert (made["status"], made["addonVersion"], made["tags"]) == ("CREATING", default, {"a": "b"})
    assert code_of(lambda: account.eks.create_addon(clusterName="one", addonName="vpc-cni")) == "ResourceInUseException"
    wrong: list[dict[str, str]] = [{"addonName": "coredns", "addonVersion": "v0"}, {"addonName": "unheard"}]
    for request in wrong:
        with pytest.raises(ClientError, match="InvalidParameterException"):
            account.eks.create_addon(clusterName="one", **request)
    cluster.addons["vpc-cni"].shown["status"] = "ACTIVE"
    newest = versions[0]["addonVersion"]
    request = {"clusterName": "one", "addonName": "vpc-cni", "addonVersion": newest, "resolveConflicts": "PRESERVE"}
    update = account.eks.update_addon(**request)["update"]
    assert {entry["type"]: entry["value"] for entry in update["params"]}["AddonVersion"] == newest
    assert account.eks.describe_update(name="one", addonName="vpc-cni", updateId=update["id"])
    assert account.eks.delete_addon(clusterName="one", addonName="vpc-cni")["addon"]["status"] == "DELETING"
    assert account.eks.list_addons(clusterName="one")["addons"] == ["vpc-cni"]
    missing = {"clusterName": "one", "addonName": "coredns"}
    assert code_of(lambda: account.eks.describe_addon(**missing)) == "ResourceNotFoundException"


def test_access_entries(account: Account) -> None:
    account.cluster()
    assert account.eks.list_access_entries(clusterName="one")["accessEntries"] == [identities.operator_arn()]
    own = account.eks.list_associated_access_policies(clusterName="one", principalArn=identities.operator_arn())
    assert [entry["policyArn"] for entry in own["associatedAccessPolicies"]] == [ADMIN]
    statement = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
    arn = account.iam.create_role(
        RoleName="people", Path="/team/", AssumeRolePolicyDocument=json.dumps({"Statement": [statement]})
    )["Role"]["Arn"]
    named = {"clusterName": "one", "principalArn": arn}
    entry = account.eks.create_access_entry(**named, kubernetesGroups=["g"])["accessEntry"]
    assert entry["username"] == "arn:aws:sts::123456789012:assumed-role/people/{{SessionName}}"
    assert code_of(lambda: account.eks.create_access_entry(**named)) == "ResourceInUseException"
    account.eks.update_access_entry(**named, kubernetesGroups=["h"])
    scope = {"type": "namespace", "namespaces": ["n"]}
    account.eks.associate_access_policy(**named, policyArn=VIEW, accessScope=scope)
    found = account.eks.list_associated_access_policies(**named)["associatedAccessPolicies"]
    assert [(entry["policyArn"], entry["accessScope"]) for entry in found] == [(VIEW, scope)]
    assert account.eks.list_access_entries(clusterName="one", associatedPolicyArn=VIEW)["accessEntries"] == [arn]
    account.eks.disassociate_access_policy(**named, policyArn=VIEW)
    assert account.eks.describe_access_entry(**named)["accessEntry"]["kubernetesGroups"] == ["h"]
    account.eks.delete_access_entry(**named)
    assert code_of(lambda: account.eks.describe_access_entry(**named)) == "ResourceNotFoundException"
    nobody = {"clusterName": "one", "principalArn": "arn:aws:iam::123456789012:role/nobody"}
    assert code_of(lambda: account.eks.create_access_entry(**nobody)) == "InvalidParameterException"


def test_clusters_of_the_config_map_have_no_entries(account: Account) -> None:
    cluster = account.cluster("CONFIG_MAP")
    assert code_of(lambda: account.eks.list_access_entries(clusterName="one")) == "InvalidRequestException"
    account.eks.update_cluster_config(name="one", accessConfig={"authenticationMode": "API_AND_CONFIG_MAP"})
    cluster.status = "ACTIVE"
    assert account.eks.list_access_entries(clusterName="one")["accessEntries"] == [identities.operator_arn()]
    back = {"authenticationMode": "CONFIG_MAP"}
    assert code_of(lambda: account.eks.update_cluster_config(name="one", accessConfig=back)) == (
        "InvalidParameterException"
    )


def test_tags_of_every_kind(account: Account) -> None:
    cluster = account.cluster()
    arns = [
        cluster.shown["arn"],
        account.group()["nodegroupArn"],
        account.eks.create_addon(clusterName="one", addonName="coredns")["addon"]["addonArn"],
    ]
    for arn in arns:
        account.eks.tag_resource(resourceArn=arn, tags={"a": "1", "b": "2"})
        account.eks.untag_resource(resourceArn=arn, tagKeys=["a"])
        assert account.eks.list_tags_for_resource(resourceArn=arn)["tags"] == {"b": "2"}


def test_offered_versions(account: Account) -> None:
    offered = account.eks.describe_cluster_versions()["clusterVersions"]
    assert [entry["clusterVersion"] for entry in offered if entry["defaultVersion"]] == ["1.35"]
    assert {entry["versionStatus"] for entry in offered} <= {"STANDARD_SUPPORT", "EXTENDED_SUPPORT"}
    named = account.eks.describe_cluster_versions(clusterVersions=["1.35"])["clusterVersions"]
    assert [entry["clusterVersion"] for entry in named] == ["1.35"]


def test_pages(account: Account) -> None:
    account.cluster()
    for name in ("a", "b", "c"):
        account.group(nodegroupName=name)
    first = account.eks.list_nodegroups(clusterName="one", maxResults=2)
    assert first["nodegroups"] == ["a", "b"]
    rest = account.eks.list_nodegroups(clusterName="one", maxResults=2, nextToken=first["nextToken"])
    assert rest["nodegroups"] == ["c"]
    assert "nextToken" not in rest


def test_client_ids_of_an_oidc_provider(account: Account) -> None:
    arn = account.iam.create_open_id_connect_provider(Url="https://host/id/X", ClientIDList=["a"])[
        "OpenIDConnectProviderArn"
    ]
    named = {"OpenIDConnectProviderArn": arn}
    account.iam.add_client_id_to_open_id_connect_provider(**named, ClientID="b")
    account.iam.add_client_id_to_open_id_connect_provider(**named, ClientID="b")
    account.iam.remove_client_id_from_open_id_connect_provider(**named, ClientID="a")
    assert account.iam.get_open_id_connect_provider(**named)["ClientIDList"] == ["b"]
    account.iam.delete_open_id_connect_provider(**named)
    assert code_of(lambda: account.iam.delete_open_id_connect_provider(**named)) == "NoSuchEntity"


def test_the_creator_of_a_cluster_is_who_the_caller_is(account: Account) -> None:
    connect: Any = boto3.client
    assert connect("sts", region_name="us-east-1").get_caller_identity()["Arn"] == identities.operator_arn()
    user = account.iam.create_user(UserName="ann")["User"]["Arn"]
    key = account.iam.create_access_key(UserName="ann")["AccessKey"]
    keys = {"aws_access_key_id": key["AccessKeyId"], "aws_secret_access_key": key["SecretAccessKey"]}
    account.eks = connect("eks", region_name="us-east-1", **keys)
    assert account.cluster().creator == user
    assert identities.secret_of(key["AccessKeyId"]) == key["SecretAccessKey"]
    session = "arn:aws:sts::123456789012:assumed-role/control/session"
    assert identities.principal_arn(session) == account.control
