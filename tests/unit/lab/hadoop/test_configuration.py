"""Reading Hadoop's configuration."""

from __future__ import annotations

from pathlib import Path

import pytest

from lab.hadoop import class_path, configuration
from lab.hadoop.errors import HadoopError
from tests.unit.lab.hadoop.configured import write_configuration, xml


def test_all_three_files_are_read(tmp_path: Path) -> None:
    site = {
        "serverless.deployments.max": "20",
        "serverless.use-fault-tolerant-deployments": "false",
        "serverless.zookeepers.hosts": "10.0.0.1:2181, 10.0.0.2:2181",
    }
    loaded = configuration.load(write_configuration(tmp_path, site=site, file_system=("10.0.0.9", 9000)))
    assert (loaded.deployments, loaded.all_deployments) == (20, 20)
    assert loaded.zookeepers == ["10.0.0.1:2181", "10.0.0.2:2181"]
    assert loaded.file_system == ("10.0.0.9", 9000)
    assert (loaded.login.host, loaded.login.port, loaded.login.database) == ("127.0.0.1", 3306, "hops")
    assert "password" not in f"{loaded.login} {loaded.login!r}".replace("password=", "")


def test_what_the_code_counts_where_nothing_is_set(tmp_path: Path) -> None:
    loaded = configuration.load(write_configuration(tmp_path))
    assert (loaded.deployments, loaded.all_deployments) == (3, 5)


@pytest.mark.parametrize(
    ("site", "text"),
    [
        ({"serverless.deployments.max": "0"}, "expected 1 or more"),
        ({"serverless.deployments.max": "many"}, "NumberFormatException"),
    ],
)
def test_bad_numbers_are_named(tmp_path: Path, site: dict[str, str], text: str) -> None:
    loaded = configuration.load(write_configuration(tmp_path, site=site))
    with pytest.raises(HadoopError, match=text):
        _ = loaded.deployments


def test_what_is_not_set_is_named(tmp_path: Path) -> None:
    loaded = configuration.load(write_configuration(tmp_path))
    with pytest.raises(HadoopError, match=r"serverless\.zookeepers\.hosts is not set"):
        _ = loaded.zookeepers
    (tmp_path / "ndb-config.properties").write_text("", encoding="utf-8")
    with pytest.raises(HadoopError, match=r"mysqlserver\.host is not set"):
        _ = configuration.load(tmp_path).login


@pytest.mark.parametrize("url", ["hdfs://10.0.0.1", "http://10.0.0.1:9000", "hdfs://10.0.0.1:x", "10.0.0.1:9000"])
def test_a_file_system_needs_an_address_and_a_port(tmp_path: Path, url: str) -> None:
    write_configuration(tmp_path)
    (tmp_path / "core-site.xml").write_text(xml({"fs.default.name": url}), encoding="utf-8")
    with pytest.raises(HadoopError, match=r"expected hdfs://<address>:<port>"):
        _ = configuration.load(tmp_path).file_system


def test_the_image_has_ndb_s_file_elsewhere_and_the_driver_may_not(tmp_path: Path) -> None:
    site = {"dfs.storage.driver.configfile": "/metadata-dal/ndb-config.properties"}
    assert configuration.load(write_configuration(tmp_path, site=site)).login.user == "user"
    (tmp_path / "ndb-config.properties").unlink()
    with pytest.raises(HadoopError, match=r"/metadata-dal/ndb-config\.properties"):
        configuration.load(tmp_path)


@pytest.mark.parametrize("text", ["", "<configuration>", "<other/>"])
def test_broken_xml_is_refused(tmp_path: Path, text: str) -> None:
    write_configuration(tmp_path)
    (tmp_path / "hdfs-site.xml").write_text(text, encoding="utf-8")
    with pytest.raises(HadoopError, match=r"hdfs-site\.xml"):
        configuration.load(tmp_path)


def test_properties_are_read_as_in_java() -> None:
    text = "# comment\n! comment\n\na=1\n b = x=y \nempty=\n"
    assert configuration.parse_properties(text) == {"a": "1", "b": "x=y ", "empty": ""}


def test_a_program_finds_its_configuration(tmp_path: Path) -> None:
    added = tmp_path / "upstream" / "hdfs-site.xml"
    conf = write_configuration(tmp_path / "conf")
    assert class_path.directory(added, f"/nowhere:{conf}") == conf
    write_configuration(added.parent)
    assert class_path.directory(added, "/nowhere") == added.parent
    with pytest.raises(HadoopError, match="FileNotFoundException"):
        class_path.directory(tmp_path / "none", "/nowhere")


def test_a_file_that_a_program_adds_comes_over_the_class_path(tmp_path: Path) -> None:
    conf = write_configuration(tmp_path / "conf")
    added = tmp_path / "hdfs-site.xml"
    name = "serverless.tcp.port"
    before = dict(configuration.load(conf, added).properties)
    added.write_text(f"<configuration><property><name>{name}</name><value>6001</value></property></configuration>")
    assert configuration.load(conf, added).properties == before | {name: "6001"}
