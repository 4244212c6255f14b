from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.lambdafs.cluster.plugins.module_utils.aws_deployment_holders import Holder, holds

HELD = {"id": "sg-1"}


def interface(**more: Any) -> Holder:
    return Holder("network_interfaces", {"id": "eni-1", "name": "", "state": "in-use", **more})


def test_an_interface_is_named_with_its_purpose_and_its_instance() -> None:
    holder = interface(description="somebody's", attachment={"instance_id": "i-7"})
    assert holder.text == "network interface eni-1 (in-use) 'somebody's' attached to instance i-7"


def test_a_volume_is_named_with_its_instance() -> None:
    volume = Holder("volumes", {"id": "vol-1", "name": "", "state": "in-use", "attachments": [{"instance_id": "i-7"}]})
    assert volume.text == "volume vol-1 (in-use) attached to instance i-7"


@pytest.mark.parametrize(
    ("holder", "lasting"),
    [
        (interface(state="available"), True),
        (interface(attachment={"instance_id": "i-7"}), True),
        (interface(attachment={"attachment_id": "ela-attach-1"}), False),
        (Holder("volumes", {"id": "vol-1", "name": "", "state": "in-use"}), False),
        (Holder("subnets", {"id": "subnet-1", "name": "", "state": "available"}), True),
    ],
    ids=["free interface", "interface of an instance", "interface of AWS's own", "volume", "subnet"],
)
def test_only_what_aws_takes_away_itself_is_worth_waiting_for(holder: Holder, lasting: bool) -> None:
    assert holder.lasting is lasting


@pytest.mark.parametrize(
    ("kind", "resource", "expected"),
    [
        ("route_tables", {"associations": [{"main": True}]}, False),
        ("route_tables", {"associations": []}, True),
        ("security_groups", {"id": "sg-9", "group_name": "default"}, False),
        ("security_groups", {"id": "sg-1", "group_name": "ours"}, False),
        ("security_groups", {"id": "sg-2", "group_name": "theirs"}, True),
        ("subnets", {"id": "subnet-1"}, True),
    ],
)
def test_what_a_vpc_takes_along_holds_nothing(kind: str, resource: dict[str, Any], expected: bool) -> None:
    assert holds(Holder(kind, resource), HELD) is expected
