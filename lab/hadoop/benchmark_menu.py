"""The entries of the benchmarking utility's menu: what each asks, and which operations it makes of the answers."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

Ask = Callable[[str], str]
Operation = tuple[str, str]
Plan = Sequence[Sequence[Operation]]
"""For each thread, operations and their paths."""

# The stand-in runs a small version of each benchmark
MOST_THREADS, MOST_OPERATIONS, MOST_TRIALS, MOST_DEPTH = 4, 8, 3, 3
SHARES = {
    "interleaved.create.files.percentage": "create",
    "interleaved.delete.files.percentage": "delete",
    "interleaved.mkdir.percentage": "mkdirs",
    "interleaved.read.files.percentage": "stat",
    "interleaved.ls.dirs.percentage": "list",
    "interleaved.ls.files.percentage": "list",
    "interleaved.file.getInfo.percentage": "stat",
    "interleaved.dir.getInfo.percentage": "stat",
}
"""Name of each share of the random workload → operation; a rename is none of the stand-in's."""


def number(text: str, most: int) -> int:
    """A whole number of at least 1, as far as the stand-in goes.

    Raises:
        ValueError: it is none.
    """
    if not text.strip().isdigit() or int(text) < 1:
        raise ValueError(f"Invalid argument specified: {text.strip()!r}, expected a whole number of 1 or more")
    return min(int(text), most)


def lines_of(path: str) -> list[str]:
    """The paths in a file, one on a line.

    Raises:
        ValueError: there is no such file, or it is empty.
    """
    try:
        found = [line.strip() for line in Path(path).read_text(encoding="utf-8").splitlines() if line.strip()]
    except OSError as error:
        raise ValueError(f"Could not find file {path}: {error.strerror}") from error
    if not found:
        raise ValueError(f"Invalid argument specified: {path} is empty, expected a path on each line")
    return found


def properties_of(path: str) -> dict[str, str]:
    """Names and values of a workload file, one pair on a line, with a colon or an equals sign.

    Raises:
        ValueError: there is no such file.
    """
    found = {}
    for line in lines_of(path):
        if not line.startswith("#"):
            name, _, value = line.replace("=", ":", 1).partition(":")
            found[name.strip()] = value.strip()
    return found


def ask_directories(ask: Ask) -> list[str]:
    """Directories, as a list or from a file."""
    if ask("Manually input (comma-separated list) [1], or specify file containing directories [2]?").strip() == "2":
        return lines_of(ask("Please provide path to file containing directories:").strip())
    return [name.strip() for name in ask("Please enter the directories as a comma-separated list:").split(",") if name]


def entries(directories: Sequence[str], operation: str, threads: int, count: int, mark: str) -> Plan:
    """New entries for each thread, spread over the directories.

    Args:
        mark: what no other client's names and no earlier trial's begin with.
    """
    return [
        [(operation, f"{directories[(t + n) % len(directories)].rstrip('/')}/{mark}-{t}-{n}") for n in range(count)]
        for t in range(threads)
    ]


def visits(paths: Sequence[str], operation: str, threads: int, count: int, shuffled: bool) -> Plan:
    """Operations on given paths for each thread."""
    order = list(paths)
    if shuffled:
        random.shuffle(order)
    return [[(operation, order[(t * count + n) % len(order)]) for n in range(count)] for t in range(threads)]


def subtree(root: str, depth: int, width: int) -> Iterator[str]:
    """The directories of a tree, parents first; depth 0 is the root alone."""
    yield root
    for name in range(width if depth > 0 else 0):
        yield from subtree(f"{root.rstrip('/')}/dir{name}", depth - 1, width)


def mixture(shares: dict[str, str], count: int, mark: str) -> list[Operation]:
    """Operations of the random workload, in its shares as far as the stand-in has them.

    Args:
        shares: properties of the workload, percentages among them.
    """
    weights = {name: float(shares.get(name) or 0) for name in SHARES}
    if not any(weights.values()):
        raise ValueError("Aborting workload: all percentages are 0")
    base = f"/random_workload/{mark}"
    done: list[Operation] = [("mkdirs", base), ("create", f"{base}/file")]
    drawn = random.choices(list(weights), list(weights.values()), k=count)  # noqa: S311
    for position, name in enumerate(drawn):
        operation = SHARES[name]
        own = f"{base}/{'dir' if operation == 'mkdirs' else 'new'}{position}"
        about_directory = ".dir" in name or ".dirs" in name
        if operation in ("create", "mkdirs"):
            done.append((operation, own))
        elif operation == "delete":
            done += [("create", own), (operation, own)]
        else:
            done.append((operation, base if about_directory else f"{base}/file"))
    return done
