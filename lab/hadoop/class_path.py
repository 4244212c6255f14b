"""Hadoop's configuration as a Java program finds it: in a given file, or on its class path."""

from __future__ import annotations

import os
from pathlib import Path

from lab.hadoop import configuration
from lab.hadoop.configuration import Configuration
from lab.hadoop.errors import NOT_FOUND, HadoopError


def load(preferred: Path) -> Configuration:
    """The configuration beside a preferred hdfs-site.xml, else that of the first directory on the class path with one.

    Raises:
        HadoopError: there is none, or it cannot be used.
    """
    return configuration.load(directory(preferred, os.environ.get("CLASSPATH", "")))


def directory(preferred: Path, class_path: str) -> Path:
    """The directory of the configuration.

    Raises:
        HadoopError: there is none.
    """
    if preferred.is_file():
        return preferred.parent
    for entry in map(Path, filter(None, class_path.split(os.pathsep))):
        if (entry / configuration.SITE).is_file():
            return entry
    raise HadoopError(
        NOT_FOUND,
        f"{preferred} (No such file or directory), and no {configuration.SITE} on the class path {class_path}",
    )
