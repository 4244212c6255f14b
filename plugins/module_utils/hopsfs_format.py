# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Formatting of a file system: decided by what NDB holds, done by one run at a time, judged by its output.

The exit code of the command is 0 after most errors, so that its output and the database tell how it went.
"""

from __future__ import annotations

import fcntl
import os
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ansible_collections.lambdafs.cluster.plugins.module_utils.hopsfs_client_config import (
    HDFS_SITE,
    DatabaseConfig,
    WrongConfig,
    read_database_config,
)
from ansible_collections.lambdafs.cluster.plugins.module_utils.hopsfs_namespace import (
    FORMAT_ROW,
    Namespace,
    read_namespace,
)
from ansible_collections.lambdafs.cluster.plugins.module_utils.logged_program import Ran, run_logged
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_catalogue import LOCK_TABLE
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_lock import SchemaLock, own_name
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_plan import lock_row
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_sql_connection import (
    PYMYSQL_ERROR,
    SqlServer,
    patiently,
    require_pymysql,
)
from ansible_collections.lambdafs.cluster.plugins.module_utils.polling import poll

if TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule

ARGUMENTS = ("namenode", "-format", "-nonInteractive")
# Without a sign of life for this many seconds another run counts as dead
LOCK_EXPIRY = 30.0
ERRORS_SHOWN = 3
OUTPUT_SHOWN = 40
# A line of log4j at these levels, less what it says of itself, or the head of a Java exception that nobody caught
_ERROR = re.compile(
    r"(?:^|\s)(?:ERROR|FATAL)\s+(?!StatusLogger\b)|^Exception in thread|^Error: "
    r"|^(?:Caused by: )?(?:[a-z_][\w$]*\.)+[A-Z][\w$]*(?:Exception|Error)(?::|\s*$)"
)


class Refused(Exception):
    """A format that must not be done; nothing was changed."""


class FormatFailed(Exception):
    """A format that was begun and went wrong."""


@dataclass(frozen=True)
class Job:
    """What is to be formatted and how.

    `program` is `bin/hdfs`; `reformat` allows to format what is formatted; `shared_with` names another system that uses
    the same database, empty if none does; `ignored_errors` are regular expressions; times are in seconds.
    """

    program: str
    conf_dir: str
    log_dir: Path
    lock_file: Path
    reformat: bool
    shared_with: str
    environment: Mapping[str, str]
    ignored_errors: Sequence[str]
    timeout: float
    lock_timeout: float
    patience: float


@dataclass(frozen=True)
class Outcome:
    """The state before and after, whether a format was needed, and how it ran; in check mode it does not run."""

    before: Namespace
    after: Namespace
    needed: bool = False
    log: str = ""
    ran: Ran | None = None


def is_needed(namespace: Namespace, reformat: bool, shared_with: str) -> bool:
    """Whether to format.

    Args:
        namespace: what the database holds.
        reformat: whether the user has confirmed that what it holds may be lost.
        shared_with: another system that uses the same database, empty if none does.

    Raises:
        Refused: the database has no schema, or inodes would be lost that nobody gave up.
    """
    database = namespace.database
    if namespace.missing:
        raise Refused(
            f"database {database} lacks {', '.join(namespace.missing)}, expected the metadata schema:"
            " run the configure stage"
        )
    finished = namespace.formatted and not namespace.unfinished
    if finished and not reformat:
        return False
    if namespace.beyond_root and not reformat:
        raise Refused(_doubt(namespace))
    if shared_with and (finished or namespace.beyond_root):
        raise Refused(
            f"database {database} is used by {shared_with}, too, and holds {namespace.inodes} inodes, expected a"
            " database of one system to format again: take confirm_format away, or set lambdafs_hopsfs_database to"
            " another name; nothing was changed"
        )
    return True


def _doubt(namespace: Namespace) -> str:
    """Why inodes that no finished format accounts for are not erased, and the ways out."""
    found, way_out = "neither a root inode nor the id of a file system", ""
    if namespace.unfinished:
        found = f"a format that {namespace.unfinished} began and that was not seen to end"
        way_out = f"; if none is lost, delete row {FORMAT_ROW} of {namespace.database}.{LOCK_TABLE}"
    return (
        f"database {namespace.database} holds {namespace.inodes} inodes and {found}, expected a formatted database or"
        " an empty one: if all may be lost, add -e confirm_format with the cluster's name"
        f"{way_out}; nothing was changed"
    )


def error_lines(lines: Sequence[str], ignored: Sequence[str] = ()) -> list[str]:
    """The lines of a command's output that tell of errors.

    Args:
        lines: the output.
        ignored: regular expressions of lines that are known not to matter.
    """
    return [
        " ".join(line.split())
        for line in lines
        if _ERROR.search(line) and not any(re.search(pattern, line) for pattern in ignored)
    ]


def judge(ran: Ran, after: Namespace, log: str, ignored: Sequence[str] = ()) -> None:
    """Raise unless a format went well; see `error_lines` for `ignored`.

    Raises:
        FormatFailed: an exit code, the output or the database says that it did not.
    """
    errors = error_lines(ran.lines, ignored)
    problems = [f"it {ran.ending}"] if ran.timed_out or ran.code else []
    if errors:
        shown = "; ".join(errors[:ERRORS_SHOWN])
        problems.append(f"its output holds {len(errors)} error lines ({shown})")
    if not after.formatted:
        problems.append(f"database {after.database} holds neither a root inode nor the id of a file system")
    if problems:
        raise FormatFailed(
            f"hdfs {' '.join(ARGUMENTS)}: {', '.join(problems)}; expected a formatted database and no error:"
            f" read {log}, mend the cause and run again"
        )


class FormatLock(SchemaLock):
    """The lock of the schema, held while formatting: nobody formats or changes tables meanwhile."""

    def _wait_for_statement(self) -> None:
        """The account may not change tables; a TRUNCATE waits itself for a table change that a dead run left behind."""


@contextmanager
def held_file(path: Path, timeout: float) -> Iterator[int]:
    """Hold an exclusive lock on a file of this VM; a program that inherits the descriptor goes on to hold it.

    Raises:
        Refused: another process held it for `timeout` seconds.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)

    def locked() -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    try:
        if not poll(locked, bool, timeout):
            raise Refused(
                f"{path} is held by another format for {timeout:g} s, expected nobody: wait for its end, then run"
                " again; nothing was changed"
            )
        yield descriptor
    finally:
        os.close(descriptor)


def run_format(config: DatabaseConfig, job: Job, ca: str, check_mode: bool) -> Outcome:
    """Format unless that was done, and judge how it went.

    Raises:
        Refused: see `is_needed` and `held_file`.
        FormatFailed: see `judge`.
        LockLost: another run works on the database.
        CannotStart: the command cannot be run.
        SqlError: the SQL node refused, or there is no connection.
    """
    server = SqlServer(config.login(ca))
    beats = SqlServer(config.login(ca))

    def look() -> Namespace:
        return patiently(lambda: read_namespace(server, config.database), 0 if check_mode else job.patience)

    try:
        before = look()
        # In a dry run the schema may have yet to be made
        needed = bool(check_mode and before.missing) or is_needed(before, job.reformat, job.shared_with)
        if check_mode or not needed:
            return Outcome(before, before, needed)
        patiently(lambda: server.execute(lock_row(config.database)), job.patience)
        with held_file(job.lock_file, job.lock_timeout) as descriptor:
            lock = FormatLock(server, beats, config.database, LOCK_EXPIRY)
            with lock.held(job.lock_timeout):
                current = look()
                # Whoever confirmed that inodes may be lost meant those of the file system that was there then
                reformat = job.reformat and current.storage_id == before.storage_id
                if not is_needed(current, reformat, job.shared_with):
                    return Outcome(current, current)
                return _format(server, lock, config, job, current, descriptor)
    finally:
        server.close()


def _format(
    server: SqlServer, lock: FormatLock, config: DatabaseConfig, job: Job, before: Namespace, descriptor: int
) -> Outcome:
    """Run the command; a row of the database says meanwhile that it was begun, and stays when the run is cut off."""
    table = f"`{config.database}`.`{LOCK_TABLE}`"
    lock.check()
    server.execute(f"REPLACE INTO {table} (id, owner) VALUES ({FORMAT_ROW}, %s)", [own_name()])  # noqa: S608
    log = job.log_dir / time.strftime("format-%Y%m%dT%H%M%SZ.log", time.gmtime())
    ran = run_logged(
        [job.program, *ARGUMENTS],
        log,
        job.timeout,
        {**job.environment, "HADOOP_CONF_DIR": job.conf_dir},
        secrets=[config.password],
        held_files=[descriptor],
    )
    after = patiently(lambda: read_namespace(server, config.database), job.patience)
    judge(ran, after, str(log), job.ignored_errors)
    erase = f"DELETE FROM {table} WHERE id = {FORMAT_ROW}"  # noqa: S608
    patiently(lambda: server.execute(erase), job.patience)
    return Outcome(before, replace(after, unfinished=""), True, str(log), ran)


def run_module(module: AnsibleModule) -> dict[str, Any]:
    """The result of hopsfs_format; a dry run on a VM that has yet to be configured would format.

    Raises:
        WrongConfig: the configuration files cannot be used, or name another database.
        Exception: those of `run_format`.
    """
    values = module.params
    conf_dir = Path(values["conf_dir"])
    new = Namespace(values["database"])
    if module.check_mode and (PYMYSQL_ERROR or not (conf_dir / HDFS_SITE).exists()):
        return _result(Outcome(new, new, True))
    config = read_database_config(conf_dir)
    if config.database != values["database"]:
        if module.check_mode:
            return _result(Outcome(new, new, True))
        raise WrongConfig(
            f"{config.path} names database {config.database}, expected {values['database']}: run the configure stage"
        )
    require_pymysql(module)
    job = Job(
        str(Path(values["hadoop_home"]) / "bin" / "hdfs"),
        str(conf_dir),
        Path(values["log_dir"]),
        Path(values["lock_file"]),
        values["reformat"],
        values["shared_with"],
        {name: str(value) for name, value in values["environment"].items()},
        values["ignored_errors"],
        values["timeout"],
        values["lock_timeout"],
        values["patience"],
    )
    return _result(run_format(config, job, values["login_ca"] or "", module.check_mode))


def describe(namespace: Namespace) -> str:
    """A database for a diff."""
    state = "formatted" if namespace.formatted else "not formatted"
    return f"database {namespace.database}: {state}, {namespace.inodes} inodes\n"


def _result(outcome: Outcome) -> dict[str, Any]:
    ran = outcome.ran
    after = outcome.after if ran else Namespace(outcome.before.database, storage_id="new")
    return {
        "changed": outcome.needed,
        "formatted": outcome.before.formatted,
        "inodes": outcome.before.inodes,
        "log": outcome.log,
        "output": list(ran.lines[-OUTPUT_SHOWN:]) if ran else [],
        "diff": {"before": describe(outcome.before), "after": describe(after)} if outcome.needed else {},
    }
