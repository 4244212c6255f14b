# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the preflight says of EKS: pure judgements of the answers of AWS and of the Kubernetes API."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Answer = Mapping[str, Any]

# EKS's console says it in these words to whoever has no access
NO_ACCESS = "Your current IAM principal doesn't have access to Kubernetes objects on this cluster"
UNSUPPORTED = "UNSUPPORTED"
EXTENDED = "EXTENDED_SUPPORT"
SESSION = re.compile(r"arn:(?P<partition>[\w-]+):sts::(?P<account>\d+):assumed-role/(?P<role>[^/]+)/.*")


@dataclass(frozen=True)
class Access:
    """How the Kubernetes API answered whether the principal may do everything.

    status: status of HTTP; 0 when nobody answered.
    allowed: whether the principal may do everything.
    words: what was said instead of an answer.
    """

    status: int
    allowed: bool = False
    words: str = ""


def version_problem(version: str, versions: Iterable[Answer], region: str) -> str | None:
    """The line for a Kubernetes version that AWS does not offer, or None.

    Args:
        version: such as 1.35.
        versions: ``clusterVersions`` of DescribeClusterVersions.
        region: the region's name.
    """
    offered = [item["clusterVersion"] for item in versions if item.get("versionStatus") != UNSUPPORTED]
    if version in offered:
        return None
    listed = ", ".join(sorted(offered, key=minor_of, reverse=True)) or "none"
    return (
        f"lambdafs_eks_version {version} is not offered by EKS in {region}; expected one of {listed}; "
        "set lambdafs_eks_version"
    )


def version_warning(version: str, versions: Iterable[Answer]) -> str | None:
    """The line for a version that costs more, since its standard support is over, or None."""
    found = next((item for item in versions if item["clusterVersion"] == version), None)
    if found is None or found.get("versionStatus") != EXTENDED:
        return None
    return f"lambdafs_eks_version {version} is in extended support, for which AWS charges more by the hour"


def minor_of(version: str) -> tuple[int, ...]:
    """The numbers of a version, to order by."""
    return tuple(int(number) for number in version.split(".") if number.isdecimal())


def principal_of(arn: str) -> str:
    """The IAM principal behind a caller's ARN: the role behind a session, without its path, which no session tells."""
    session = SESSION.fullmatch(arn)
    return f"arn:{session['partition']}:iam::{session['account']}:role/{session['role']}" if session else arn


def access_problem(cluster: str, caller: str, access: Access, entries: Sequence[str]) -> str | None:
    """The line for a principal that the Kubernetes API does not let in, or not everywhere, or None.

    Args:
        cluster: name of the EKS cluster.
        caller: ARN of the caller.
        access: the answer of the Kubernetes API.
        entries: ARNs of the principals that have access entries.
    """
    if access.allowed or access.status == 0:
        return None
    principal = principal_of(caller)
    others = ", ".join(entries) or "the one that made the cluster"
    advice = f"run as one of them ({others}), or let one add {principal} to lambdafs_eks_admins and run site.yml"
    found = "has no access" if access.status == 401 else "may not do everything"
    return (
        f"{NO_ACCESS}: {principal} {found} on EKS cluster {cluster} (HTTP status {access.status}); "
        f"expected a principal that administers it; {advice}"
    )


def access_warning(cluster: str, access: Access) -> str | None:
    """The line for a Kubernetes API that could not be asked, or None."""
    if access.status:
        return None
    return f"access to EKS cluster {cluster} was not checked, since its Kubernetes API gives no answer: {access.words}"
