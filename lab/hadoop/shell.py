"""`hdfs dfs`: -ls, -mkdir, -touchz, -put, -rm, -test."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

from lab.hadoop.clients import FileSystem
from lab.hadoop.errors import HadoopError

COMMANDS = ("-ls", "-mkdir", "-touchz", "-put", "-rm", "-test")


class _Options(argparse.ArgumentParser):
    """A parser that raises where it cannot go on."""

    def error(self, message: str) -> NoReturn:
        raise ValueError(f"{self.prog}: {message}")


def parse(words: Sequence[str]) -> tuple[str, argparse.Namespace]:
    """The command and its options and paths.

    Raises:
        ValueError: there is no such command, or not with these words.
    """
    if not words or words[0] not in COMMANDS:
        raise ValueError(f"{words[0] if words else 'nothing'}: Unknown command, expected one of {', '.join(COMMANDS)}")
    options = _Options(prog=f"hdfs dfs {words[0]}", add_help=False)
    for name in {"-mkdir": "p", "-rm": "rf", "-test": "ed"}.get(words[0], ""):
        options.add_argument(f"-{name}", action="store_true")
    if words[0] == "-rm":
        options.add_argument("-skipTrash", action="store_true")
    options.add_argument("paths", nargs="+")
    return words[0], options.parse_args(["/"] if list(words) == ["-ls"] else list(words[1:]))


def line_of(entry: dict[str, Any]) -> str:
    """An entry as `-ls` shows it."""
    bits = int(entry["permission"], 8)
    shown = "".join(
        letter if bits >> shift & 1 else "-" for shift, letter in zip(range(8, -1, -1), "rwx" * 3, strict=True)
    )
    when = datetime.fromtimestamp(entry["modificationTime"] / 1000, UTC)
    kind, replicas = ("d", "-") if entry["isDir"] else ("-", "3")
    return f"{kind}{shown} {replicas:>3} root supergroup {entry['length']:>10} {when:%Y-%m-%d %H:%M} {entry['path']}"


def run(file_system: FileSystem, words: Sequence[str]) -> int:
    """Run one command; returns the exit status."""
    try:
        command, options = parse(words)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 255
    try:
        return _run(file_system, command, options)
    except HadoopError as error:
        print(f"{command.lstrip('-')}: {error.message}", file=sys.stderr)
        return 1


def _run(file_system: FileSystem, command: str, options: argparse.Namespace) -> int:
    if command == "-ls":
        for path in options.paths:
            entries = file_system.listing(path)
            print(f"Found {len(entries)} items")
            print("\n".join(map(line_of, entries)), end="\n" if entries else "")
    elif command == "-mkdir":
        for path in options.paths:
            if file_system.status(path) and not options.p:
                print(f"mkdir: `{path}': File exists", file=sys.stderr)
                return 1
            file_system.mkdirs(path)
    elif command == "-test":
        found = file_system.status(options.paths[0])
        return 0 if found and (found["isDir"] or not options.d) else 1
    elif command == "-rm":
        return _remove(file_system, options)
    else:
        return _write(file_system, command, options.paths)
    return 0


def _remove(file_system: FileSystem, options: argparse.Namespace) -> int:
    status = 0
    for path in options.paths:
        if file_system.delete(path, options.r):
            print(f"Deleted {path}")
        elif not options.f:
            print(f"rm: `{path}': No such file or directory", file=sys.stderr)
            status = 1
    return status


def _write(file_system: FileSystem, command: str, paths: Sequence[str]) -> int:
    """Files without content: of the names given, or of local files."""
    if command == "-touchz":
        for path in paths:
            file_system.create(path)
        return 0
    *local, target = paths
    found = file_system.status(target)
    for name in map(Path, local):
        if not name.is_file():
            print(f"put: `{name}': No such file or directory", file=sys.stderr)
            return 1
        file_system.create(f"{target.rstrip('/')}/{name.name}" if found and found["isDir"] else target)
    return 0
