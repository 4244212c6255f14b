"""Log lines in Hadoop's form, on standard error."""

from __future__ import annotations

import logging
import sys
import traceback

from lab.hadoop.errors import HadoopError


def set_up() -> None:
    """Write log lines to standard error from now on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    logging.getLogger("kazoo").setLevel(logging.ERROR)


def java_trace(error: BaseException) -> str:
    """An exception in the form of a Java stack trace."""
    head = str(error) if isinstance(error, HadoopError) else f"java.lang.RuntimeException: {error!r}"
    frames = traceback.extract_tb(error.__traceback__)
    return "\n".join([head, *(f"\tat {frame.name}({frame.filename}:{frame.lineno})" for frame in reversed(frames))])
