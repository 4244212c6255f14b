"""The class BasicTest: makes a directory and files, lists and deletes them, in a file system that is empty before."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from lab.hadoop import class_path, links, log
from lab.hadoop.clients import FileSystem, LambdaCaller
from lab.hadoop.errors import HadoopError

DEFAULT_CONFIGURATION = Path(
    "/home/ubuntu/repos/LambdaFS/hadoop-dist/target/hadoop-3.2.0.3-SNAPSHOT/etc/hadoop/hdfs-site.xml"
)
LEAST, MOST = 1, 100
DIRECTORY, FILE = "/basic_test", "/test.txt"


def asked_number(text: str) -> int:
    """The number of files.

    Raises:
        ValueError: it is no whole number from 1 to 100.
    """
    try:
        found = int(text.strip())
    except ValueError:
        found = LEAST - 1
    if not LEAST <= found <= MOST:
        raise ValueError(f"{text.strip()!r} found, expected an integer from {LEAST} to {MOST}")
    return found


def expect(file_system: FileSystem, path: str, number: int) -> bool:
    """List a directory and say whether it has that many entries."""
    entries = file_system.listing(path)
    for entry in entries:
        print(entry["path"])
    print(f'Directory "{path}" contains {len(entries)} entries.')
    if len(entries) == number:
        print(f'[SUCCESS] "{path}" contains {number} entries, as it should.')
        return True
    print(f'[ERROR] The directory "{path}" should contain {number} entries, not {len(entries)}.')
    return False


def work(file_system: FileSystem, files: int) -> None:
    """Make, list and delete.

    Raises:
        HadoopError: an operation failed.
    """
    print(f'Creating directory "{DIRECTORY}" now.')
    file_system.mkdirs(DIRECTORY)
    expect(file_system, "/", 1)
    print(f'Creating file "{FILE}", and {files} files in "{DIRECTORY}".')
    file_system.create(FILE)
    expect(file_system, "/", 2)
    for number in range(files):
        file_system.create(f"{DIRECTORY}/file{number}")
    expect(file_system, DIRECTORY, files)
    print("Deleting all of them.")
    for path in (DIRECTORY, FILE):
        if not file_system.delete(path, recursive=True):
            raise HadoopError("java.io.IOException", f"{path} could not be deleted, expected it to be there")
    expect(file_system, "/", 0)


def main(arguments: Sequence[str]) -> int:
    """Run; returns the exit status: 1 after an operation that failed, 0 after a wrong number of entries."""
    log.set_up()
    if arguments:
        print(f"Unrecognized option: {arguments[0]}")
        return 1
    print(f"How many files ({LEAST}-{MOST})?", flush=True)
    try:
        files = asked_number(sys.stdin.readline())
    except ValueError as error:
        print(f"[ERROR] {error}")
        return 1
    try:
        configuration = class_path.load(DEFAULT_CONFIGURATION)
        links.check(configuration)
        caller = LambdaCaller(configuration)
        try:
            print(f"Invoking {configuration.all_deployments} NameNodes.", flush=True)
            caller.prewarm()
            work(FileSystem(caller), files)
        finally:
            caller.close()
    except HadoopError as error:
        sys.stdout.flush()
        print(f"[ERROR] {error}", flush=True)
        print(f'Exception in thread "main" {log.java_trace(error)}', file=sys.stderr)
        return 1
    print("Exiting.")
    return 0
