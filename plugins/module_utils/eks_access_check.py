# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Asks the Kubernetes API of an EKS cluster whether an IAM principal may do everything there."""

from __future__ import annotations

import base64
import json
import ssl
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any

from ansible_collections.lambdafs.cluster.plugins.module_utils.eks_preflight import Access

# Prefix and header by which EKS knows a token, and for which cluster it is
PREFIX = "k8s-aws-v1."
CLUSTER_HEADER = "x-k8s-aws-id"
TOKEN_SECONDS = 60
TIMEOUT_SECONDS = 10.0
REVIEW_PATH = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
REVIEW = {
    "apiVersion": "authorization.k8s.io/v1",
    "kind": "SelfSubjectAccessReview",
    "spec": {"resourceAttributes": {"verb": "*", "group": "*", "resource": "*"}},
}


def make_token(sts: Any, cluster: str) -> str:
    """Return a token for the Kubernetes API of a cluster: a signed question to STS who the caller is.

    Args:
        sts: a boto3 client, which signs and is not called.
        cluster: name of the cluster, for which alone the token holds.
    """

    def name_cluster(request: Any, **_event: Any) -> None:
        request.headers[CLUSTER_HEADER] = cluster

    event = "before-sign.sts.GetCallerIdentity"
    sts.meta.events.register(event, name_cluster)
    try:
        url = sts.generate_presigned_url("get_caller_identity", ExpiresIn=TOKEN_SECONDS, HttpMethod="GET")
    finally:
        sts.meta.events.unregister(event, name_cluster)
    return PREFIX + base64.urlsafe_b64encode(url.encode()).decode().rstrip("=")


def ask(cluster: Mapping[str, Any], token: str) -> Access:
    """Return how the Kubernetes API of a cluster, as DescribeCluster tells of it, answers the bearer of a token."""
    authority = base64.b64decode(cluster["certificateAuthority"]["data"]).decode()
    request = urllib.request.Request(  # noqa: S310 - AWS's own https address
        cluster["endpoint"] + REVIEW_PATH,
        data=json.dumps(REVIEW).encode(),
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )
    context = ssl.create_default_context(cadata=authority)
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS, context=context) as answer:  # noqa: S310
            return Access(answer.status, bool(json.load(answer)["status"].get("allowed")))
    except urllib.error.HTTPError as error:
        return Access(error.code, words=error.reason)
    except (OSError, ValueError) as error:
        return Access(0, words=" ".join(str(error).split()))
