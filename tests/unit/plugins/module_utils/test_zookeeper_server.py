# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.lambdafs.cluster.plugins.module_utils import zookeeper_server as server

LINE = "server.0=10.0.0.1:2888:3888:participant;2181"


def layout(root: Path, method: str = "auto") -> server.Layout:
    return server.Layout(
        method=method,
        preinstalled_home=root / "zookeeper",
        archive_home=root / "apache-zookeeper-3.8.4-bin",
        conf_dir=root / "conf",
        data_dir=root / "data",
        log_dir=root / "logs",
        exporter=root / "exporter.py",
        user="zookeeper",
    )


def write(path: Path, text: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_auto_takes_what_the_image_has(tmp_path: Path) -> None:
    write(tmp_path / "zookeeper/bin/zkServer.sh")
    write(tmp_path / "zookeeper/lib/zookeeper-3.7.0.jar")
    write(tmp_path / "zookeeper/lib/zookeeper-prometheus-metrics-3.7.0.jar")
    found = server.find_installation(layout(tmp_path))
    assert (found.method, found.installed, found.prometheus_provider) == ("preinstalled", True, True)
    assert found.classpath == f"{tmp_path}/zookeeper/conf:{tmp_path}/zookeeper/lib/*"


def test_auto_takes_the_package_otherwise(tmp_path: Path) -> None:
    assert server.find_installation(layout(tmp_path)).method == "package"


def test_an_archive_that_is_not_unpacked_is_not_installed(tmp_path: Path) -> None:
    assert not server.find_installation(layout(tmp_path, "archive")).installed


@pytest.mark.parametrize(
    ("files", "blank"),
    [
        ({}, True),
        ({"data/version-2/currentEpoch": "0", "data/version-2/snapshot.0": ""}, True),
        ({"data/version-2/currentEpoch": "1"}, False),
        ({"logs/version-2/log.100000001": ""}, False),
        ({"data/version-2/snapshot.100000001": ""}, False),
    ],
)
def test_a_server_is_blank_until_it_was_part_of_a_quorum(tmp_path: Path, files: dict[str, str], blank: bool) -> None:
    for name, text in files.items():
        write(tmp_path / name, text)
    assert server.read_data(tmp_path / "data", tmp_path / "logs").blank is blank


def test_a_number_that_is_none_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="expected a number"):
        server.read_number(write(tmp_path / "myid", "please configure\n"))


def test_the_members_are_those_of_the_file_that_zoo_cfg_names(tmp_path: Path) -> None:
    dynamic = write(tmp_path / "zoo.cfg.dynamic.100000000", f"{LINE}\n")
    found = server.read_configuration(write(tmp_path / "zoo.cfg", f"dynamicConfigFile={dynamic}\n"))
    assert found == server.Configuration(exists=True, members=[LINE], member_ids=[0])


def test_without_zoo_cfg_there_are_no_members(tmp_path: Path) -> None:
    assert not server.read_configuration(tmp_path / "zoo.cfg").exists


def test_a_restart_is_due_when_settings_or_unit_changed(tmp_path: Path) -> None:
    started = tmp_path / "run"
    zoo_cfg = write(tmp_path / "zoo.cfg", "tickTime=2000\ndynamicConfigFile=/b\n")
    unit = write(tmp_path / "zookeeper.service", "new")
    write(started / "zoo.cfg", "dynamicConfigFile=/a\ntickTime=1000\n")
    write(started / "zookeeper.service", "old")
    assert server.restart_reasons(started, zoo_cfg, unit) == ["tickTime: 1000 -> 2000", "zookeeper.service changed"]


def test_no_restart_is_due_when_only_the_list_of_members_changed(tmp_path: Path) -> None:
    zoo_cfg = write(tmp_path / "zoo.cfg", "tickTime=1000\ndynamicConfigFile=/b\n")
    unit = write(tmp_path / "zookeeper.service", "same")
    write(tmp_path / "run/zoo.cfg", "dynamicConfigFile=/a\ntickTime=1000\n")
    write(tmp_path / "run/zookeeper.service", "same")
    assert server.restart_reasons(tmp_path / "run", zoo_cfg, unit) == []


def test_servers_that_the_unit_did_not_start_are_found(tmp_path: Path) -> None:
    for pid, words in {
        7: "java\0org.apache.zookeeper.server.quorum.QuorumPeerMain\0zoo.cfg\0",
        8: "java\0org.apache.zookeeper.server.quorum.QuorumPeerMain\0zoo.cfg\0",
        9: "grep\0zookeeper\0",
    }.items():
        write(tmp_path / str(pid) / "cmdline", words)
    assert server.foreign_pids(tmp_path, own_pid=8) == [7]
