# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Asks the Kubernetes API of an EKS cluster whether an IAM principal may do everything there."""

from __future__ import annotations

import base64
import http.client
import json
import ssl
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

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
    server = http.client.HTTPSConnection(
        urlsplit(cluster["endpoint"]).netloc,
        timeout=TIMEOUT_SECONDS,
        context=ssl.create_default_context(cadata=authority),
    )
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    try:
        server.request("POST", REVIEW_PATH, json.dumps(REVIEW), headers)
        answer = server.getresponse()
        if answer.status >= http.client.BAD_REQUEST:
            return Access(answer.status, words=answer.reason)
        return Access(answer.status, bool(json.load(answer)["status"].get("allowed")))
    except http.client.HTTPException as error:
        return Access(0, words=f"{type(error).__name__} {error}")
    except (OSError, ValueError) as error:
        return Access(0, words=" ".join(str(error).split()))
    finally:
        server.close()
