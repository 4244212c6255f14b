"""Formatting: what decides, what its output tells, and that one process does it at a time."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from ansible_collections.lambdafs.cluster.plugins.module_utils.hopsfs_format import (
    FormatFailed,
    Refused,
    describe,
    error_lines,
    held_file,
    is_needed,
    judge,
)
from ansible_collections.lambdafs.cluster.plugins.module_utils.hopsfs_namespace import (
    Namespace,
    as_result,
    missing_tables,
    namespace_of,
)
from ansible_collections.lambdafs.cluster.plugins.module_utils.logged_program import Ran

EMPTY = Namespace("d")
STORED = Namespace("d", storage_id="CID-1")
USED = Namespace("d", root=True, inodes=9, entries=2, storage_id="CID-1")
ROOT_ALONE = Namespace("d", root=True, inodes=1)
CUT_OFF = Namespace("d", unfinished="vm process 7")
CUT_OFF_ROOT = Namespace("d", root=True, inodes=1, unfinished="vm process 7")
CUT_OFF_USED = Namespace("d", root=True, inodes=9, storage_id="CID-1", unfinished="vm process 7")
ROOTLESS = Namespace("d", inodes=4)
# What ArrayVariable writes: type, length, value
STORAGE = b"\x14\xff\xff\xff\xc4\x14\x00\x00\x00\x00\x16\x28CID-5f0c1c1e-9d0a-4f5e-8f62-0d2f0b0c6c1a\x15\x00"


@pytest.mark.parametrize("namespace", [STORED, USED, ROOT_ALONE])
def test_what_is_formatted_stays(namespace: Namespace) -> None:
    assert namespace.formatted
    assert is_needed(namespace, False, "") is False
    assert is_needed(namespace, False, "HopsFS") is False


@pytest.mark.parametrize("namespace", [EMPTY, CUT_OFF, CUT_OFF_ROOT])
@pytest.mark.parametrize("other", ["", "HopsFS"])
def test_what_holds_nothing_is_formatted_for_one_system_or_two(namespace: Namespace, other: str) -> None:
    assert is_needed(namespace, False, other) is True


@pytest.mark.parametrize("namespace", [STORED, USED, ROOT_ALONE, CUT_OFF_USED, ROOTLESS])
def test_a_confirmed_format_is_done_unless_another_system_uses_the_database(namespace: Namespace) -> None:
    assert is_needed(namespace, True, "") is True
    with pytest.raises(Refused, match=r"database d is used by HopsFS, too, and holds \d inodes, expected"):
        is_needed(namespace, True, "HopsFS")


@pytest.mark.parametrize(
    ("namespace", "found"),
    [
        (
            CUT_OFF_USED,
            "holds 9 inodes and a format that vm process 7 began .* delete row 2 of d.lambdafs_schema_lock;",
        ),
        (ROOTLESS, "4 inodes and neither a root .* with the cluster's name; nothing"),
    ],
)
def test_inodes_that_no_format_accounts_for_are_not_erased(namespace: Namespace, found: str) -> None:
    with pytest.raises(Refused, match=found):
        is_needed(namespace, False, "")


def test_a_database_without_schema_is_refused() -> None:
    missing = missing_tables(["hdfs_inodes", "other"])
    assert missing == ("hdfs_variables", "lambdafs_schema_lock")
    with pytest.raises(Refused, match="database d lacks hdfs_variables, lambdafs_schema_lock, expected the metadata"):
        is_needed(Namespace("d", missing), True, "")


def test_the_state_is_read_from_one_row() -> None:
    found = namespace_of("d", (9, 2, 1, STORAGE, None))
    assert found == Namespace("d", (), True, 9, 2, "CID-5f0c1c1e-9d0a-4f5e-8f62-0d2f0b0c6c1a", "")
    assert found.beyond_root == 8
    assert as_result(found)["formatted"] is True


@pytest.mark.parametrize("storage", [None, b"", b"\x14\x00\x00\x00\x00"])
def test_a_default_variable_is_no_id(storage: bytes | None) -> None:
    assert not namespace_of("d", (0, 0, 0, storage, "somebody")).formatted


@pytest.mark.parametrize(
    "line",
    [
        "2022-01-01 00:00:00,000 ERROR namenode.NameNode: Failed to start namenode.",
        "2022-01-01 00:00:00,000 FATAL namenode.NameNode: Exception in namenode join",
        "java.lang.RuntimeException: Access denied for user 'hops'@'10.0.0.9'",
        "Caused by: io.hops.exception.StorageException: no contact",
        'Exception in thread "main" java.lang.NoClassDefFoundError: com/mysql/clusterj/Session',
        "Error: Could not find or load main class org.apache.hadoop.hdfs.server.namenode.NameNode",
        "java.lang.UnsatisfiedLinkError",
    ],
)
def test_errors_are_found_in_the_output(line: str) -> None:
    assert error_lines(["INFO fine", line, "\tat java.lang.Thread.run(Thread.java:748)"]) == [line]


@pytest.mark.parametrize(
    "line",
    [
        "2022-01-01 00:00:00,000 INFO namenode.NameNode: registered UNIX signal handlers for [TERM, HUP, INT]",
        "STARTUP_MSG:   classpath = /opt/hadoop/share/error-lib/ErrorHandler.jar:/opt/ERROR.jar",
        "2022-01-01 00:00:00,000 WARN common.Util: Path should be specified as a URI",
        "2022-01-01 00:00:00,000 INFO util.ExitUtil: Exiting with status 0",
        "ERROR StatusLogger No Log4j 2 configuration file found. Using default configuration",
    ],
)
def test_ordinary_lines_are_no_errors(line: str) -> None:
    assert error_lines([line]) == []


def test_lines_that_are_known_not_to_matter_are_left_out() -> None:
    lines = ["x ERROR known thing", "x ERROR other"]
    assert error_lines(lines, ["known .*", "nothing"]) == ["x ERROR other"]
    judge(Ran(0, False, (lines[0],)), STORED, "/log", ["known"])


def test_a_good_run_is_not_complained_about() -> None:
    judge(Ran(0, False, ("INFO done",)), STORED, "/log")


@pytest.mark.parametrize(
    ("ran", "after", "said"),
    [
        (Ran(0, False, ("x ERROR no contact",)), STORED, r"its output holds 1 error lines \(x ERROR no contact\)"),
        (Ran(1, False, ()), STORED, "it ended with exit code 1"),
        (Ran(-9, True, ()), STORED, "it did not end in time"),
        (Ran(0, False, ()), EMPTY, "database d holds neither a root inode nor the id"),
    ],
)
def test_each_sign_of_failure_is_told_with_the_log(ran: Ran, after: Namespace, said: str) -> None:
    with pytest.raises(FormatFailed, match=f"{said}.*read /log, mend the cause"):
        judge(ran, after, "/log")


def test_a_diff_tells_state_and_inodes() -> None:
    assert describe(EMPTY) == "database d: not formatted, 0 inodes\n"
    assert describe(USED) == "database d: formatted, 9 inodes\n"


def test_a_lock_is_refused_while_another_holds_it(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with held_file(path, 0), pytest.raises(Refused, match="is held by another format for 0 s"), held_file(path, 0):
        pass
    with held_file(path, 0) as descriptor:
        assert descriptor > 0


def test_a_program_that_outlives_the_run_goes_on_to_hold_the_lock(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with held_file(path, 0) as descriptor:
        program = subprocess.Popen(
            [sys.executable, "-c", "input()"], stdin=subprocess.PIPE, pass_fds=[descriptor], text=True
        )
    with pytest.raises(Refused), held_file(path, 0.1):
        pass
    waiter = threading.Timer(0.1, program.communicate, ["\n"])
    waiter.start()
    with held_file(path, 30):
        waiter.join()
        assert program.returncode == 0
