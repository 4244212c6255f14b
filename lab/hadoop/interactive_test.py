"""The class InteractiveTest, the benchmarking utility: a menu on standard output, answers on standard input."""

from __future__ import annotations

import argparse
import json
import sys
import time
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path

from lab.hadoop import benchmark_menu as menu
from lab.hadoop import benchmark_net, benchmark_work, log
from lab.hadoop.benchmark_menu import MOST_DEPTH, MOST_OPERATIONS, MOST_THREADS, MOST_TRIALS, Plan, number
from lab.hadoop.benchmark_work import Job, Result

_ENTRIES = {
    0: "Exit",
    8: "Create subtree",
    10: "Prewarm",
    14: "Write files to directories",
    17: "Write",
    20: "Read, version 2",
    21: "File stat",
    23: "List directories",
    24: "Stat",
    25: "Mkdir",
    26: "Random workload",
}
_OUTPUT, _RANDOM_OUTPUT = Path("output"), Path("random_workload_data")


def parser() -> argparse.ArgumentParser:
    """The utility's options."""
    options = argparse.ArgumentParser(prog="InteractiveTest")
    options.add_argument("-w", "--worker", action="store_true", help="be a follower")
    options.add_argument("-l", "--leader_ip", default="127.0.0.1")
    options.add_argument("-p", "--leader_port", type=int, default=8000)
    options.add_argument("-n", "--nondistributed", action="store_true", help="have no followers")
    options.add_argument("-f", "--num_followers", type=int, default=-1, help="followers at most")
    options.add_argument("-j", "--scp_jars", action="store_true", help="not in the stand-in")
    options.add_argument("-c", "--scp_config", action="store_true", help="not in the stand-in")
    options.add_argument("-m", "--manually_launch_followers", action="store_true", help="the stand-in starts none")
    options.add_argument("-y", "--yaml_path", type=Path, default=Path("config.yaml"))
    return options


def read_config(text: str) -> dict[str, str]:
    """The plain entries of config.yaml; of its list of followers, nothing is needed here."""
    found = {}
    for line in text.splitlines():
        if line[:1].isalpha():
            name, _, value = line.partition(":")
            found[name.strip()] = value.strip().strip("'\"")
    return found


def ask(question: str) -> str:
    """The answer to a question: the next line.

    Raises:
        EOFError: there are no more lines.
    """
    print(f"{question}\n> ", end="", flush=True)
    line = sys.stdin.readline()
    if not line:
        raise EOFError(question)
    return line.rstrip("\n")


class Commander:
    """Runs benchmarks, itself and with its followers."""

    def __init__(self, config: dict[str, str], leader: benchmark_net.Leader | None, most: int) -> None:
        self._site = config["hdfsConfigFile"]
        self._takes_part = config.get("commanderExecutesToo", "true").lower() == "true"
        self._leader = leader
        self._most = most
        self._trial = 0

    def choose(self, chosen: int) -> None:
        """Run an entry of the menu.

        Raises:
            ValueError: an answer cannot be used, or there is no such entry.
        """
        if chosen == 8:
            self._subtree()
        elif chosen == 10:
            self._prewarm()
        elif chosen in (14, 17, 25):
            self._make(chosen)
        elif chosen in (20, 23, 24):
            self._visit(chosen)
        elif chosen == 21:
            self._file_stat()
        elif chosen == 26:
            self._random_workload()
        else:
            raise ValueError(f"Invalid option specified: {chosen}, expected one of {', '.join(map(str, _ENTRIES))}")

    def _subtree(self) -> None:
        root = ask("Subtree root?").strip()
        depth = int(ask("Subtree depth?"))
        width = number(ask("Max subdirs?"), MOST_OPERATIONS)
        ask("Write the paths to a file? [y/n]")
        paths = list(menu.subtree(root, min(depth, MOST_DEPTH), width))
        self._report("create_subtree", [self._run(lambda mark: [[("mkdirs", path) for path in paths]], alone=True)])
        self._write_paths("existing_subtree", paths)

    def _prewarm(self) -> None:
        threads = number(ask("How many threads?"), MOST_THREADS)
        count = number(ask("How many pings?"), MOST_OPERATIONS)
        self._report("prewarm", [self._run(lambda mark: [[("prewarm", "")] * count] * threads)])

    def _make(self, chosen: int) -> None:
        operation = "mkdirs" if chosen == 25 else "create"
        if chosen != 14:
            ask("Same directories [1], different ones [2] or random ones [3] for all threads?")
        directories = menu.ask_directories(ask)
        threads = number(ask("How many threads?"), MOST_THREADS)
        count = number(ask("How many for each thread?"), MOST_OPERATIONS)
        trials = number(ask("How many trials?"), MOST_TRIALS) if chosen != 14 else 1
        if chosen == 25 or (chosen == 17 and not self._is_lambda()):
            ask("Write the paths to a file? [y/n]")
        plans: list[Plan] = []

        def plan(mark: str) -> Plan:
            plans.append(menu.entries(directories, operation, threads, count, mark))
            return plans[-1]

        self._report(_ENTRIES[chosen], [self._run(plan) for _ in range(trials)], shows_throughput=chosen != 14)
        made = [path for made in plans for work in made for _, path in work]
        self._write_paths("writeToDirectoryPaths", made)

    def _visit(self, chosen: int) -> None:
        threads = number(ask("How many threads?"), MOST_THREADS)
        count = number(ask("How many for each thread?"), MOST_OPERATIONS)
        paths = menu.lines_of(ask("Please provide path to file containing paths:").strip())
        shuffled = ask("Shuffle? [y/n]").strip() == "y"
        trials = number(ask("How many trials?"), MOST_TRIALS)
        operation = "list" if chosen == 23 else "stat"
        results = [
            self._run(lambda mark: menu.visits(paths, operation, threads, count, shuffled)) for _ in range(trials)
        ]
        self._report(_ENTRIES[chosen], results, shows_throughput=True)

    def _file_stat(self) -> None:
        paths = menu.lines_of(ask("Please provide path to file containing paths:").strip())
        count = number(ask("How many for each thread?"), MOST_OPERATIONS)
        threads = number(ask("How many threads?"), MOST_THREADS)
        self._report(_ENTRIES[21], [self._run(lambda mark: menu.visits(paths, "stat", threads, count, False))])

    def _random_workload(self) -> None:
        properties = menu.properties_of(ask("Please enter path to workload config file:").strip())
        threads = number(properties.get("num.worker.threads", "1"), MOST_THREADS)
        print("The stand-in has no rename: its share is left out.")
        result = self._run(
            lambda mark: [menu.mixture(properties, MOST_OPERATIONS, f"{mark}-{t}") for t in range(threads)]
        )
        self._report(_ENTRIES[26], [result], directory=_RANDOM_OUTPUT)
        print(f"throughput (ops/sec): {result.throughput:.3f}")

    def _is_lambda(self) -> bool:
        return "serverless.endpoint" in Path(self._site).read_text(encoding="utf-8")

    def _run(self, plan: Callable[[str], Plan], *, alone: bool = False) -> Result:
        """Run one trial.

        Args:
            plan: makes the operations of one client out of a text that no other client has.
            alone: whether followers have nothing to do.
        """
        followers = self._leader.followers if self._leader and not alone else []
        if self._most >= 0:
            followers = followers[: self._most]
        self._trial += 1
        marks = [f"{uuid.uuid4().hex[:8]}-{self._trial}-{client}" for client in range(len(followers) + 1)]
        jobs = [Job(self._site, plan(mark)) for mark in marks]
        own = [benchmark_work.run(jobs[0])] if self._takes_part or alone or not followers else []
        others = self._leader.run(jobs[1:]) if self._leader else []
        return benchmark_work.together([*own, *others])

    def _report(
        self, name: str, results: Sequence[Result], *, shows_throughput: bool = False, directory: Path = _OUTPUT
    ) -> None:
        """Print what came of a benchmark, and keep it in a file."""
        for error in [error for result in results for error in result.errors]:
            print(f"ERROR: {error}")
        if shows_throughput:
            print("\n[THROUGHPUT]")
            print("".join(f"{result.throughput:.3f}\n" for result in results))
        directory.mkdir(exist_ok=True)
        rows = [{"operations": result.operations, "seconds": result.seconds} for result in results]
        content = {"benchmark": name, "stand_in": True, "trials": rows}
        (directory / f"results-{time.time_ns() // 1_000_000}.json").write_text(
            json.dumps(content) + "\n", encoding="utf-8"
        )

    def _write_paths(self, name: str, paths: Sequence[str]) -> None:
        path = _OUTPUT / f"{name}-{time.time_ns() // 1_000_000}.txt"
        path.write_text("".join(f"{entry}\n" for entry in paths), encoding="utf-8")
        print(f"Wrote {len(paths)} paths to {path}.")


def lead(options: argparse.Namespace) -> int:
    """Show the menu until the exit is chosen; returns the exit status."""
    try:
        config = read_config(options.yaml_path.read_text(encoding="utf-8"))
    except OSError as error:
        print(f"ERROR: {options.yaml_path}: {error.strerror}, expected the utility's configuration")
        return 1
    leader = None if options.nondistributed else benchmark_net.Leader("", options.leader_port)
    commander = Commander(config, leader, options.num_followers)
    print("A stand-in for the benchmarking utility: it runs small versions, and its numbers mean nothing.")
    try:
        while True:
            print("".join(f"({entry}) {name}\n" for entry, name in _ENTRIES.items()), end="")
            answer = ask("What would you like to do?").strip()
            if answer == "0":
                return 0
            try:
                commander.choose(int(answer))
            except (ValueError, OSError) as error:
                print(f"ERROR: {error}")
    except EOFError:
        print("ERROR: no more input, expected an answer")
        return 1
    finally:
        if leader is not None:
            leader.close()


def main(arguments: Sequence[str]) -> int:
    """Run; returns the exit status."""
    log.set_up()
    options = parser().parse_args(arguments)
    if not options.worker:
        return lead(options)
    try:
        print(f"{benchmark_net.follow(options.leader_ip, options.leader_port)} jobs done.")
    except OSError as error:
        print(f"ERROR: no leader at {options.leader_ip}:{options.leader_port}: {error}")
        return 1
    return 0
