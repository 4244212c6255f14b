from __future__ import annotations

import pytest
import yaml
from ansible_collections.lambdafs.cluster.plugins.module_utils.aws_auth import aws_auth_data

NODES = yaml.safe_dump([{"rolearn": "arn:aws:iam::1:role/nodes", "username": "n", "groups": ["system:nodes"]}])


def test_principals_join_those_that_are_there() -> None:
    data = aws_auth_data({"mapRoles": NODES}, ["arn:aws:iam::1:role/some/path/ops", "arn:aws:iam::1:user/ann"])
    assert yaml.safe_load(data["mapRoles"]) == [
        *yaml.safe_load(NODES),
        {"rolearn": "arn:aws:iam::1:role/ops", "username": "ops", "groups": ["system:masters"]},
    ]
    assert yaml.safe_load(data["mapUsers"]) == [
        {"userarn": "arn:aws:iam::1:user/ann", "username": "ann", "groups": ["system:masters"]}
    ]


def test_those_who_administer_already_change_nothing() -> None:
    once = aws_auth_data({"mapRoles": NODES}, ["arn:aws:iam::1:role/ops"])
    assert aws_auth_data(once, ["arn:aws:iam::1:role/ops"]) == once


def test_an_arn_of_something_else_is_refused() -> None:
    with pytest.raises(ValueError, match="neither a role nor a user"):
        aws_auth_data({}, ["arn:aws:sts::1:assumed-role/ops/session"])
