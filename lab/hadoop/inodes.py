"""Inodes as HopsFS keeps them in the table hdfs_inodes: paths, partitions and rows, without a database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lab.hadoop.errors import INVALID_PATH, HadoopError

ROOT_ID = 1
ROOT_PARENT_ID = 0
ROOT_PARTITION = 0
FIRST_FREE_ID = 2
# Inodes down to this depth are spread over partitions by name; below it, siblings share their parent's
SPREAD_DEPTH = 1
DIRECTORY_PERMISSION = 0o755
FILE_PERMISSION = 0o644
# 128 MiB blocks and 3 replicas, which no block of the stand-in ever has
_HEADER = (3 << 48) | 134_217_728
COLUMNS = (
    "partition_id",
    "parent_id",
    "name",
    "id",
    "is_dir",
    "permission",
    "user_id",
    "group_id",
    "modification_time",
    "access_time",
    "size",
    "children_num",
    "under_construction",
    "client_name",
    "header",
)
_NAME_BYTES = 255


@dataclass(frozen=True)
class Inode:
    """One row; times are milliseconds since 1970, `size` is bytes."""

    partition_id: int
    parent_id: int
    name: str
    id: int
    is_dir: bool
    permission: int
    user_id: int
    group_id: int
    modification_time: int
    access_time: int = 0
    size: int = 0
    children_num: int = 0
    under_construction: bool = False
    client_name: str | None = None
    header: int = 0

    @property
    def key(self) -> tuple[int, int, str]:
        """The row's primary key."""
        return self.partition_id, self.parent_id, self.name

    def values(self) -> tuple[Any, ...]:
        """The values of `COLUMNS`, and of the columns that have no default."""
        return tuple(getattr(self, name) for name in COLUMNS)


def of_row(row: Sequence[Any]) -> Inode:
    """The inode of a row with the columns of `COLUMNS`."""
    found = dict(zip(COLUMNS, row, strict=True))
    found |= {name: bool(found[name]) for name in ("is_dir", "under_construction")}
    found |= {name: found[name] or 0 for name in ("user_id", "group_id", "access_time", "header")}
    return Inode(**found)


def root(user_id: int, group_id: int, now_ms: int) -> Inode:
    """The root of a file system that was just formatted."""
    return Inode(
        ROOT_PARTITION, ROOT_PARENT_ID, "", ROOT_ID, True, DIRECTORY_PERMISSION, user_id, group_id, now_ms, now_ms
    )


def child(parent: Inode, name: str, depth: int, inode_id: int, now_ms: int, client: str | None) -> Inode:
    """A new entry of a directory: a file being written by a client, or a directory where there is none.

    Args:
        depth: components of the entry's path; 1 or more.
    """
    return Inode(
        partition(parent.id, name, depth),
        parent.id,
        name,
        inode_id,
        client is None,
        DIRECTORY_PERMISSION if client is None else FILE_PERMISSION,
        parent.user_id,
        parent.group_id,
        now_ms,
        now_ms,
        under_construction=client is not None,
        client_name=client,
        header=0 if client is None else _HEADER,
    )


def components(path: str) -> list[str]:
    """The names of an absolute path, none for the root.

    Raises:
        HadoopError: the path is relative, holds `.`, `..` or `:`, or a name is too long.
    """
    names = [name for name in path.split("/") if name]
    if not path.startswith("/") or any(name in (".", "..") or ":" in name for name in names):
        raise HadoopError(INVALID_PATH, f"Invalid path name {path!r}, expected an absolute path without . and ..")
    for name in names:
        if len(name.encode()) > _NAME_BYTES:
            raise HadoopError(INVALID_PATH, f"a name in {path!r} has more than {_NAME_BYTES} bytes")
    return names


def parent_of(path: str) -> str:
    """The directory that a path is in; the root's is the root."""
    return "/" + "/".join(components(path)[:-1])


def java_hash(text: str) -> int:
    """`String.hashCode()` of Java: 32 bits with a sign."""
    value = 0
    units = text.encode("utf-16-be")
    for high, low in zip(units[::2], units[1::2], strict=True):
        value = (31 * value + (high << 8 | low)) & 0xFFFFFFFF
    return value - (1 << 32) if value >> 31 else value


def partition(parent_id: int, name: str, depth: int) -> int:
    """The partition of an inode; `depth` is the number of components of its path."""
    if depth == 0:
        return ROOT_PARTITION
    return java_hash(f"{name}{parent_id}") if depth <= SPREAD_DEPTH else parent_id


def deployment_of(directory: str, deployments: int) -> int:
    """The deployment that a directory's entries belong to: 0 up to `deployments` - 1."""
    return java_hash("/" + "/".join(components(directory))) % deployments


def status(inode: Inode, path: str) -> dict[str, Any]:
    """What clients are told of an inode."""
    return {
        "path": path,
        "fileId": inode.id,
        "isDir": inode.is_dir,
        "length": inode.size,
        "childrenNum": inode.children_num,
        "permission": f"{inode.permission:o}",
        "modificationTime": inode.modification_time,
        "accessTime": inode.access_time,
        "underConstruction": inode.under_construction,
    }
