# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The modules of the schema as Ansible runs them, in this process; a real NDB is for tests/ndb."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.testing import patch_module_args
from ansible_collections.lambdafs.cluster.plugins.modules import ndb_schema, ndb_schema_info, ndb_sql_probe

from tests.unit.plugins.module_utils.ndb_schema_cases import files

FILES = [{"name": name, "content": content} for name, content in files().items()]


def run(module: Any, capsys: pytest.CaptureFixture[str], **arguments: Any) -> dict[str, Any]:
    """The result of a module's main()."""
    with patch_module_args(arguments), pytest.raises(SystemExit):
        module.main()
    result: dict[str, Any] = json.loads(capsys.readouterr().out)
    return result


def arguments(folder: Path, **more: Any) -> dict[str, Any]:
    """Arguments for an SQL node that is not there."""
    socket = str(folder / "nobody.sock")
    return {"login_socket": socket, "database": "hopsfs", "deployments": 3, "files": FILES, **more}


def test_check_mode_before_anything_is_installed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    result = run(ndb_schema, capsys, **arguments(tmp_path, _ansible_check_mode=True, _ansible_diff=True))
    assert result["changed"]
    assert (result["version"], result["version_before"], result["adopted"]) == ("3.2.0.0.1", "", False)
    assert sum(sql.startswith("CREATE TABLE ") for sql in result["statements"]) == 65 + 6 + 2
    assert result["diff"]["after"].count("CREATE TABLE ") == 65 + 6 + 2


def test_an_sql_node_that_does_not_answer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for module, more in ((ndb_schema, {"patience": 0}), (ndb_schema_info, {})):
        result = run(module, capsys, **arguments(tmp_path, **more))
        assert result["failed"]
        assert "nobody.sock" in result["msg"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"database": "a`b"}, "database is 'a`b', expected letters, digits and _"),
        ({"deployments": 0}, "deployments is 0, expected 1 to"),
        ({"files": []}, "the scripts lack a baseline"),
        ({"login_host": "10.0.0.1"}, "mutually exclusive: login_socket|login_host"),
    ],
)
def test_wrong_arguments(
    change: dict[str, Any], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    result = run(ndb_schema, capsys, **arguments(tmp_path, **change))
    assert result["failed"]
    assert message in result["msg"]


def test_the_probe(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    login = {"login_socket": str(tmp_path / "nobody.sock"), "database": "hopsfs", "patience": 0}
    assert "failed" not in run(ndb_sql_probe, capsys, **login, _ansible_check_mode=True)
    assert "nobody.sock" in run(ndb_sql_probe, capsys, **login)["msg"]
