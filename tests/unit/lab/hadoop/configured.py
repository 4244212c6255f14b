"""Hadoop's configuration files for a test."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path


def xml(properties: Mapping[str, str]) -> str:
    entries = "".join(
        f"<property><name>{name}</name><value>{value}</value></property>" for name, value in properties.items()
    )
    return f"<configuration>{entries}</configuration>"


def write_configuration(
    directory: Path,
    *,
    sql: tuple[str, int] = ("127.0.0.1", 3306),
    account: tuple[str, str] = ("user", "password"),
    database: str = "hops",
    connectstring: str = "127.0.0.1:1186",
    file_system: tuple[str, int] = ("127.0.0.1", 9000),
    site: Mapping[str, str] | None = None,
) -> Path:
    """Write the three files; returns the directory."""
    ndb = {
        "com.mysql.clusterj.connectstring": connectstring,
        "com.mysql.clusterj.database": database,
        "io.hops.metadata.ndb.mysqlserver.host": sql[0],
        "io.hops.metadata.ndb.mysqlserver.port": str(sql[1]),
        "io.hops.metadata.ndb.mysqlserver.username": account[0],
        "io.hops.metadata.ndb.mysqlserver.password": account[1],
    }
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "hdfs-site.xml").write_text(xml(site or {}), encoding="utf-8")
    core = {"fs.default.name": f"hdfs://{file_system[0]}:{file_system[1]}"}
    (directory / "core-site.xml").write_text(xml(core), encoding="utf-8")
    lines = [f"{name}={value}" for name, value in ndb.items()]
    (directory / "ndb-config.properties").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return directory
