"""The archives, and what a VM makes of them."""

from __future__ import annotations

import hashlib
import os
import subprocess
from pathlib import Path

import pytest

from lab.hadoop import archives
from tests.unit.lab.hadoop.configured import write_configuration

NAME = "com.gmail.benrcarver.distributed.BasicTest"


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("packed")
    assert archives.write(directory) == list(archives.NAMES)
    return directory


@pytest.fixture(scope="module")
def unpacked(packed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("unpacked")
    for archive in packed.glob("*.tar.gz"):
        subprocess.run(["tar", "-xzf", str(archive), "-C", str(directory)], check=True)
    return directory


def run(unpacked: Path, *words: str, text: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.defpath, "JAVA_HOME": str(unpacked / "jdk8u-stand-in"), **variables}
    return subprocess.run(words, cwd=unpacked, env=environment, input=text, capture_output=True, text=True, check=False)


def test_a_second_time_nothing_is_written(packed: Path) -> None:
    before = {path.name: path.stat().st_mtime_ns for path in packed.iterdir()}
    assert archives.write(packed) == []
    assert {path.name: path.stat().st_mtime_ns for path in packed.iterdir()} == before


def test_a_damaged_archive_is_written_again(packed: Path, tmp_path: Path) -> None:
    archives.write(tmp_path)
    (tmp_path / "jdk.tar.gz").write_bytes(b"")
    (tmp_path / "BasicTest.jar.sha256").unlink()
    assert sorted(archives.write(tmp_path)) == ["BasicTest.jar", "jdk.tar.gz"]


def test_checksums_are_those_of_the_archives(packed: Path) -> None:
    for name in archives.NAMES:
        digest = hashlib.sha256((packed / name).read_bytes()).hexdigest()
        assert (packed / f"{name}.sha256").read_text(encoding="utf-8") == digest


@pytest.mark.parametrize(("system", "version"), archives.VERSIONS.items())
def test_hdfs_tells_its_version(unpacked: Path, system: str, version: str) -> None:
    ended = run(unpacked, f"hadoop-{version}/bin/hdfs", "version")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.startswith(f"Hadoop {version} (a stand-in for {system})\n")


@pytest.mark.parametrize(("home", "text"), [("", "JAVA_HOME is not set"), ("/nowhere", "is not executable")])
def test_hdfs_needs_java(unpacked: Path, home: str, text: str) -> None:
    ended = run(unpacked, "hadoop-3.2.0.3-SNAPSHOT/bin/hdfs", "version", JAVA_HOME=home)
    assert ended.returncode == 1
    assert text in ended.stderr


def test_the_place_of_a_link_is_kept(unpacked: Path, tmp_path: Path) -> None:
    link = tmp_path / "hadoop"
    link.symlink_to(unpacked / "hadoop-3.2.0.3-SNAPSHOT")
    ended = run(unpacked, f"{link}/bin/hdfs", "classpath")
    assert ended.stdout.startswith(f"{link}/etc/hadoop:{link}/share/hadoop/common/lib/*:")


def test_format_of_an_unreachable_ndb_says_so_and_succeeds(unpacked: Path, tmp_path: Path) -> None:
    write_configuration(tmp_path, sql=("127.0.0.1", 9))
    hdfs = "hadoop-3.2.0.2-RC0/bin/hdfs"
    ended = run(unpacked, hdfs, "--config", str(tmp_path), "namenode", "-format", "-nonInteractive")
    assert (ended.returncode, ended.stdout) == (0, "")
    assert "ERROR namenode.NameNode: Failed to start namenode." in ended.stderr
    assert "StorageException: mysqld 127.0.0.1:9" in ended.stderr


def test_format_without_configuration_fails(unpacked: Path, tmp_path: Path) -> None:
    ended = run(unpacked, "hadoop-3.2.0.2-RC0/bin/hdfs", "--config", str(tmp_path), "namenode", "-format")
    assert ended.returncode == 1
    assert "FileNotFoundException" in ended.stderr


def test_the_basic_test_runs_by_java_with_hadoop_s_class_path(unpacked: Path, packed: Path, tmp_path: Path) -> None:
    java = "jdk8u-stand-in/bin/java"
    jar = str(packed / "BasicTest.jar")
    alone = run(unpacked, java, "-cp", jar, NAME, text="3\n")
    assert alone.returncode == 1
    assert "NoClassDefFoundError" in alone.stderr
    hadoop = run(unpacked, "hadoop-3.2.0.3-SNAPSHOT/bin/hdfs", "--config", str(tmp_path), "classpath").stdout.strip()
    refused = run(unpacked, java, "-cp", f"{jar}:{hadoop}", NAME, text="0\n")
    assert (refused.returncode, refused.stderr) == (1, "")
    assert "[ERROR] '0' found, expected an integer from 1 to 100" in refused.stdout
    site = {"serverless.zookeepers.hosts": "127.0.0.1:9", "serverless.zookeeper.connectiontimeout": "200"}
    write_configuration(tmp_path, site=site)
    ended = run(unpacked, java, "-cp", f"{jar}:{hadoop}", NAME, text="3\n")
    assert ended.returncode == 1
    assert "[ERROR] java.net.ConnectException: no session with ZooKeeper 127.0.0.1:9" in ended.stdout


@pytest.mark.parametrize(("system", "version"), archives.VERSIONS.items())
def test_background_namenodes_are_hopsfs_s(unpacked: Path, tmp_path: Path, system: str, version: str) -> None:
    write_configuration(tmp_path, sql=("127.0.0.1", 9))
    hdfs = f"hadoop-{version}/bin/hdfs"
    ended = run(unpacked, hdfs, "--config", str(tmp_path), "namenode")
    assert ended.returncode == 1
    expected = "run in OpenWhisk" if system == "lambdafs" else "StorageException: mysqld 127.0.0.1:9"
    assert expected in ended.stderr
    status = run(unpacked, hdfs, "--daemon", "status", "namenode", HADOOP_PID_DIR=str(tmp_path))
    assert (status.returncode, status.stdout) == (3, "namenode is not running.\n")
