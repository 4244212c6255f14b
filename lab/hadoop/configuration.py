"""Hadoop's configuration: hdfs-site.xml, core-site.xml and ndb-config.properties of one directory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

from lab.hadoop.errors import ILLEGAL, NOT_FOUND, HadoopError

SITE, CORE, NDB = "hdfs-site.xml", "core-site.xml", "ndb-config.properties"
_SERVER = "io.hops.metadata.ndb.mysqlserver"
_CLUSTERJ = "com.mysql.clusterj"


@dataclass(frozen=True)
class NdbLogin:
    """How NDB is reached.

    Attributes:
        host: the SQL node's address.
        connectstring: the management servers, `host:port` separated by commas.
    """

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    database: str
    connectstring: str

    def __str__(self) -> str:
        return f"mysqld {self.host}:{self.port}, user {self.user}, database {self.database}"


@dataclass(frozen=True)
class Configuration:
    """The properties of one NameNode or client.

    Attributes:
        directory: where the files are.
        properties: those of core-site.xml and hdfs-site.xml.
        ndb: those of ndb-config.properties.
    """

    directory: Path
    properties: Mapping[str, str]
    ndb: Mapping[str, str]

    def text(self, name: str, default: str = "") -> str:
        """A property that must not be empty.

        Raises:
            HadoopError: it is, and there is no default.
        """
        value = self.properties.get(name, default).strip()
        if not value:
            raise HadoopError(ILLEGAL, f"{name} is not set in {self.directory}, expected a value: configure it")
        return value

    def number(self, name: str, default: int) -> int:
        """A property that is a whole number.

        Raises:
            HadoopError: it is none.
        """
        return _number(name, self.properties.get(name, str(default)))

    def flag(self, name: str, default: bool) -> bool:
        """A property that is `true` or `false`; anything else counts as its default, as in Hadoop."""
        return {"true": True, "false": False}.get(self.properties.get(name, "").strip().lower(), default)

    @property
    def deployments(self) -> int:
        """Deployments that paths are spread over; at least 1."""
        found = self.number("serverless.deployments.max", 3)
        if found < 1:
            raise HadoopError(ILLEGAL, f"serverless.deployments.max is {found}, expected 1 or more")
        return found

    @property
    def all_deployments(self) -> int:
        """All actions: the deployments, and those that are there for fault tolerance."""
        if not self.flag("serverless.use-fault-tolerant-deployments", True):
            return self.deployments
        return self.deployments + self.number("serverless.num-fault-tolerant-deployments", 2)

    @property
    def zookeepers(self) -> list[str]:
        """ZooKeeper's servers, `host:port` each."""
        return [host.strip() for host in self.text("serverless.zookeepers.hosts").split(",") if host.strip()]

    @property
    def file_system(self) -> tuple[str, int]:
        """Host and TCP port of `fs.default.name`.

        Raises:
            HadoopError: it is no hdfs URL with a port.
        """
        url = self.text("fs.default.name")
        parts = urlsplit(url)
        try:
            port = parts.port
        except ValueError:
            port = None
        if parts.scheme != "hdfs" or not parts.hostname or port is None:
            raise HadoopError(ILLEGAL, f"fs.default.name is {url}, expected hdfs://<address>:<port>")
        return parts.hostname, port

    @property
    def login(self) -> NdbLogin:
        """How NDB is reached.

        Raises:
            HadoopError: an entry is missing or no number.
        """

        def entry(name: str) -> str:
            value = self.ndb.get(name, "").strip()
            if not value:
                raise HadoopError(ILLEGAL, f"{name} is not set in {NDB}, expected a value: configure it")
            return value

        return NdbLogin(
            entry(f"{_SERVER}.host"),
            _number(f"{_SERVER}.port", entry(f"{_SERVER}.port")),
            entry(f"{_SERVER}.username"),
            entry(f"{_SERVER}.password"),
            entry(f"{_CLUSTERJ}.database"),
            entry(f"{_CLUSTERJ}.connectstring"),
        )


def load(directory: Path, added: Path | None = None) -> Configuration:
    """The configuration in a directory.

    Args:
        added: an hdfs-site.xml whose properties come over those of the directory, where there is such a file.

    Raises:
        HadoopError: a file is missing or cannot be parsed.
    """
    properties = {**parse_xml(_read(directory / CORE), CORE), **parse_xml(_read(directory / SITE), SITE)}
    if added is not None and added.is_file():
        properties |= parse_xml(_read(added), SITE)
    named = Path(properties.get("dfs.storage.driver.configfile") or NDB)
    # In the NameNodes' image it has a place of its own; here it lies beside the others
    path = named if named.is_absolute() and not (directory / named.name).exists() else directory / named.name
    return Configuration(directory, properties, parse_properties(_read(path)))


def parse_xml(text: str, name: str) -> dict[str, str]:
    """Name and value of each property of a Hadoop XML file.

    Raises:
        HadoopError: it is no such file.
    """
    try:
        root = ElementTree.fromstring(text)  # noqa: S314
    except ElementTree.ParseError as error:
        raise HadoopError("java.lang.RuntimeException", f"{name} cannot be parsed: {error}") from error
    if root.tag != "configuration":
        raise HadoopError("java.lang.RuntimeException", f"bad conf file {name}: top-level element not <configuration>")
    found = {}
    for entry in root.iter("property"):
        key = (entry.findtext("name") or "").strip()
        if key:
            found[key] = entry.findtext("value") or ""
    return found


def parse_properties(text: str) -> dict[str, str]:
    """Key and value of each line of a Java properties file; values lose no spaces at their end, as in Java."""
    found = {}
    for line in text.splitlines():
        stripped = line.lstrip()
        if stripped and stripped[0] not in "#!":
            key, _, value = stripped.partition("=")
            found[key.rstrip()] = value.lstrip()
    return found


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise HadoopError(NOT_FOUND, f"{path} ({error.strerror}), expected Hadoop's configuration there") from error


def _number(name: str, value: str) -> int:
    try:
        return int(value)
    except ValueError as error:
        raise HadoopError("java.lang.NumberFormatException", f"{name} is {value!r}, expected a whole number") from error
