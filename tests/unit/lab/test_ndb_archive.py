"""NDB's archive: names, versions, and what is read of other programs' output."""

from __future__ import annotations

from pathlib import Path

import pytest

from lab import ndb_archive, ndb_bundle, ndb_debian, ndb_programs
from lab.errors import LabError

READELF = """
Dynamic section at offset 0x2d88 contains 28 entries:
 0x0000000000000001 (NEEDED)             Shared library: [libicuuc.so.78]
 0x0000000000000001 (NEEDED)             Shared library: [libc.so.6]
 0x000000000000000c (INIT)               0x1000
"""


def test_the_newest_version_that_was_built_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ndb_archive, "cache_root", lambda: tmp_path)
    assert ndb_archive.cached() is None
    for version in ("9.7.4", "9.7.10", "9.6.0"):
        (tmp_path / ndb_archive.archive_name(version)).touch()
    assert ndb_archive.cached() == tmp_path / "mysql-cluster-9.7.10-linux-x86_64.tar.gz"


def test_nothing_is_built_when_there_is_an_archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ndb_archive, "cache_root", lambda: tmp_path)
    archive = tmp_path / ndb_archive.archive_name("9.7.4")
    archive.touch()
    steps: list[str] = []
    assert ndb_archive.ensure(lambda line, detail=False: steps.append(line)) == archive
    assert steps == []


def test_the_libraries_that_a_file_needs_are_read() -> None:
    assert ndb_bundle.needed(READELF) == ["libicuuc.so.78", "libc.so.6"]


def test_the_sources_tell_their_version(tmp_path: Path) -> None:
    text = "MYSQL_VERSION_MAJOR=9\nMYSQL_VERSION_MINOR=7\nMYSQL_VERSION_PATCH=4\nMYSQL_VERSION_EXTRA=\n"
    (tmp_path / "MYSQL_VERSION").write_text(text, encoding="ascii")
    assert ndb_debian.source_version(tmp_path) == "9.7.4"


def test_sources_without_a_version_are_an_error(tmp_path: Path) -> None:
    (tmp_path / "MYSQL_VERSION").write_text("MYSQL_VERSION_MAJOR=9\n", encoding="ascii")
    with pytest.raises(LabError, match="names 1 numbers of a version, expected 3"):
        ndb_debian.source_version(tmp_path)


def test_the_way_of_the_build_is_read() -> None:
    assert ndb_programs.percent("[322/645] Building CXX object a.o") == (49, "Building CXX object a.o")
    assert ndb_programs.percent("ninja: no work to do.") is None
