# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from ansible.errors import AnsibleActionFail
from ansible.playbook.task import Task
from ansible_collections.lambdafs.cluster.plugins.action import ndb_schema, ndb_schema_info

from tests.repository import ROOT


def executed(module: Any, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """What the action plugin runs on the host."""
    task = Task.load({"action": {"module": name, **arguments}, "async": 0})
    plugin = module.ActionModule(task, Mock(), Mock(), Mock(), Mock(), Mock())
    plugin._execute_module = Mock(return_value={"changed": True})
    assert plugin.run(task_vars={})["changed"]
    call: dict[str, Any] = plugin._execute_module.call_args.kwargs
    return call


def test_the_collections_scripts_are_handed_over() -> None:
    call = executed(ndb_schema, "lambdafs.cluster.ndb_schema", {"database": "d", "deployments": 3})
    assert call["module_name"] == "lambdafs.cluster.ndb_schema"
    assert call["module_args"]["database"] == "d"
    scripts = {file["name"]: file["content"] for file in call["module_args"]["files"]}
    assert scripts == {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "sql_scripts").iterdir()}


def test_info_and_another_folder(tmp_path: Path) -> None:
    (tmp_path / "V1__a.sql").write_text("SELECT 1;", encoding="utf-8")
    (tmp_path / "README.md").write_text("no script", encoding="utf-8")
    call = executed(ndb_schema_info, "lambdafs.cluster.ndb_schema_info", {"scripts": str(tmp_path)})
    assert call["module_name"] == "lambdafs.cluster.ndb_schema_info"
    assert call["module_args"] == {"files": [{"name": "V1__a.sql", "content": "SELECT 1;"}]}


def test_a_folder_without_scripts_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AnsibleActionFail, match="holds no SQL script"):
        executed(ndb_schema, "lambdafs.cluster.ndb_schema", {"scripts": str(tmp_path)})
    with pytest.raises(AnsibleActionFail, match="cannot be read: No such file or directory"):
        executed(ndb_schema, "lambdafs.cluster.ndb_schema", {"scripts": str(tmp_path / "nothing")})
