"""Hadoop's configuration as a Java program finds it: on its class path, and in a file that it adds itself."""

from __future__ import annotations

import os
from pathlib import Path

from lab.hadoop import configuration
from lab.hadoop.configuration import Configuration
from lab.hadoop.errors import NOT_FOUND, HadoopError


def load(added: Path) -> Configuration:
    """The configuration of the first directory on the class path with one, and over it an hdfs-site.xml that is added.

    Raises:
        HadoopError: there is none, or it cannot be used.
    """
    return configuration.load(directory(added, os.environ.get("CLASSPATH", "")), added)


def directory(added: Path, class_path: str) -> Path:
    """The directory of the configuration: on the class path, else that of the added file.

    Raises:
        HadoopError: there is none.
    """
    for entry in map(Path, filter(None, class_path.split(os.pathsep))):
        if (entry / configuration.SITE).is_file():
            return entry
    if added.is_file():
        return added.parent
    raise HadoopError(
        NOT_FOUND,
        f"{added} (No such file or directory), and no {configuration.SITE} on the class path {class_path}",
    )
