# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The ZooKeeper modules as Ansible runs them, in this process."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils import basic
from ansible.module_utils.testing import patch_module_args
from ansible_collections.lambdafs.cluster.plugins.module_utils.zookeeper_members import parse_members
from ansible_collections.lambdafs.cluster.plugins.modules import (
    zookeeper_config,
    zookeeper_ensemble,
    zookeeper_info,
    zookeeper_server_info,
)

LINE = "server.1=10.0.0.1:2888:3888:participant;2181"
NOBODY = [{"name": "zk-0", "host": "127.0.0.1", "port": 1}]


def run(module: Any, capsys: pytest.CaptureFixture[str], **arguments: Any) -> dict[str, Any]:
    """The result of a module's main()."""
    with patch_module_args(arguments), pytest.raises(SystemExit):
        module.main()
    result: dict[str, Any] = json.loads(capsys.readouterr().out)
    return result


def config(root: Path, **more: Any) -> dict[str, Any]:
    """Arguments of zookeeper_config."""
    return {
        "path": str(root / "conf/zoo.cfg"),
        "settings": {"dataDir": str(root / "data"), "tickTime": 1000},
        "server_id": 1,
        "data_log_dir": str(root / "logs"),
        "super_password_file": str(root / "secret/password"),
        "owner": "root",
        "group": "root",
        **more,
    }


def test_info_without_a_condition_reports_what_is(capsys: pytest.CaptureFixture[str]) -> None:
    result = run(zookeeper_info, capsys, servers=NOBODY)
    assert "failed" not in result
    assert [server["state"] for server in result["servers"]] == ["unreachable"]


def test_info_fails_with_the_state_of_each_server(capsys: pytest.CaptureFixture[str]) -> None:
    result = run(zookeeper_info, capsys, servers=NOBODY, wait_for="quorum", timeout=0)
    assert result["failed"]
    assert "zk-0 (127.0.0.1:1) is unreachable" in result["msg"]
    assert result["quorum"] is False


def test_info_in_check_mode_does_not_fail(capsys: pytest.CaptureFixture[str]) -> None:
    result = run(zookeeper_info, capsys, servers=NOBODY, wait_for="quorum", _ansible_check_mode=True)
    assert "failed" not in result
    assert result["met"] is False


def test_server_info_of_an_empty_machine(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(basic.AnsibleModule, "run_command", lambda *_args, **_options: (0, "LoadState=not-found\n", ""))
    paths = {
        name: str(tmp_path / name) for name in ("conf_dir", "data_dir", "log_dir", "exporter", "preinstalled_home")
    }
    result = run(zookeeper_server_info, capsys, **paths)
    assert result["method"] == "package"
    assert result["data"] == {"epoch": 0, "blank": True, "id": None}
    assert result["configuration"] == {"exists": False, "members": [], "member_ids": []}
    assert not result["running"]


@pytest.mark.skipif(not Path("/etc/shadow").exists() or Path.home() != Path("/root"), reason="files belong to root")
def test_config_is_written_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    planned = run(zookeeper_config, capsys, **config(tmp_path, members=[LINE]), _ansible_check_mode=True)
    assert planned["changed"]
    assert list(tmp_path.iterdir()) == []
    assert run(zookeeper_config, capsys, **config(tmp_path, members=[LINE]))["changed"]
    assert (tmp_path / "data/myid").read_text(encoding="ascii") == "1\n"
    assert (tmp_path / "conf/zoo.cfg.dynamic").read_text(encoding="ascii") == f"{LINE}\n"
    assert (tmp_path / "secret/password").stat().st_mode & 0o777 == 0o600
    assert not run(zookeeper_config, capsys, **config(tmp_path))["changed"]


def test_the_ensemble_is_asked_for_what_the_state_says() -> None:
    live = parse_members(LINE)
    present = zookeeper_ensemble.planner({"state": "present", "members": [LINE.replace("server.1", "server.2")]})
    absent = zookeeper_ensemble.planner({"state": "absent", "ids": [7]})
    assert [member.id for member in present(live).joining] == [2]
    assert not absent(live)
