"""The menu of the benchmarking utility."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from lab.hadoop import benchmark_menu as menu
from lab.hadoop import interactive_test


def answers(*given: str) -> Callable[[str], str]:
    left = list(given)
    return lambda question: left.pop(0)


def test_numbers_are_checked_and_kept_small() -> None:
    assert menu.number(" 3 ", 4) == 3
    assert menu.number("3072", 8) == 8
    for text in ("0", "-1", "many", ""):
        with pytest.raises(ValueError, match="Invalid argument specified"):
            menu.number(text, 8)


def test_directories_come_as_a_list_or_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "paths").write_text("/a\n\n/b\n", encoding="utf-8")
    assert menu.ask_directories(answers("1", "/a, /b")) == ["/a", "/b"]
    assert menu.ask_directories(answers("2", str(tmp_path / "paths"))) == ["/a", "/b"]
    with pytest.raises(ValueError, match="Could not find file"):
        menu.ask_directories(answers("2", "/nowhere"))


def test_entries_of_all_threads_differ() -> None:
    plan = menu.entries(["/a/", "/b"], "create", 2, 3, "mark")
    paths = [path for work in plan for _, path in work]
    assert len(set(paths)) == 6
    assert {path.rsplit("/", 1)[0] for path in paths} == {"/a", "/b"}


def test_visits_go_round_the_paths() -> None:
    plan = menu.visits(["/a", "/b"], "stat", 1, 3, shuffled=False)
    assert plan == [[("stat", "/a"), ("stat", "/b"), ("stat", "/a")]]


def test_a_subtree_has_parents_before_their_children() -> None:
    found = list(menu.subtree("/r", 2, 2))
    assert found == ["/r", "/r/dir0", "/r/dir0/dir0", "/r/dir0/dir1", "/r/dir1", "/r/dir1/dir0", "/r/dir1/dir1"]
    assert list(menu.subtree("/", 1, 1)) == ["/", "/dir0"]


@pytest.mark.parametrize(
    ("name", "operation"),
    [("interleaved.create.files.percentage", "create"), ("interleaved.ls.dirs.percentage", "list")],
)
def test_the_mixture_is_of_what_has_a_share(name: str, operation: str) -> None:
    done = menu.mixture({name: "100"}, 5, "mark")
    assert done[:2] == [("mkdirs", "/random_workload/mark"), ("create", "/random_workload/mark/file")]
    assert {drawn for drawn, _ in done[2:]} == {operation}
    with pytest.raises(ValueError, match="all percentages are 0"):
        menu.mixture({}, 5, "mark")


def test_a_workload_file_is_read_as_java_properties(tmp_path: Path) -> None:
    (tmp_path / "w").write_text("# by hand\na.b: 1.5\nc=2\n", encoding="utf-8")
    assert menu.properties_of(str(tmp_path / "w")) == {"a.b": "1.5", "c": "2"}


def test_config_yaml_is_read_as_far_as_it_is_needed() -> None:
    text = "# x\nnamenodeEndpoint: hdfs://10.0.0.1:9000/\nhdfsConfigFile: '/etc/h.xml'\nfollowers:\n- ip: 10.0.0.2\n"
    found = interactive_test.read_config(text)
    assert (found["namenodeEndpoint"], found["hdfsConfigFile"]) == ("hdfs://10.0.0.1:9000/", "/etc/h.xml")
