# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""λFS's basic test: run on a driver, and judged by what it prints, since its exit code is 0 after most errors."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ansible_collections.lambdafs.cluster.plugins.module_utils.logged_program import CannotStart, Ran, run_logged

if TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule

SUCCESS, ERROR = "[SUCCESS]", "[ERROR]"
MAIN_CLASS = "com.gmail.benrcarver.distributed.BasicTest"
LINES_AROUND = 3
CLASS_PATH_TIMEOUT = 60.0


class TestFailed(Exception):
    """The test did not say that everything is well."""

    __test__ = False


@dataclass(frozen=True)
class Verdict:
    """How many checks the test calls a success, and what is wrong; nothing is wrong when `problem` is empty."""

    successes: int
    problem: str = ""


def around(lines: Sequence[str], position: int, width: int = LINES_AROUND) -> list[str]:
    """The lines around one, without blank ones."""
    return [" ".join(line.split()) for line in lines[max(0, position - width) : position + width + 1] if line.strip()]


def judge(ran: Ran) -> Verdict:
    """What the output and the end of the test tell."""
    successes = sum(SUCCESS in line for line in ran.lines)
    errors = [position for position, line in enumerate(ran.lines) if ERROR in line]
    if errors:
        shown = " | ".join(around(ran.lines, errors[0]))
        return Verdict(successes, f"{len(errors)} checks say {ERROR}, around the first: {shown}")
    if ran.timed_out or ran.code:
        return Verdict(successes, f"it {ran.ending} after {successes} successes, its last lines: {_last(ran.lines)}")
    if not successes:
        return Verdict(0, f"it ended without a line with {SUCCESS}, its last lines: {_last(ran.lines)}")
    return Verdict(successes)


def _last(lines: Sequence[str]) -> str:
    return " | ".join(around(lines, len(lines) - 1, 2 * LINES_AROUND)) or "none"


def class_path(program: str, environment: Mapping[str, str]) -> str:
    """The class path that the Hadoop distribution names.

    Raises:
        CannotStart: it does not name one.
    """
    arguments = [program, "classpath"]
    try:
        answer = subprocess.run(
            arguments,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            timeout=CLASS_PATH_TIMEOUT,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CannotStart(f"{' '.join(arguments)} cannot be run: {error}") from error
    found = answer.stdout.strip().splitlines()
    if answer.returncode or not found:
        words = " ".join(answer.stderr.split())
        raise CannotStart(
            f"{' '.join(arguments)}: exit code {answer.returncode}, {words or 'no output'}, expected a path"
        )
    return found[-1]


def run_module(module: AnsibleModule) -> dict[str, Any]:
    """The result of hopsfs_basic_test; in check mode nothing is run.

    Raises:
        CannotStart: Java or the distribution cannot be run.
        TestFailed: see `judge`.
    """
    values = module.params
    if module.check_mode:
        return {"successes": 0, "log": "", "output": []}
    hdfs = str(Path(values["hadoop_home"]) / "bin" / "hdfs")
    environment = {name: str(value) for name, value in values["environment"].items()}
    environment["HADOOP_CONF_DIR"] = values["conf_dir"]
    # Its own configuration first, then the jar, so that the test reads the files that were checked
    path = os.pathsep.join([values["conf_dir"], values["jar"], class_path(hdfs, environment)])
    log = Path(values["log_dir"]) / time.strftime("basic-test-%Y%m%dT%H%M%SZ.log", time.gmtime())
    ran = run_logged(
        [values["java"], "-cp", path, values["main_class"]],
        log,
        values["timeout"],
        environment,
        standard_input=f"{values['files']}\n",
    )
    verdict = judge(ran)
    if verdict.problem:
        raise TestFailed(
            f"{values['main_class'].rpartition('.')[2]}: {verdict.problem}; expected {SUCCESS} from every check:"
            f" read {log} and the logs of the NameNodes"
        )
    return {"successes": verdict.successes, "log": str(log), "output": list(ran.lines)}
