# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The module hadoop_config as Ansible runs it, in this process."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils import basic
from ansible.module_utils.testing import patch_module_args
from ansible_collections.lambdafs.cluster.plugins.modules import hadoop_config

PASSWORD = "io.hops.metadata.ndb.mysqlserver.password"  # noqa: S105 - a property's name


def run(capsys: pytest.CaptureFixture[str], **arguments: Any) -> dict[str, Any]:
    """The result of the module."""
    with patch_module_args(arguments), pytest.raises(SystemExit):
        hadoop_config.main()
    result: dict[str, Any] = json.loads(capsys.readouterr().out)
    return result


def ndb(path: Path, **more: Any) -> dict[str, Any]:
    """Arguments for an ndb-config.properties."""
    return {
        "path": str(path),
        "format": "properties",
        "properties": {"com.mysql.clusterj.database": "hops", PASSWORD: "hunter2hunter2"},
        "mode": "0640",
        **more,
    }


def test_a_file_is_made_once_with_its_mode(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "ndb-config.properties"
    planned = run(capsys, **ndb(path, _ansible_check_mode=True))
    assert planned["changed"]
    assert not path.exists()
    made = run(capsys, **ndb(path))
    assert made["changed"]
    assert made["properties"] == ["com.mysql.clusterj.database", PASSWORD]
    assert made["diff"] == planned["diff"]
    assert path.stat().st_mode & 0o777 == 0o640
    assert path.read_text(encoding="ascii") == f"com.mysql.clusterj.database=hops\n{PASSWORD}=hunter2hunter2\n"
    assert not run(capsys, **ndb(path))["changed"]


def test_another_mode_is_a_change(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "ndb-config.properties"
    run(capsys, **ndb(path))
    assert run(capsys, **ndb(path, mode="0600"))["changed"]
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_new_file_is_its_owners_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "ndb-config.properties"
    run(capsys, **ndb(path, mode=None))
    assert path.stat().st_mode & 0o777 == 0o600


def test_secrets_are_in_no_result_and_no_log(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    logged: list[str] = []
    monkeypatch.setattr(basic.AnsibleModule, "log", lambda _self, *texts, **_more: logged.extend(map(str, texts)))
    result = run(capsys, **ndb(tmp_path / "ndb-config.properties"))
    assert "hunter2" not in json.dumps(result)
    assert len(logged) > 0
    assert "hunter2" not in "".join(logged)
    assert "com.mysql.clusterj.database=hops" in result["diff"]["after"]
    assert f"{PASSWORD}=(hidden), new" in result["diff"]["after"]


def test_xml_keeps_what_is_not_given(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "core-site.xml"
    path.write_text(
        "<configuration>\n<!-- ours --><property><name>own</name><value>1</value></property>\n</configuration>\n",
        encoding="utf-8",
    )
    result = run(capsys, path=str(path), format="xml", properties={"hadoop.security.authorization": False})
    assert result["properties"] == ["hadoop.security.authorization"]
    text = path.read_text(encoding="utf-8")
    assert "<!-- ours --><property><name>own</name><value>1</value></property>" in text
    assert "<value>false</value>" in text


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"<configuration>", "cannot be read: it is no XML: no element found"),
        (b"<configuration>\xff</configuration>", "expected UTF-8: mend it or move it away"),
    ],
)
def test_a_file_that_cannot_be_read_is_left_alone(
    content: bytes, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "hdfs-site.xml"
    path.write_bytes(content)
    result = run(capsys, path=str(path), format="xml", properties={"a": "1"})
    assert result["failed"]
    assert message in result["msg"]
    assert path.read_bytes() == content


def test_a_missing_directory_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "etc/hadoop/core-site.xml"
    assert run(capsys, path=str(path), format="xml", properties={}, _ansible_check_mode=True)["changed"]
    result = run(capsys, path=str(path), format="xml", properties={})
    assert f"no directory {path.parent} found" in result["msg"]
