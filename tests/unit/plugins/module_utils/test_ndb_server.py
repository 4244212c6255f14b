"""Where NDB's programs are, and what they lack."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.lambdafs.cluster.plugins.module_utils import ndb_server as server

LDD = """\
	linux-vdso.so.1 (0x00007ffd)
	libaio.so.1 => not found
	libc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f)
"""


def layout(root: Path, method: str = "auto", archive: bool = True) -> server.Layout:
    return server.Layout(method, root / "bin", root / "mysql", root / "archive" if archive else None)


def program(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    return path


def test_auto_takes_what_the_image_has(tmp_path: Path) -> None:
    ndbmtd = program(tmp_path / "bin/ndbmtd")
    mysqld = program(tmp_path / "mysql/bin/mysqld")
    found = server.find_installation(layout(tmp_path), ["ndbmtd", "mysqld"])
    assert (found.method, found.path_of("ndbmtd"), found.path_of("mysqld")) == ("preinstalled", ndbmtd, mysqld)


def test_auto_takes_the_archive_when_the_image_lacks_a_program(tmp_path: Path) -> None:
    program(tmp_path / "bin/ndbmtd")
    found = server.find_installation(layout(tmp_path), ["ndbmtd", "mysqld"])
    assert (found.method, found.path_of("ndbmtd")) == ("archive", tmp_path / "archive/bin/ndbmtd")
    assert not found.has("ndbmtd")


def test_auto_takes_the_packages_otherwise(tmp_path: Path) -> None:
    found = server.find_installation(layout(tmp_path, archive=False), ["ndbmtd"])
    assert (found.method, found.path_of("ndbmtd")) == ("package", Path("/usr/sbin/ndbmtd"))


def test_an_archive_that_is_not_given_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="archive_home is empty"):
        server.find_installation(layout(tmp_path, "archive", archive=False), ["ndbmtd"])


def test_plugins_are_where_the_installation_has_them(tmp_path: Path) -> None:
    found = server.find_installation(layout(tmp_path, "archive"), [])
    assert found.plugin_dir == tmp_path / "archive/lib/plugin"
    (tmp_path / "archive/lib/mysql/plugin").mkdir(parents=True)
    assert found.plugin_dir == tmp_path / "archive/lib/mysql/plugin"


def test_libraries_that_are_not_found_are_named() -> None:
    assert server.missing_libraries(LDD) == ["libaio.so.1"]


def test_scripts_are_no_binaries(tmp_path: Path) -> None:
    (tmp_path / "script").write_bytes(b"#!/bin/sh\n")
    (tmp_path / "elf").write_bytes(b"\x7fELF\x02")
    assert not server.is_binary(tmp_path / "script")
    assert server.is_binary(tmp_path / "elf")


@pytest.mark.parametrize(
    ("text", "running"), [("LoadState=loaded\nActiveState=active\nMainPID=7\n", True), ("LoadState=not-found\n", False)]
)
def test_a_unit_that_does_not_run_needs_no_restart(
    text: str, running: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "RUN_DIR", tmp_path)
    file = tmp_path / "my.cnf"
    file.write_text("port = 1\n", encoding="ascii")
    found = server.describe_unit("ndb-sql.service", [file], lambda _unit: text)
    assert found == {"loaded": running, "running": running, "restart_reasons": ["my.cnf changed"] if running else []}
