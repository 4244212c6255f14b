"""Answers of EKS and IAM as they were recorded, and clients that give them in a fixed order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import boto3
from botocore.stub import Stubber

NAME = "lambda-fs-eks-cluster"
ACCOUNT = "123456789012"
ARN = f"arn:aws:eks:us-east-1:{ACCOUNT}:cluster/{NAME}"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/LambdaFS/lambdafs/us-east-1/lambdafs-us-east-1-eks"
TAGS = {"Cluster": "lambdafs", "Project": "LambdaFS"}
MADE = datetime(2026, 1, 27, tzinfo=UTC)

# One step of a script: operation, what is sent (None for anything), and the answer or code and words of a refusal
Exchange = tuple[str, dict[str, Any] | None, dict[str, Any] | str]


@contextmanager
def recorded(service: str, *exchanges: Exchange) -> Iterator[Any]:
    """A client that expects these calls, in this order, and gives their answers; all of them must be made."""
    client: Any = boto3.client(
        service,  # type: ignore[call-overload]
        region_name="us-east-1",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",  # noqa: S106
    )
    with Stubber(client) as stubber:
        for operation, sent, answer in exchanges:
            if isinstance(answer, str):
                code, _, words = answer.partition(": ")
                stubber.add_client_error(operation, code, words or "no", expected_params=sent)
            else:
                stubber.add_response(operation, answer, sent)
        yield client
        stubber.assert_no_pending_responses()


def cluster(**differences: Any) -> dict[str, Any]:
    """An active cluster, as DescribeCluster answers."""
    return {
        "name": NAME,
        "arn": ARN,
        "createdAt": MADE,
        "version": "1.34",
        "endpoint": "https://0123456789ABCDEF.gr7.us-east-1.eks.amazonaws.com",
        "roleArn": ROLE,
        "resourcesVpcConfig": {
            "subnetIds": ["subnet-0b", "subnet-0a"],
            "securityGroupIds": ["sg-01"],
            "clusterSecurityGroupId": "sg-09",
            "vpcId": "vpc-01",
            "endpointPublicAccess": True,
            "endpointPrivateAccess": True,
            "publicAccessCidrs": ["203.0.113.7/32"],
        },
        "logging": {
            "clusterLogging": [
                {"types": ["api", "audit", "authenticator", "controllerManager", "scheduler"], "enabled": False}
            ]
        },
        "identity": {"oidc": {"issuer": "https://oidc.eks.us-east-1.amazonaws.com/id/0123456789ABCDEF"}},
        "status": "ACTIVE",
        "certificateAuthority": {"data": "LS0tLS1CRUdJTg=="},
        "platformVersion": "eks.9",
        "tags": dict(TAGS),
        "accessConfig": {"authenticationMode": "API_AND_CONFIG_MAP"},
        **differences,
    }


def nodegroup(**differences: Any) -> dict[str, Any]:
    """An active node group, as DescribeNodegroup answers."""
    return {
        "nodegroupName": "core-nodes",
        "nodegroupArn": f"arn:aws:eks:us-east-1:{ACCOUNT}:nodegroup/{NAME}/core-nodes/8ec5a1b2",
        "clusterName": NAME,
        "version": "1.34",
        "status": "ACTIVE",
        "capacityType": "ON_DEMAND",
        "scalingConfig": {"minSize": 0, "maxSize": 6, "desiredSize": 3},
        "instanceTypes": ["r5.xlarge"],
        "subnets": ["subnet-0a", "subnet-0b"],
        "amiType": "AL2023_x86_64_STANDARD",
        "nodeRole": ROLE,
        "labels": {"openwhisk-role": "core"},
        "taints": [],
        "diskSize": 64,
        "health": {"issues": []},
        "updateConfig": {"maxUnavailable": 1},
        "tags": {**TAGS, "DesiredSize": "3"},
        **differences,
    }


def addon(**differences: Any) -> dict[str, Any]:
    """An active add-on, as DescribeAddon answers."""
    return {
        "addonName": "aws-ebs-csi-driver",
        "clusterName": NAME,
        "status": "ACTIVE",
        "addonVersion": "v1.54.0-eksbuild.1",
        "health": {"issues": []},
        "addonArn": f"arn:aws:eks:us-east-1:{ACCOUNT}:addon/{NAME}/aws-ebs-csi-driver/4ac1",
        "serviceAccountRoleArn": f"{ROLE}-csi",
        "configurationValues": '{"controller": {"extraVolumeTags": {"Project": "LambdaFS"}}}',
        "tags": dict(TAGS),
        **differences,
    }


def update(status: str = "Successful", errors: Sequence[dict[str, Any]] = ()) -> dict[str, Any]:
    """An update, as DescribeUpdate and every call that begins one answer."""
    return {"update": {"id": "u-1", "status": status, "type": "ConfigUpdate", "errors": list(errors)}}
