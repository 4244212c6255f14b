# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.lambdafs.cluster.plugins.module_utils.aws_preflight import Image
from ansible_collections.lambdafs.cluster.plugins.module_utils.aws_preflight_api import Report
from ansible_collections.lambdafs.cluster.plugins.modules import aws_preflight_info

OK = Report(account_id="1", zones=["a", "b"], images={"zookeeper": Image(id="ami-1")})
WRONG = Report(problems=["one", "two"])


class Ended(Exception):
    """The module has exited."""


class Module:
    """Stand-in for AnsibleAWSModule that remembers how it was left."""

    def __init__(self, **params: Any) -> None:
        self.params = params
        self.result: dict[str, Any] = {}

    def exit_json(self, **result: Any) -> None:
        self.result = result
        raise Ended

    fail_json = exit_json


@pytest.mark.parametrize(
    ("report", "fail", "expected"),
    [
        (OK, True, {"changed": False, "problems": [], "zones": ["a", "b"], "account_id": "1"}),
        (WRONG, True, {"msg": "one\ntwo", "problems": ["one", "two"]}),
        (WRONG, False, {"changed": False, "problems": ["one", "two"]}),
    ],
)
def test_result(monkeypatch: pytest.MonkeyPatch, report: Report, fail: bool, expected: dict[str, Any]) -> None:
    module = Module(fail=fail)
    monkeypatch.setattr(aws_preflight_info, "AnsibleAWSModule", lambda **_options: module)
    monkeypatch.setattr(aws_preflight_info, "examine_account", lambda _module: report)
    with pytest.raises(Ended):
        aws_preflight_info.main()
    assert module.result.items() >= expected.items()
