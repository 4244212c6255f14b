"""NDB's own programs, compiled from MySQL's sources."""

from __future__ import annotations

import os
import re
from pathlib import Path

from lab import commands
from lab.report import Report

PROGRAMS = ("ndbmtd", "ndb_mgmd", "ndb_mgm", "ndb_waiter")
# Optimised little: that halves the time of the build, and the lab does not measure speed
_FLAGS = "-O1 -g0 -DNDEBUG"
_OPTIONS = {
    "CMAKE_BUILD_TYPE": "None",
    "WITH_NDB": "ON",
    "WITH_NDBCLUSTER": "ON",
    "WITH_NDB_JAVA": "OFF",
    "WITH_NDB_TEST": "OFF",
    "WITH_UNIT_TESTS": "OFF",
    "WITH_ROUTER": "OFF",
    "WITH_MYSQLX": "OFF",
    "WITH_AUTHENTICATION_CLIENT_PLUGINS": "OFF",
    "WITH_AUTHENTICATION_WEBAUTHN": "OFF",
    "WITH_FIDO": "none",
    "WITH_SSL": "system",
    "WITH_ZLIB": "bundled",
}
_STEP = re.compile(r"\[(\d+)/(\d+)\] (.*)")


def percent(line: str) -> tuple[int, str] | None:
    """How far the build is, and its step, by a line of ninja's output; None for other lines."""
    found = _STEP.match(line)
    return (int(found[1]) * 100 // int(found[2]), found[3]) if found else None


def build(source: Path, objects: Path, report: Report) -> list[Path]:
    """Compile the programs; a build that was cut off goes on where it was.

    Args:
        source: MySQL's sources.
        objects: the directory to build in.
        report: called with each step as a detail, and with each tenth of the way.
    """
    objects.mkdir(exist_ok=True)
    report("compiling NDB, which takes 5 minutes on 2 idle cores")
    commands.stream(
        ["cmake", "-S", str(source), "-B", str(objects), "-G", "Ninja", *(f"-D{k}={v}" for k, v in _OPTIONS.items())],
        lambda line: report(line, detail=True),
        f"read the lines above, and {objects}/CMakeFiles/CMakeError.log",
        environment={**os.environ, "CFLAGS": _FLAGS, "CXXFLAGS": _FLAGS},
    )
    tenths: set[int] = set()

    def show(line: str) -> None:
        if step := percent(line):
            tenth = step[0] // 10
            report(f"compiling NDB: {step[0]} % {step[1]}", detail=tenth in tenths)
            tenths.add(tenth)

    commands.stream(["ninja", "-C", str(objects), *PROGRAMS], show, "read the lines above, then run again")
    return [objects / "runtime_output_directory" / program for program in PROGRAMS]
