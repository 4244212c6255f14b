# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The named benchmarks of the utility: number in its menu, and the answers to its questions in their order.

The numbers and questions are those of the utility's branches generic (λFS) and vanilla-distributed (HopsFS).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.lambdafs.cluster.plugins.module_utils.benchmark_config import (
    HOPSFS,
    LAMBDAFS,
    SYSTEMS,
    workload_problems,
)

Settings = Mapping[str, Any]
SPREADS = ("same", "different", "random")
_THROUGHPUT = "[THROUGHPUT]"


@dataclass(frozen=True)
class Benchmark:
    """A benchmark.

    Attributes:
        number: in the utility's menu.
        answers: makes the answers of a system's name and the settings.
        needs: what its questions ask for, of: threads, operations, trials, paths, directories, workload, subtree.
        done: what the utility prints when it has a result; empty where it prints nothing of its own.
        systems: where it exists.
    """

    number: int
    answers: Callable[[str, Settings], list[str]]
    needs: tuple[str, ...]
    done: str = ""
    systems: tuple[str, ...] = SYSTEMS


def _yes(value: object) -> str:
    return "y" if value else "n"


def _directories(settings: Settings) -> list[str]:
    """Directories from a file, or as a list."""
    if settings["paths_file"]:
        return ["2", settings["paths_file"]]
    return ["1", ",".join(settings["directories"])]


def _spread(settings: Settings) -> str:
    return str(SPREADS.index(settings["spread"]) + 1)


def _write(system: str, settings: Settings) -> list[str]:
    answers = [_spread(settings), *_directories(settings), str(settings["threads"]), str(settings["operations"])]
    answers.append(str(settings["trials"]))
    # The paths are what the reading benchmarks want; λFS's branch writes none
    return [*answers, "y"] if system == HOPSFS else answers


def _mkdir(_system: str, settings: Settings) -> list[str]:
    numbers = [str(settings[key]) for key in ("threads", "operations", "trials")]
    return [_spread(settings), *_directories(settings), *numbers, "y"]


def _paths(_system: str, settings: Settings) -> list[str]:
    numbers = [str(settings["threads"]), str(settings["operations"])]
    return [*numbers, settings["paths_file"], _yes(settings["shuffle"]), str(settings["trials"])]


def _file_stat(_system: str, settings: Settings) -> list[str]:
    return [settings["paths_file"], str(settings["operations"]), str(settings["threads"])]


def _prewarm(_system: str, settings: Settings) -> list[str]:
    return [str(settings["threads"]), str(settings["operations"])]


def _subtree(_system: str, settings: Settings) -> list[str]:
    return [settings["subtree_root"], str(settings["subtree_depth"]), str(settings["subtree_width"]), "y"]


def _write_to_directories(_system: str, settings: Settings) -> list[str]:
    return [*_directories(settings), str(settings["threads"]), str(settings["operations"])]


def _workload(_system: str, _settings: Settings) -> list[str]:
    return ["./workload.yaml"]


_SCALING = ("threads", "operations", "trials")
BENCHMARKS = {
    "write": Benchmark(17, _write, (*_SCALING, "directories"), _THROUGHPUT),
    "reads_v2": Benchmark(20, _paths, (*_SCALING, "paths"), _THROUGHPUT),
    "file_stat": Benchmark(21, _file_stat, ("threads", "operations", "paths"), systems=(LAMBDAFS,)),
    "list_dirs": Benchmark(23, _paths, (*_SCALING, "paths"), _THROUGHPUT),
    "stat": Benchmark(24, _paths, (*_SCALING, "paths"), _THROUGHPUT),
    "mkdir": Benchmark(25, _mkdir, (*_SCALING, "directories"), _THROUGHPUT),
    "random_workload": Benchmark(26, _workload, ("workload",), "throughput (ops/sec)"),
    "prewarm": Benchmark(10, _prewarm, ("threads", "operations"), systems=(LAMBDAFS,)),
    "create_subtree": Benchmark(8, _subtree, ("subtree",)),
    "write_files_to_dirs": Benchmark(14, _write_to_directories, ("threads", "operations", "directories")),
}
LEAST = {
    "threads": 1,
    "operations": 1,
    "trials": 1,
    "subtree_depth": 0,
    "subtree_width": 1,
    "heap_gib": 1,
    "timeout": 1,
}


def benchmark_plan(name: str, system: str, settings: Settings) -> dict[str, Any]:
    """What the leader is told.

    Args:
        name: a name in BENCHMARKS.
        system: lambdafs or hopsfs.
        settings: the role's settings by their names without its prefix; paths_file is the path on the VMs.

    Returns:
        `number` in the menu, `answers` in their order, and `done`, the text that says that there is a result.
    """
    benchmark = BENCHMARKS[name]
    return {"number": benchmark.number, "answers": benchmark.answers(system, settings), "done": benchmark.done}


def benchmark_problems(name: str, system: str, settings: Settings) -> list[str]:
    """What keeps a benchmark from being run, one sentence each.

    Args:
        name: of the benchmark.
        system: where it is to be run.
        settings: the role's settings by their names without its prefix.
    """
    if system not in SYSTEMS:
        return [f"benchmark_system is {system!r}, expected {' or '.join(SYSTEMS)}: correct it"]
    here = [known for known, benchmark in BENCHMARKS.items() if system in benchmark.systems]
    if name not in here:
        return [f"benchmark_name is {name!r}, expected one of {', '.join(here)}: choose one with -e benchmark_name=..."]
    needs = BENCHMARKS[name].needs
    keys = ["heap_gib", "timeout", *(need for need in needs if need in LEAST)]
    if "subtree" in needs:
        keys += ["subtree_depth", "subtree_width"]
    found = [
        f"benchmark_{key} is {settings[key]!r}, expected a whole number of {LEAST[key]} or more: correct it"
        for key in keys
        if not _is_whole(settings[key], LEAST[key])
    ]
    if "workload" in needs:
        found += workload_problems(settings)
    if "paths" in needs and not settings["paths_file"]:
        found.append(
            f"benchmark_paths_file is empty, expected a file with one path of the file system a line for {name}:"
            " give one that create_subtree or write_files_to_dirs has written"
        )
    if "subtree" in needs and not str(settings["subtree_root"]).startswith("/"):
        found.append(f"benchmark_subtree_root is {settings['subtree_root']!r}, expected an absolute path: correct it")
    return found + (_directory_problems(name, system, settings) if "directories" in needs else [])


def _directory_problems(name: str, system: str, settings: Settings) -> list[str]:
    found = []
    directories, spread = settings["directories"], settings["spread"]
    if not settings["paths_file"]:
        wrong = [path for path in directories if not str(path).startswith("/") or "," in str(path)]
        if wrong or not directories:
            found.append(
                f"benchmark_directories holds {', '.join(map(repr, wrong)) or 'nothing'},"
                " expected absolute paths without a comma: correct it"
            )
    if name == "write_files_to_dirs":
        return found
    if spread not in SPREADS:
        found.append(f"benchmark_spread is {spread!r}, expected one of {', '.join(SPREADS)}: correct it")
    elif name == "mkdir" and system == LAMBDAFS and spread == "random":
        found.append(
            "benchmark_spread is 'random', expected same or different: λFS's branch of the utility refuses it for mkdir"
        )
    elif spread == "different" and not settings["paths_file"] and len(directories) < int(settings["threads"]):
        found.append(
            f"benchmark_directories holds {len(directories)} directories for {settings['threads']} threads,"
            " expected one for each with benchmark_spread=different: add some, or give benchmark_paths_file"
        )
    return found


def _is_whole(value: object, least: int) -> bool:
    text = str(value)
    return not isinstance(value, bool) and text.isdigit() and int(text) >= least
