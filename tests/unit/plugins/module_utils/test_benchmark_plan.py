"""Named benchmarks: menu numbers, answers, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.lambdafs.cluster.plugins.module_utils import benchmark_plan as plans

from tests.unit.plugins.module_utils.test_benchmark_config import defaults

# The menu as upstream's documentation of the paper's experiments numbers it
MENU = {
    "write": 17,
    "reads_v2": 20,
    "file_stat": 21,
    "list_dirs": 23,
    "stat": 24,
    "mkdir": 25,
    "random_workload": 26,
    "prewarm": 10,
    "create_subtree": 8,
    "write_files_to_dirs": 14,
}


def settings(**changes: Any) -> dict[str, Any]:
    return {**defaults(), "threads": 2, "operations": 3, "trials": 4, **changes}


def test_every_benchmark_has_its_number() -> None:
    assert {name: benchmark.number for name, benchmark in plans.BENCHMARKS.items()} == MENU


@pytest.mark.parametrize(
    ("name", "system", "changes", "answers"),
    [
        ("write", "lambdafs", {}, ["3", "1", "/benchmark", "2", "3", "4"]),
        ("write", "hopsfs", {}, ["3", "1", "/benchmark", "2", "3", "4", "y"]),
        ("write", "lambdafs", {"paths_file": "/p"}, ["3", "2", "/p", "2", "3", "4"]),
        ("reads_v2", "lambdafs", {"paths_file": "/p"}, ["2", "3", "/p", "y", "4"]),
        ("list_dirs", "hopsfs", {"paths_file": "/p", "shuffle": False}, ["2", "3", "/p", "n", "4"]),
        ("stat", "lambdafs", {"paths_file": "/p"}, ["2", "3", "/p", "y", "4"]),
        ("file_stat", "lambdafs", {"paths_file": "/p"}, ["/p", "3", "2"]),
        (
            "mkdir",
            "lambdafs",
            {"spread": "different", "directories": ["/a", "/b"]},
            ["2", "1", "/a,/b", "2", "3", "4", "y"],
        ),
        ("random_workload", "hopsfs", {}, ["./workload.yaml"]),
        ("prewarm", "lambdafs", {}, ["2", "3"]),
        ("create_subtree", "hopsfs", {}, ["/benchmark", "3", "4", "y"]),
        ("write_files_to_dirs", "lambdafs", {"directories": ["/a"]}, ["1", "/a", "2", "3"]),
    ],
)
def test_answers_in_the_order_of_the_questions(
    name: str, system: str, changes: dict[str, Any], answers: list[str]
) -> None:
    assert plans.benchmark_problems(name, system, settings(**changes)) == []
    assert plans.benchmark_plan(name, system, settings(**changes))["answers"] == answers


def test_a_benchmark_with_trials_has_a_throughput() -> None:
    done = {name: plans.benchmark_plan(name, "lambdafs", settings())["done"] for name in plans.BENCHMARKS}
    assert {name for name, text in done.items() if text == "[THROUGHPUT]"} == {
        "write",
        "reads_v2",
        "list_dirs",
        "stat",
        "mkdir",
    }


@pytest.mark.parametrize(
    ("name", "system", "changes", "message"),
    [
        ("", "lambdafs", {}, "benchmark_name is '', expected one of write, reads_v2"),
        ("writes", "lambdafs", {}, "benchmark_name is 'writes', expected one of"),
        ("prewarm", "hopsfs", {}, "benchmark_name is 'prewarm', expected one of write, reads_v2, list_dirs"),
        ("write", "hdfs", {}, "benchmark_system is 'hdfs', expected lambdafs or hopsfs"),
        ("write", "lambdafs", {"threads": 0}, "benchmark_threads is 0, expected a whole number of 1 or more"),
        ("write", "lambdafs", {"trials": "many"}, "benchmark_trials is 'many'"),
        ("write", "lambdafs", {"heap_gib": True}, "benchmark_heap_gib is True"),
        ("write", "lambdafs", {"spread": "all"}, "benchmark_spread is 'all', expected one of same, different, random"),
        ("write", "lambdafs", {"directories": []}, "benchmark_directories holds nothing, expected absolute paths"),
        ("write", "lambdafs", {"directories": ["/a,b"]}, "benchmark_directories holds '/a,b'"),
        ("write", "lambdafs", {"spread": "different"}, "holds 1 directories for 2 threads, expected one for each"),
        ("mkdir", "lambdafs", {}, "benchmark_spread is 'random', expected same or different"),
        ("reads_v2", "lambdafs", {}, "benchmark_paths_file is empty, expected a file"),
        ("create_subtree", "lambdafs", {"subtree_root": "b"}, "benchmark_subtree_root is 'b', expected an absolute"),
        ("create_subtree", "lambdafs", {"subtree_width": 0}, "benchmark_subtree_width is 0"),
        ("random_workload", "lambdafs", {"workload_percentages": {"read": 99}}, "add up to 99, expected 100"),
    ],
)
def test_what_is_refused(name: str, system: str, changes: dict[str, Any], message: str) -> None:
    [problem] = plans.benchmark_problems(name, system, settings(**changes))
    assert message in problem


def test_a_setting_that_the_benchmark_does_not_ask_for_is_not_looked_at() -> None:
    assert plans.benchmark_problems("prewarm", "lambdafs", settings(trials=0, directories=[])) == []
