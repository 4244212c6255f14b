"""Errors as Hadoop shows them: the name of a Java class and a text."""

from __future__ import annotations

STORAGE = "io.hops.exception.StorageException"
IO = "java.io.IOException"
NOT_FOUND = "java.io.FileNotFoundException"
ILLEGAL = "java.lang.IllegalArgumentException"
CONNECT = "java.net.ConnectException"
EXISTS = "org.apache.hadoop.fs.FileAlreadyExistsException"
INVALID_PATH = "org.apache.hadoop.fs.InvalidPathException"
NOT_EMPTY = "org.apache.hadoop.fs.PathIsNotEmptyDirectoryException"
NO_PARENT = "org.apache.hadoop.fs.ParentNotDirectoryException"
ZOOKEEPER = "org.apache.zookeeper.KeeperException"
REMOTE = "org.apache.hadoop.ipc.RemoteException"


class HadoopError(Exception):
    """A failure of the file system.

    Attributes:
        java_class: full name of the exception's class in Java.
        message: what was found and what was expected, in one line.
    """

    def __init__(self, java_class: str, message: str) -> None:
        super().__init__(f"{java_class}: {message}")
        self.java_class = java_class
        self.message = message
