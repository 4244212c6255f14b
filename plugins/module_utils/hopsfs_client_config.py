# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a VM's own configuration files say of the servers that a file system needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ansible_collections.lambdafs.cluster.plugins.module_utils.hadoop_config import ConfigError, read_config
from ansible_collections.lambdafs.cluster.plugins.module_utils.hadoop_files import UnreadableFile, parse
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_sql_connection import DATABASE_NAME, Login

HDFS_SITE = "hdfs-site.xml"
CORE_SITE = "core-site.xml"
NDB_CONFIG = "ndb-config.properties"
_DRIVER_CONFIG = "dfs.storage.driver.configfile"
_CLUSTERJ = "com.mysql.clusterj"
_MYSQL = "io.hops.metadata.ndb.mysqlserver"


class WrongConfig(Exception):
    """A file is missing or is not of its format, or a property has no value that can be used."""


@dataclass(frozen=True)
class DatabaseConfig:
    """How the file system reaches its metadata.

    `connectstring` names NDB's management servers, `database` is a plain name; `path` is the file that says so.
    """

    path: str
    connectstring: str
    database: str
    host: str
    port: int
    user: str
    password: str = field(repr=False)

    def login(self, ca: str = "", timeout: int = 10) -> Login:
        """The login at the SQL node, over TLS."""
        return Login("", self.host, self.port, self.user, self.password, ca, timeout)


@dataclass(frozen=True)
class ClientConfig:
    """What λFS's client reads of `hdfs-site.xml`.

    `deployments` counts all NameNode deployments, fault-tolerant ones included; `zookeeper` holds `host:port`;
    `endpoint` is the URL of an action less its number; `tcp_port` is the first port that the client tries.
    """

    deployments: int
    zookeeper: tuple[str, ...]
    endpoint: str
    tcp_enabled: bool
    tcp_port: int


def read_file(path: Path, file_format: str) -> dict[str, str]:
    """The properties of a file.

    Raises:
        WrongConfig: there is no such file, or it is not of this format.
    """
    try:
        text = read_config(path, file_format)
        if text is None:
            raise WrongConfig(f"{path} is missing, expected the file: run the configure stage")
        return parse(text, file_format)
    except (ConfigError, OSError, UnreadableFile) as error:
        raise WrongConfig(f"{path} cannot be read ({error}), expected {file_format}: correct it") from error


def ndb_config_path(conf_dir: Path, hdfs_site: Mapping[str, str]) -> Path:
    """Where the storage driver's file is: `hdfs-site.xml` names it, on the class path unless absolute."""
    return conf_dir / (hdfs_site.get(_DRIVER_CONFIG) or NDB_CONFIG)


def database_config(path: Path, properties: Mapping[str, str]) -> DatabaseConfig:
    """The storage driver's settings.

    Raises:
        WrongConfig: one is missing, the database's name is no plain name, or the port is no port.
    """
    database = _required(path, properties, f"{_CLUSTERJ}.database")
    if not DATABASE_NAME.fullmatch(database):
        raise WrongConfig(f"{path}: {_CLUSTERJ}.database is {database!r}, expected letters, digits and _: correct it")
    return DatabaseConfig(
        str(path),
        _required(path, properties, f"{_CLUSTERJ}.connectstring"),
        database,
        _required(path, properties, f"{_MYSQL}.host"),
        _number(path, properties, f"{_MYSQL}.port", 3306, 1, 65535),
        _required(path, properties, f"{_MYSQL}.username"),
        _required(path, properties, f"{_MYSQL}.password"),
    )


def client_config(path: Path, properties: Mapping[str, str]) -> ClientConfig:
    """What λFS's client takes from `hdfs-site.xml`. It counts fault-tolerant deployments unless they are switched off.

    Raises:
        WrongConfig: a property is missing, or has no value that can be used.
    """
    deployments = _number(path, properties, "serverless.deployments.max", None, 1, 10000)
    if properties.get("serverless.use-fault-tolerant-deployments", "true").strip().lower() == "true":
        deployments += _number(path, properties, "serverless.num-fault-tolerant-deployments", 2, 0, 10000)
    servers = _required(path, properties, "serverless.zookeepers.hosts").split(",")
    return ClientConfig(
        deployments,
        tuple(server.strip() for server in servers if server.strip()),
        _required(path, properties, "serverless.endpoint"),
        properties.get("serverless.tcp.enabled", "true").strip().lower() == "true",
        _number(path, properties, "serverless.tcp.port", 6000, 1, 65535),
    )


def read_database_config(conf_dir: Path) -> DatabaseConfig:
    """The storage driver's settings of a configuration directory.

    Raises:
        WrongConfig: see `read_file` and `database_config`.
    """
    path = ndb_config_path(conf_dir, read_file(conf_dir / HDFS_SITE, "xml"))
    return database_config(path, read_file(path, "properties"))


def read_client_config(conf_dir: Path) -> ClientConfig:
    """What λFS's client takes from a configuration directory.

    Raises:
        WrongConfig: see `read_file` and `client_config`.
    """
    path = conf_dir / HDFS_SITE
    return client_config(path, read_file(path, "xml"))


def _required(path: Path, properties: Mapping[str, str], name: str) -> str:
    value = properties.get(name, "").strip()
    if not value:
        raise WrongConfig(f"{path}: {name} is not set, expected a value: run the configure stage")
    return value


def _number(
    path: Path, properties: Mapping[str, str], name: str, default: int | None, smallest: int, largest: int
) -> int:
    text = properties.get(name, "").strip() or ("" if default is None else str(default))
    if not text.isdecimal() or not smallest <= int(text) <= largest:
        raise WrongConfig(
            f"{path}: {name} is {text or 'not set'}, expected {smallest} to {largest}: run the configure stage"
        )
    return int(text)
