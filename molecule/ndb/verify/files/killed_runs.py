#!/usr/bin/env python3
"""Starts a playbook again and again, and kills it each time at a random point, with all processes of its own.

Arguments: the seed, how many runs, the command line. A run is killed up to three seconds after a random one of its
tasks has begun, so that the speed of the machine does not matter; one that ends before that is not counted. What is
under way on the hosts goes on, as it does when a connection breaks.
"""

import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from random import Random

import psutil

# Seconds
_LONGEST_DELAY = 3.0
_SHOWN_LINES = 40
# Runs that may end before they are killed
_ENDED = 3


def task_count(command: Sequence[str]) -> int:
    """How many tasks every run begins; those of included files come on top."""
    listed = subprocess.run([*command, "--list-tasks"], check=True, stdout=subprocess.PIPE, text=True).stdout
    return sum(line.startswith("      ") and "TAGS: [" in line for line in listed.splitlines())


def kill_tree(root: psutil.Process) -> None:
    """Kill a process and all its descendants; none gets the time to start another."""
    stopped: set[psutil.Process] = set()
    while found := {root, *root.children(recursive=True)} - stopped:
        for process in found:
            with suppress(psutil.NoSuchProcess):
                process.suspend()
        stopped |= found
    for process in stopped:
        with suppress(psutil.NoSuchProcess):
            process.kill()


def killed_run(command: Sequence[str], number: int, delay: float) -> str | None:
    """Run until some task has begun and a time has passed; returns that task's line, None if the run ended before.

    Raises:
        RuntimeError: it ended with a failure.
    """
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        seen = 0
        task = ""
        lines = []
        for line in process.stdout or ():
            lines.append(line)
            seen += line.startswith("TASK [")
            if seen == number:
                task = line.strip(" *\n")
                break
        try:
            process.wait(delay)
        except subprocess.TimeoutExpired:
            kill_tree(psutil.Process(process.pid))
            return task
    if process.returncode:
        raise RuntimeError(
            f"the run failed with {process.returncode} in task {seen}:\n{''.join(lines[-_SHOWN_LINES:])}"
        )
    return None


def main() -> None:
    """Kill the runs, and print where."""
    seed, runs, *command = sys.argv[1:]
    print(f"seed {seed}", flush=True)
    random = Random(int(seed))  # noqa: S311
    count = task_count(command)
    killed = ended = 0
    while killed < int(runs):
        number, delay = random.randint(1, count), random.uniform(0, _LONGEST_DELAY)
        if task := killed_run(command, number, delay):
            killed += 1
            print(f"killed {delay:.1f} s after the beginning of task {number} of {count}, {task}", flush=True)
        else:
            ended += 1
            if ended > _ENDED:
                raise RuntimeError(f"{ended} runs ended before they could be killed, expected to kill {runs}")


if __name__ == "__main__":
    main()
