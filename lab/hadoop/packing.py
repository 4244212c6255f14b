"""Archives whose bytes depend on their content alone."""

from __future__ import annotations

import gzip
import hashlib
import io
import tarfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lab.files import write_atomically

_SECONDS = 1_767_225_600
_ZIP_TIME = (2026, 1, 1, 0, 0, 0)
_LEVEL = 6


@dataclass(frozen=True)
class Entry:
    """A file of an archive."""

    content: bytes
    is_program: bool = False

    @property
    def mode(self) -> int:
        return 0o755 if self.is_program else 0o644


def jar(files: Mapping[str, bytes]) -> bytes:
    """A jar with these files."""
    manifest = {"META-INF/MANIFEST.MF": b"Manifest-Version: 1.0\r\nCreated-By: the lab\r\n\r\n"}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as packed:
        for name, content in sorted((manifest | dict(files)).items()):
            info = zipfile.ZipInfo(name, _ZIP_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            packed.writestr(info, content)
    return buffer.getvalue()


def tarball(top: str, files: Mapping[str, Entry]) -> bytes:
    """A gzip-compressed tar with one top directory."""
    buffer = io.BytesIO()
    with (
        gzip.GzipFile(filename="", mode="wb", fileobj=buffer, compresslevel=_LEVEL, mtime=_SECONDS) as compressed,
        tarfile.open(fileobj=compressed, mode="w", format=tarfile.PAX_FORMAT) as packed,
    ):
        for directory in sorted({str(parent) for name in files for parent in Path(top, name).parents} - {"."}):
            packed.addfile(_info(directory, 0o755, tarfile.DIRTYPE))
        for name, entry in sorted(files.items()):
            info = _info(f"{top}/{name}", entry.mode, tarfile.REGTYPE)
            info.size = len(entry.content)
            packed.addfile(info, io.BytesIO(entry.content))
    return buffer.getvalue()


def _info(name: str, mode: int, kind: bytes) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.mode, info.mtime = kind, mode, _SECONDS
    info.uname = info.gname = "root"
    return info


def checksum_file(path: Path) -> Path:
    """The file that holds an archive's SHA-256, in 64 digits."""
    return path.with_name(f"{path.name}.sha256")


def write(path: Path, content: bytes) -> bool:
    """Write an archive and its checksum where they are not there already; returns whether they were not."""
    digest = hashlib.sha256(content).hexdigest()
    if _holds(path, digest):
        return False
    partial = path.with_name(f".{path.name}.partial")
    partial.write_bytes(content)
    write_atomically(checksum_file(path), digest, mode=0o644)
    partial.replace(path)
    return True


def _holds(path: Path, digest: str) -> bool:
    """Whether an archive and its checksum are there and fit."""
    try:
        noted = checksum_file(path).read_text(encoding="utf-8")
        return noted == digest == hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return False
