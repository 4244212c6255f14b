"""`hdfs namenode -format`: as with HopsFS, what is in NDB is removed without a question."""

from __future__ import annotations

import logging
import uuid
from pathlib import Path

from lab.hadoop import configuration
from lab.hadoop.database import Database
from lab.hadoop.errors import STORAGE, HadoopError
from lab.hadoop.log import java_trace
from lab.hadoop.namespace import Namespace

_log = logging.getLogger("namenode.NameNode")
_exit_log = logging.getLogger("util.ExitUtil")


def run(directory: Path) -> int:
    """Format; returns the exit status.

    The status tells of a configuration that cannot be used. A failure of the storage is in the output only.
    """
    _log.info("STARTUP_MSG: Starting NameNode (stand-in) with [-format]")
    try:
        loaded = configuration.load(directory)
        login = loaded.login
        database = Database(login)
        try:
            identity = f"CID-{uuid.uuid4()}"
            _log.info("Formatting using clusterid: %s", identity)
            removed = Namespace(database).format(identity)
        finally:
            database.close()
    except HadoopError as error:
        _log.error("Failed to start namenode.\n%s", java_trace(error))
        status = 0 if error.java_class == STORAGE else 1
        _exit_log.info("Exiting with status %s", status)
        return status
    _log.info("%s inodes were removed from %s", removed, login.database)
    _log.info("The root inode was written to %s", login.database)
    _exit_log.info("Exiting with status 0")
    return 0
