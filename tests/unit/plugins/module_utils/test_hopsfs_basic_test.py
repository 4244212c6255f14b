from __future__ import annotations

import sys
from pathlib import Path

import pytest
from ansible_collections.lambdafs.cluster.plugins.module_utils.hopsfs_basic_test import Verdict, class_path, judge
from ansible_collections.lambdafs.cluster.plugins.module_utils.logged_program import CannotStart, Ran
from ansible_collections.lambdafs.cluster.plugins.modules import hopsfs_basic_test

from tests.ndb.modules import run_module

GOOD = "[SUCCESS] Everything appears to be working!"
BAD = "[ERROR] The directory should contain 1 file, not 2."


def program(path: Path, code: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!{sys.executable}\n{code}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def test_successes_are_counted() -> None:
    assert judge(Ran(0, False, ("x", GOOD, "", GOOD))) == Verdict(2)


def test_the_first_error_is_shown_with_the_lines_around_it() -> None:
    lines = ("a", "b", "c", "", 'Directory "/" contains 2 files.', BAD, "Something is going wrong!", "d", "e", "f", BAD)
    verdict = judge(Ran(0, False, (GOOD, *lines)))
    assert verdict.successes == 1
    assert verdict.problem == (
        '2 checks say [ERROR], around the first: c | Directory "/" contains 2 files. | '
        f"{BAD} | Something is going wrong! | d | e"
    )


@pytest.mark.parametrize(
    ("ran", "said"),
    [
        (
            Ran(1, False, (GOOD, "Error while deleting")),
            "it ended with exit code 1 after 1 successes, its last lines: ",
        ),
        (Ran(-9, True, ()), "it did not end in time after 0 successes, its last lines: none"),
        (Ran(0, False, ("bye",)), "it ended without a line with [SUCCESS], its last lines: bye"),
    ],
)
def test_another_end_is_no_success(ran: Ran, said: str) -> None:
    assert judge(ran).problem.startswith(said)


def test_the_class_path_is_the_distributions(tmp_path: Path) -> None:
    hdfs = program(tmp_path / "hdfs", "import os, sys; print('WARN x'); print(os.environ['A'], *sys.argv[1:])")
    assert class_path(str(hdfs), {"A": "/lib/*"}) == "/lib/* classpath"


def test_a_distribution_without_class_path_is_told(tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match="hdfs classpath cannot be run"):
        class_path(str(tmp_path / "hdfs"), {})
    hdfs = program(tmp_path / "hdfs", "import sys; sys.exit('JAVA_HOME is not set')")
    with pytest.raises(CannotStart, match="exit code 1, JAVA_HOME is not set, expected a path"):
        class_path(str(hdfs), {})


def arguments(tmp_path: Path, test: str) -> dict[str, object]:
    program(tmp_path / "home/bin/hdfs", "print('/lib/*')")
    java = program(tmp_path / "java", test)
    return {
        "jar": "/t.jar",
        "hadoop_home": str(tmp_path / "home"),
        "conf_dir": "/conf",
        "java": str(java),
        "log_dir": str(tmp_path),
        "timeout": 60,
    }


def test_the_module_gives_the_test_its_class_path_and_the_number_of_files(tmp_path: Path) -> None:
    test = f"import sys; print(*sys.argv[1:]); print(input()); print({GOOD!r})"
    found = run_module(hopsfs_basic_test, **arguments(tmp_path, test), files=7)
    assert found["successes"] == 1
    assert found["output"][:2] == ["-cp /conf:/t.jar:/lib/* com.gmail.benrcarver.distributed.BasicTest", "7"]
    assert Path(found["log"]).read_text(encoding="utf-8").splitlines() == found["output"]


def test_the_module_fails_with_the_error(tmp_path: Path) -> None:
    found = run_module(hopsfs_basic_test, **arguments(tmp_path, f"print({BAD!r})"))
    assert found["failed"]
    assert found["msg"].startswith(f"BasicTest: 1 checks say [ERROR], around the first: {BAD}; expected [SUCCESS]")


def test_nothing_is_run_in_check_mode(tmp_path: Path) -> None:
    found = run_module(hopsfs_basic_test, **arguments(tmp_path, "raise"), _ansible_check_mode=True)
    assert (found["changed"], found["successes"], found["log"]) == (False, 0, "")
    assert list(tmp_path.glob("*.log")) == []


def test_a_number_of_files_that_the_test_would_ask_again_for_is_refused(tmp_path: Path) -> None:
    found = run_module(hopsfs_basic_test, **arguments(tmp_path, ""), files=101)
    assert found["msg"] == "files is 101, expected 1 to 100: give another number"
