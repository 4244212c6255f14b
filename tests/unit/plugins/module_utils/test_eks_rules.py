from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.lambdafs.cluster.plugins.module_utils import settings_rules

GOOD: dict[str, Any] = {
    "lambdafs_eks": True,
    "lambdafs_project": "LambdaFS",
    "lambdafs_eks_cluster_name": "lambda-fs-eks-cluster",
    "lambdafs_eks_version": "1.35",
    "lambdafs_eks_endpoint_public": True,
    "lambdafs_eks_endpoint_private": False,
    "lambdafs_operator_cidrs": [],
    "lambdafs_eks_endpoint_cidrs": ["0.0.0.0/0"],
    "lambdafs_eks_logging": ["audit"],
    "lambdafs_eks_admins": ["arn:aws:iam::123456789012:role/path/operator"],
    "lambdafs_eks_addon_versions": {"coredns": "v1"},
    "lambdafs_eks_core_min_count": 0,
    "lambdafs_eks_core_count": 3,
    "lambdafs_eks_core_max_count": 3,
    "lambdafs_eks_core_disk_gib": 20,
}


def test_good_settings_have_no_problem() -> None:
    assert settings_rules.settings_problems(GOOD) == []


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"lambdafs_eks_cluster_name": "-x"}, "lambdafs_eks_cluster_name is '-x'; expected 1 to 100 letters"),
        ({"lambdafs_eks_version": "v1.35"}, "lambdafs_eks_version is 'v1.35'; expected a minor version"),
        ({"lambdafs_project": "Lambda FS"}, "lambdafs_project is 'Lambda FS'; expected letters"),
        ({"lambdafs_eks_logging": ["kubelet"]}, "lambdafs_eks_logging holds 'kubelet'; expected any of api"),
        ({"lambdafs_eks_addon_versions": {"dns": "v1"}}, "lambdafs_eks_addon_versions names 'dns'"),
        ({"lambdafs_eks_admins": ["arn:aws:sts::1:assumed-role/a/b"]}, "expected the ARN of a role or a user"),
        ({"lambdafs_eks_endpoint_public": False}, "are both false; expected one of them"),
        ({"lambdafs_eks_endpoint_cidrs": ["10.0.0.1/8"]}, "lambdafs_eks_endpoint_cidrs holds '10.0.0.1/8'"),
        ({"lambdafs_eks_core_count": 4}, "lambdafs_eks_core_count is 4; expected lambdafs_eks_core_min_count 0"),
        ({"lambdafs_eks_core_min_count": -1}, "which is 0 or more"),
        ({"lambdafs_eks_core_max_count": 451}, "lambdafs_eks_core_max_count is 451; expected 1 to 450"),
        ({"lambdafs_eks_core_disk_gib": 8}, "lambdafs_eks_core_disk_gib is 8; expected 20 GiB or more"),
    ],
)
def test_a_bad_setting_is_one_line(changed: dict[str, Any], expected: str) -> None:
    (problem,) = settings_rules.settings_problems(GOOD | changed)
    assert expected in problem


def test_a_tier_that_is_left_out_has_no_problem() -> None:
    assert settings_rules.settings_problems(GOOD | {"lambdafs_eks": False, "lambdafs_eks_version": "x"}) == []
