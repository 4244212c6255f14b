# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from ansible_collections.lambdafs.cluster.plugins.module_utils.hadoop_vm import (
    Wanted,
    choose_jdk,
    choose_method,
    describe,
    find_java,
    hadoop_home,
    may_set_clock,
    packaged_java,
    time_service,
    unlinked,
)

STOPPED = "LoadState=not-found\nActiveState=inactive\nMainPID=0\n"
RUNNING = "LoadState=loaded\nActiveState=active\nMainPID=42\n"


def wanted(root: Path) -> Wanted:
    """Nothing given but where things may be."""
    return Wanted("auto", root / "image", root / "archive", "auto", None, None, "openjdk-8-jdk-headless")


def program(path: Path) -> Path:
    """Make an empty program."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o755)
    return path


def test_hadoop_of_the_image_goes_before_the_archive(tmp_path: Path) -> None:
    assert (choose_method(wanted(tmp_path)), hadoop_home(wanted(tmp_path))) == ("archive", tmp_path / "archive")
    program(tmp_path / "image/bin/hdfs")
    assert (choose_method(wanted(tmp_path)), hadoop_home(wanted(tmp_path))) == ("preinstalled", tmp_path / "image")
    assert hadoop_home(replace(wanted(tmp_path), method="archive")) == tmp_path / "archive"


def test_java_is_found_behind_links(tmp_path: Path) -> None:
    java = program(tmp_path / "jvm/bin/java")
    (tmp_path / "java").symlink_to(java)
    assert find_java(None, str(tmp_path / "java")) == tmp_path / "jvm"
    assert find_java(None, None) is None


def test_java_8_has_its_home_above_jre(tmp_path: Path) -> None:
    program(tmp_path / "jvm/bin/java")
    assert find_java(None, str(program(tmp_path / "jvm/jre/bin/java"))) == tmp_path / "jvm"


def test_a_home_that_is_given_has_to_have_java(tmp_path: Path) -> None:
    assert find_java(tmp_path / "jvm", "/usr/bin/java") is None
    program(tmp_path / "jvm/bin/java")
    assert find_java(tmp_path / "jvm", None) == tmp_path / "jvm"


@pytest.mark.parametrize(
    ("package", "home"),
    [
        ("openjdk-8-jdk-headless", "java-8-openjdk-amd64"),
        ("openjdk-17-jre-headless", "java-17-openjdk-amd64"),
        ("default-jdk-headless", "java-17-openjdk-amd64"),
        ("openjdk-11-jdk-headless", None),
    ],
)
def test_a_packages_java_is_found_by_its_version(package: str, home: str | None, tmp_path: Path) -> None:
    for version in (8, 17):
        program(tmp_path / f"java-{version}-openjdk-amd64/bin/java")
    (tmp_path / "default-java").symlink_to("java-17-openjdk-amd64")
    assert packaged_java(package, tmp_path) == (tmp_path / home if home else None)


def test_a_jdk_archive_goes_before_what_there_is_and_that_before_a_package(tmp_path: Path) -> None:
    plain = wanted(tmp_path)
    assert choose_jdk(plain, None) == "package"
    assert choose_jdk(plain, tmp_path) == "preinstalled"
    assert choose_jdk(replace(plain, jdk_archive_home=tmp_path), tmp_path) == "archive"
    assert choose_jdk(replace(plain, jdk="package"), tmp_path) == "package"


def test_links_that_lead_elsewhere_are_found(tmp_path: Path) -> None:
    directory = tmp_path / "hadoop-1"
    directory.mkdir()
    links = {name: str(tmp_path / name) for name in ("right", "other", "dangling", "missing")}
    (tmp_path / "right").symlink_to(directory)
    (tmp_path / "other").symlink_to(tmp_path)
    (tmp_path / "dangling").symlink_to(tmp_path / "gone")
    targets = {path: str(tmp_path / "gone" if name == "dangling" else directory) for name, path in links.items()}
    assert unlinked(targets) == [links[name] for name in ("other", "dangling", "missing")]


@pytest.mark.parametrize(
    ("capabilities", "container", "own"),
    [("000001ffffffffff", False, True), ("000001ffffffffff", True, False), ("00000000a80425fb", False, False)],
)
def test_a_clock_is_the_vms_own_unless_it_is_a_container(capabilities: str, container: bool, own: bool) -> None:
    assert may_set_clock(f"Name:\tsystemd\nCapEff:\t{capabilities}\n", container) is own


def test_the_time_service_that_runs_is_named() -> None:
    running = {"systemd-timesyncd.service"}
    assert time_service(lambda unit: RUNNING if unit in running else STOPPED) == "systemd-timesyncd.service"
    assert time_service(lambda _unit: STOPPED) == ""


def test_a_vm_is_described(tmp_path: Path) -> None:
    unit = tmp_path / "hopsfs-namenode.service"
    unit.write_text("[Service]\n", encoding="ascii")
    program(tmp_path / "image/bin/hdfs")
    program(tmp_path / "jdk/bin/java")
    found = describe(
        replace(wanted(tmp_path), jdk_archive_home=tmp_path / "jdk"),
        {"/nowhere": "/no"},
        {unit.name: [str(unit)]},
        lambda name: RUNNING if name == unit.name else STOPPED,
        container=True,
    )
    assert found["hadoop_home"] == str(tmp_path / "image")
    assert found["installed"]
    assert (found["jdk"], found["java_home"], found["java_installed"]) == ("archive", str(tmp_path / "jdk"), True)
    assert found["unlinked"] == ["/nowhere"]
    assert found["units"] == {
        unit.name: {"loaded": True, "running": True, "restart_reasons": ["hopsfs-namenode.service changed"]}
    }
    assert not found["own_clock"]
