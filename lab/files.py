"""Files that are either whole or absent, and locks that die with their holder."""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def write_atomically(path: Path, text: str, mode: int = 0o600) -> None:
    """Replace `path` by a file that holds `text` (UTF-8) and has the given permission bits."""
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(text)
            os.fchmod(stream.fileno(), mode)
        temporary.replace(path)
    except BaseException:
        temporary.unlink()
        raise


@contextmanager
def exclusive(directory: Path) -> Iterator[int]:
    """Hold the lock on a directory, made if absent (0700); waits for another holder.

    The directory itself is locked, so that no lock file is left behind. A holder that removed
    the directory has removed the lock too: then it is made and locked anew.

    Yields:
        The descriptor that holds the lock; a child that inherits it holds the lock as well until it closes it.
    """
    while True:
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            if _is_still(descriptor, directory):
                yield descriptor
                return
        finally:
            os.close(descriptor)


def _is_still(descriptor: int, directory: Path) -> bool:
    """Whether the open directory is the one that its path names now."""
    try:
        return os.path.samestat(os.fstat(descriptor), directory.stat())
    except FileNotFoundError:
        return False
