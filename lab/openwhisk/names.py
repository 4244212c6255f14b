"""Names of entities, and the paths that they make."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lab.openwhisk.errors import malformed

_NAME = re.compile(r"([\w]|[\w][\w@ .&-]{0,254}[\w@.&-])", re.ASCII)
DEFAULT_PACKAGE = "default"


@dataclass(frozen=True)
class EntityName:
    """An action or a package (then `package` is empty) of a namespace."""

    namespace: str
    package: str
    name: str

    @property
    def namespace_path(self) -> str:
        """The member `namespace` of its JSON."""
        return f"{self.namespace}/{self.package}" if self.package else self.namespace

    @property
    def full(self) -> str:
        return f"{self.namespace_path}/{self.name}"


def checked(name: str) -> str:
    """The name itself.

    Raises:
        ApiError: 400, it is none.
    """
    if not _NAME.fullmatch(name):
        raise malformed(f"name {name!r} has characters that are not allowed, or more than 256 of them")
    return name


def entity(namespace: str, *path: str) -> EntityName:
    """The entity that `[package/]name` names in the namespace; the package `default` is no package.

    Raises:
        ApiError: 400, a part of it is no name.
    """
    package, name = path if len(path) == 2 else ("", path[0])
    if package == DEFAULT_PACKAGE:
        package = ""
    if package:
        checked(package)
    return EntityName(namespace, package, checked(name))
