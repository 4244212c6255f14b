# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The jar of the deployments: its hash, and its base64 in one buffer that every request is sent from."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

# OpenWhisk's own limit of code, text of main class included; the code is sent as base64
CODE_BYTES = 48 * 1024 * 1024
# A multiple of 3, so that the base64 of one block has no padding unless it is the last
_BLOCK = 3 * 256 * 1024
_CODE = re.compile(rb'"code"\s*:\s*"')


@dataclass(frozen=True)
class Jar:
    """A jar on disk: `sha256` in hexadecimal, `size` in bytes."""

    path: Path
    sha256: str
    size: int

    @property
    def encoded_size(self) -> int:
        return encoded_size(self.size)

    def encode(self) -> memoryview:
        """The jar's base64, which takes a third more memory than the jar; the jar itself is never whole in memory.

        Raises:
            ValueError: the jar is not the one that was hashed.
        """
        buffer = bytearray(self.encoded_size)
        position, digest = 0, hashlib.sha256()
        with self.path.open("rb") as stream:
            while block := stream.read(_BLOCK):
                digest.update(block)
                text = base64.b64encode(block)
                if position + len(text) > len(buffer):
                    break
                buffer[position : position + len(text)] = text
                position += len(text)
        if digest.hexdigest() != self.sha256:
            raise ValueError(f"jar {self.path} changed while it was read: run again when it is complete")
        return memoryview(buffer)


def encoded_size(size: int) -> int:
    """Bytes of the base64 of that many bytes."""
    return (size + 2) // 3 * 4


def read_jar(path: Path) -> Jar:
    """Hash the jar.

    Raises:
        ValueError: there is no such file, or it is empty.
    """
    digest, size = hashlib.sha256(), 0
    try:
        with path.open("rb") as stream:
            while block := stream.read(_BLOCK):
                digest.update(block)
                size += len(block)
    except OSError as error:
        raise ValueError(f"jar {path} cannot be read ({error.strerror}), expected a file") from error
    if not size:
        raise ValueError(f"jar {path} is empty, expected a jar")
    return Jar(path, digest.hexdigest(), size)


def sha256_of_code(read: Callable[[int], bytes]) -> str | None:
    """The hash of the file whose base64 is the member `code` of a JSON text, which is read piece by piece.

    Args:
        read: returns that many bytes at most, none at the end.

    Returns:
        The hash in hexadecimal, or None where there is no `code`, or one that is no base64.
    """
    digest = hashlib.sha256()
    pending = b""
    inside = False
    while block := read(_BLOCK):
        pending += block
        if not inside:
            found = _CODE.search(pending)
            if found is None:
                continue
            inside, pending = True, pending[found.end() :]
        text, quote, _rest = pending.partition(b'"')
        whole = len(text) if quote else len(text) // 4 * 4
        try:
            digest.update(base64.b64decode(text[:whole], validate=True))
        except binascii.Error:
            return None
        if quote:
            return digest.hexdigest()
        pending = text[whole:]
    return None
