from __future__ import annotations

import pytest
from ansible_collections.lambdafs.cluster.plugins.module_utils.eks_preflight import (
    Access,
    access_problem,
    access_warning,
    principal_of,
    version_problem,
    version_warning,
)

VERSIONS = [
    {"clusterVersion": "1.35", "versionStatus": "STANDARD_SUPPORT"},
    {"clusterVersion": "1.9", "versionStatus": "EXTENDED_SUPPORT"},
    {"clusterVersion": "1.24", "versionStatus": "UNSUPPORTED"},
]
SESSION = "arn:aws:sts::1:assumed-role/ops/me@example.com"


def test_a_version_that_is_offered_is_no_problem() -> None:
    assert version_problem("1.35", VERSIONS, "us-east-1") is None
    assert version_warning("1.35", VERSIONS) is None


@pytest.mark.parametrize("version", ["1.24", "2.0"])
def test_a_version_that_is_not_offered_is_named_with_those_that_are(version: str) -> None:
    assert version_problem(version, VERSIONS, "us-east-1") == (
        f"lambdafs_eks_version {version} is not offered by EKS in us-east-1; expected one of 1.35, 1.9; "
        "set lambdafs_eks_version"
    )
    assert version_warning("2.0", VERSIONS) is None


def test_a_version_that_costs_more_is_worth_a_word() -> None:
    assert "charges more" in (version_warning("1.9", VERSIONS) or "")


def test_the_role_behind_a_session_is_the_principal() -> None:
    assert principal_of(SESSION) == "arn:aws:iam::1:role/ops"
    assert principal_of("arn:aws:iam::1:user/ann") == "arn:aws:iam::1:user/ann"


def test_a_principal_without_access_is_named_in_the_words_of_eks() -> None:
    problem = access_problem("eks", SESSION, Access(401), ["arn:aws:iam::1:role/boss"])
    assert problem == (
        "Your current IAM principal doesn't have access to Kubernetes objects on this cluster: arn:aws:iam::1:role/ops "
        "has no access on EKS cluster eks (HTTP status 401); expected a principal that administers it; run as one of "
        "them (arn:aws:iam::1:role/boss), or let one add arn:aws:iam::1:role/ops to lambdafs_eks_admins and "
        "run site.yml"
    )


@pytest.mark.parametrize("access", [Access(201, allowed=False), Access(403)])
def test_a_principal_that_may_not_do_everything(access: Access) -> None:
    assert "may not do everything" in (access_problem("eks", SESSION, access, []) or "")


def test_an_administrator_is_no_problem_and_silence_is_a_warning() -> None:
    silence = Access(0, words="timed out")
    assert access_problem("eks", SESSION, Access(201, allowed=True), []) is None
    assert access_warning("eks", Access(201, allowed=True)) is None
    assert access_problem("eks", SESSION, silence, []) is None
    assert "gives no answer: timed out" in (access_warning("eks", silence) or "")
