# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Rules for the settings of the EKS tier: pure functions that answer with one line a problem.

A name that is absent from ``settings`` had the wrong type, which was already reported.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

Settings = Mapping[str, Any]

ADDONS = ("aws-ebs-csi-driver", "coredns", "kube-proxy", "vpc-cni")
LOG_TYPES = ("api", "audit", "authenticator", "controllerManager", "scheduler")
GROUPS = ("core", "invoker")
# The smallest disk that EKS's AMIs boot from, and the most nodes of a managed node group (EKS's quota)
MIN_DISK_GIB = 20
MAX_NODES = 450
CLUSTER_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,99}")
VERSION = re.compile(r"1\.[0-9]{1,2}")
PRINCIPAL = re.compile(r"arn:aws[\w-]*:iam::[0-9]{12}:(?:role|user)/[\w+=,.@/-]+")
# What IAM takes in a path, without spaces and slashes
PATH_PART = re.compile(r"[\w+=,.@-]+")


def name_problems(settings: Settings) -> list[str]:
    """Names and versions as AWS takes them; the project is a part of the path in IAM."""
    problems = []
    name = settings.get("lambdafs_eks_cluster_name")
    if name is not None and not CLUSTER_NAME.fullmatch(name):
        problems.append(
            f"lambdafs_eks_cluster_name is {name!r}; expected 1 to 100 letters, digits, hyphens and underscores, "
            "a letter or digit first; choose another name"
        )
    version = settings.get("lambdafs_eks_version")
    if version is not None and not VERSION.fullmatch(version):
        problems.append(f"lambdafs_eks_version is {version!r}; expected a minor version such as 1.35; correct it")
    project = settings.get("lambdafs_project")
    if project is not None and not PATH_PART.fullmatch(project):
        problems.append(
            f"lambdafs_project is {project!r}; expected letters, digits and _+=,.@- alone, since it is a part of the "
            "path of the roles in IAM; choose another name"
        )
    return problems


def choice_problems(settings: Settings) -> list[str]:
    """Logs and add-ons that there are, and principals that can have access."""
    problems = [
        f"lambdafs_eks_logging holds {log!r}; expected any of {', '.join(LOG_TYPES)}; correct it"
        for log in settings.get("lambdafs_eks_logging") or []
        if log not in LOG_TYPES
    ]
    problems += [
        f"lambdafs_eks_addon_versions names {addon!r}; expected any of {', '.join(ADDONS)}; correct it"
        for addon in settings.get("lambdafs_eks_addon_versions") or {}
        if addon not in ADDONS
    ]
    problems += [
        f"lambdafs_eks_admins holds {arn!r}; expected the ARN of a role or a user, such as "
        "arn:aws:iam::123456789012:role/operator (of a session, its role); correct it"
        for arn in settings.get("lambdafs_eks_admins") or []
        if not PRINCIPAL.fullmatch(arn)
    ]
    return problems


def endpoint_problems(settings: Settings) -> list[str]:
    """The Kubernetes API must be reached somehow."""
    if settings.get("lambdafs_eks_endpoint_public", True) or settings.get("lambdafs_eks_endpoint_private", True):
        return []
    return [
        "lambdafs_eks_endpoint_public and lambdafs_eks_endpoint_private are both false; expected one of them; "
        "set the private one for a control node inside the VPC"
    ]


def size_problems(settings: Settings) -> list[str]:
    """Sizes of node groups and of their disks."""
    problems = []
    for group in GROUPS:
        prefix = f"lambdafs_eks_{group}"
        least, count, most = (settings.get(f"{prefix}_{name}") for name in ("min_count", "count", "max_count"))
        if least is not None and count is not None and most is not None and not 0 <= least <= count <= most:
            problems.append(
                f"{prefix}_count is {count}; expected {prefix}_min_count {least} or more, which is 0 or more, "
                f"and {prefix}_max_count {most} or less; correct one of them"
            )
        if most is not None and not 1 <= most <= MAX_NODES:
            problems.append(f"{prefix}_max_count is {most}; expected 1 to {MAX_NODES}; correct it")
        disk = settings.get(f"{prefix}_disk_gib")
        if disk is not None and disk < MIN_DISK_GIB:
            problems.append(f"{prefix}_disk_gib is {disk}; expected {MIN_DISK_GIB} GiB or more; correct it")
    return problems


def eks_problems(settings: Settings) -> list[str]:
    """Every problem of the tier; none when it is left out."""
    if not settings.get("lambdafs_eks", False):
        return []
    rules = (name_problems, choice_problems, endpoint_problems, size_problems)
    return [problem for rule in rules for problem in rule(settings)]
