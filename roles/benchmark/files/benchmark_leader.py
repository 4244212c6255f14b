# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Runs the benchmark utility's leader and works its menu: one benchmark, then the end.

The utility asks on its standard output and reads a line for each question. Answers that are sent ahead would be taken
for others: while it waits for followers it asks every minute whether to stop waiting. So each question is answered
when it is asked. The first one is left open until all followers are connected. Needs Python 3.9 and its standard
library.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import select
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any

MENU = "What would you like to do?"
IMPATIENCE = "Stop waiting early?"
LEAVE = "0"
# Taken by the utility for a wish to return to its menu, or for no number, with the same effect
ABORT = "abort"
# What the utility prints when it gives a benchmark up; its exit code does not tell
FAILURES = re.compile(
    r"Exception encountered:|ERROR: |Local result is null|Invalid (?:argument|option) specified|Could not find file"
    r"|Aborting workload|Expected \d+ response|is NOT supported|Lost connection to follower"
)
_PROMPT = re.compile(r" ?>")
_ESTABLISHED = "01"
_READ_SECONDS = 0.5
_LEAVE_SECONDS = 60.0
_MAX_PROBLEMS = 20


class Dialogue:
    """What is answered to the leader's output, as it comes."""

    def __init__(self, number: int, answers: Sequence[str], done: str) -> None:
        """Begin.

        Args:
            number: of the benchmark in the menu.
            answers: to its questions, in their order.
            done: what is printed when there is a result; empty where nothing is.
        """
        self.waiting = False
        self.leaving = False
        self.problems: list[str] = []
        self.throughput: list[float] = []
        self._number = number
        self._answers = list(answers)
        self._done = done
        self._chosen = False
        self._line = ""
        self._asked = False
        self._question = ""
        self._in_throughput = False
        self._in_menu = False

    def feed(self, text: str) -> list[str]:
        """Take further output; returns the lines to answer."""
        answers = []
        for piece in text.splitlines(keepends=True):
            self._line += piece
            if not self._asked and _PROMPT.match(self._line):
                self._asked = True
                answers += self._answer(self._question)
            if self._line.endswith("\n"):
                self._end_line()
        return answers

    def choose(self) -> str:
        """The answer to the menu, once the followers are there."""
        self.waiting = False
        self._chosen = True
        return str(self._number)

    def finish(self) -> None:
        """The output has ended."""
        if not self.leaving:
            self._problem("the leader ended before the benchmark was over")
        elif self._done:
            self._problem(f"the leader printed no {self._done!r}, expected a result")

    def _answer(self, question: str) -> list[str]:
        if IMPATIENCE in question:
            return ["n"]
        if not self._in_menu:
            if self._answers:
                return [self._answers.pop(0)]
            self._problem(f"the leader asks {question!r}, expected no further question")
            return [ABORT]
        self._in_menu = False
        if not self._chosen:
            self.waiting = True
            return []
        if self._answers:
            self._problem(f"{len(self._answers)} answers were not asked for, expected all to be")
            self._answers = []
        self.leaving = True
        return [LEAVE]

    def _end_line(self) -> None:
        # An answer is not echoed: what is printed next stands behind the prompt
        text = _PROMPT.sub("", self._line, count=1).strip() if self._asked else self._line.strip()
        self._line, self._asked = "", False
        if not text:
            self._in_throughput = False
            return
        self._question = text
        # The menu's prompt is printed apart from its question: a line of the log may stand between them
        self._in_menu = self._in_menu or MENU in text
        if self._chosen and not self.leaving:
            if FAILURES.search(text):
                self._problem(text)
            if self._done and self._done in text:
                self._done = ""
            self._read_throughput(text)

    def _read_throughput(self, text: str) -> None:
        if text == "[THROUGHPUT]":
            self._in_throughput = True
        elif self._in_throughput:
            try:
                self.throughput.append(float(text))
            except ValueError:
                self._in_throughput = False

    def _problem(self, text: str) -> None:
        if text not in self.problems and len(self.problems) < _MAX_PROBLEMS:
            self.problems.append(text)


def connections(tables: Sequence[str], port: int) -> int:
    """Number of established connections at a port of this VM.

    Args:
        tables: texts of /proc/net/tcp and /proc/net/tcp6.
        port: the port, 1 to 65535.
    """
    rows = [line.split() for table in tables for line in table.splitlines()[1:]]
    return sum(row[1].endswith(f":{port:04X}") and row[3] == _ESTABLISHED for row in rows if len(row) > 3)


def read_tables() -> list[str]:
    """The kernel's tables of TCP connections."""
    files = [Path("/proc/net/tcp"), Path("/proc/net/tcp6")]
    return [file.read_text(encoding="ascii") for file in files if file.exists()]


def now() -> str:
    """The time, in UTC."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass
class Outcome:
    """What the playbook reads. `phase` is starting, waiting, running or ended."""

    file: Path
    values: dict[str, Any] = field(default_factory=dict)

    def write(self, phase: str, **values: Any) -> None:
        """Put the file in place, as a whole."""
        self.values |= {"phase": phase, **values}
        draft = self.file.with_suffix(".new")
        draft.write_text(json.dumps(self.values, indent=2) + "\n", encoding="utf-8")
        draft.replace(self.file)


class Leader:
    """The utility's process."""

    def __init__(self, argv: Sequence[str], directory: str) -> None:
        self._process = subprocess.Popen(  # an argument list
            argv, cwd=directory, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        assert self._process.stdin is not None and self._process.stdout is not None  # noqa: S101 # pipes, by the above
        self._stdin, self._stdout = self._process.stdin, self._process.stdout

    def read(self, seconds: float) -> bytes | None:
        """Output that comes within some seconds: empty when none does, None at its end."""
        if not select.select([self._stdout], [], [], seconds)[0]:
            return b""
        return os.read(self._stdout.fileno(), 65536) or None

    def say(self, line: str) -> None:
        """Answer. A leader that has ended does not listen; its end is found by `read`."""
        try:
            self._stdin.write(f"{line}\n".encode())
            self._stdin.flush()
        except BrokenPipeError:
            print("the leader does not read its standard input any more", flush=True)

    def end(self) -> int:
        """End it, if it still runs; returns its exit code, negative for a signal."""
        if self._process.poll() is None:
            self._process.terminate()
        try:
            return self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()

    def exit_code(self) -> int:
        """Its exit code, after the end of its output."""
        try:
            return self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            return self.end()


def run(plan: Mapping[str, Any], outcome: Outcome) -> int:
    """Run one benchmark.

    Args:
        plan: argv and directory of the leader; number, answers and done of the benchmark; followers, the number of
            connections to wait for at `port`, for `follower_seconds`.
        outcome: where to tell how it goes.

    Returns:
        0 when the benchmark has a result and nothing went wrong.
    """
    dialogue = Dialogue(plan["number"], plan["answers"], plan["done"])
    outcome.write("starting")
    leader = Leader(plan["argv"], plan["directory"])
    deadline: float | None = None
    forced = False
    while (output := leader.read(_READ_SECONDS)) is not None:
        sys.stdout.buffer.write(output)
        sys.stdout.buffer.flush()
        for line in dialogue.feed(output.decode(errors="replace")):
            leader.say(line)
        if dialogue.waiting:
            if deadline is None:
                outcome.write("waiting")
                deadline = monotonic() + plan["follower_seconds"]
            found = connections(read_tables(), plan["port"]) if plan["followers"] else 0
            if found >= plan["followers"]:
                leader.say(dialogue.choose())
                outcome.write("running", started=now())
                deadline = None
            elif monotonic() > deadline:
                dialogue.problems.append(
                    f"{found} of {plan['followers']} followers connected within {plan['follower_seconds']} s,"
                    " expected all of them"
                )
                break
        elif dialogue.leaving:
            if deadline is None:
                outcome.write("running", ended=now())
                deadline = monotonic() + _LEAVE_SECONDS
            elif monotonic() > deadline:
                forced = True
                break
    stopped_here = forced or bool(dialogue.waiting)
    exit_code = leader.end() if stopped_here else leader.exit_code()
    if not dialogue.waiting:
        dialogue.finish()
    if exit_code and not stopped_here:
        dialogue.problems.append(f"the leader ended with exit code {exit_code}, expected 0")
    outcome.write(
        "ended",
        exit_code=exit_code,
        ended_by_force=forced,
        throughput=dialogue.throughput,
        problems=dialogue.problems,
        **({} if "ended" in outcome.values else {"ended": now()}),
    )
    return 1 if dialogue.problems else 0


def main() -> int:
    """Read the plan, run, and tell the outcome."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("plan", type=Path, help="JSON file, see run()")
    parser.add_argument("outcome", type=Path, help="JSON file to write")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit("ended by a signal"))
    return run(json.loads(arguments.plan.read_text(encoding="utf-8")), Outcome(arguments.outcome))


if __name__ == "__main__":
    sys.exit(main())
