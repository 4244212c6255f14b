"""`bin/hdfs` and `bin/hadoop`, after the shell script has looked for Java and Python."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from lab.hadoop import log
from lab.hadoop.errors import HadoopError

STOP_SECONDS = 10.0
START_SECONDS = 2.0
_USAGE = (
    "Usage: hdfs [--config DIR] [--daemon (start|status|stop)]"
    " (namenode [-format [-nonInteractive]]|dfs|version|classpath)"
)


class Home:
    """The unpacked distribution; its name, version and system come from the shell script's environment."""

    def __init__(self) -> None:
        self.path = Path(os.environ["HADOOP_HOME"])
        self.conf = Path(os.environ.get("HADOOP_CONF_DIR") or self.path / "etc" / "hadoop")
        self.version = os.environ["HADOOP_STAND_IN_VERSION"]
        self.system = os.environ["HADOOP_STAND_IN_SYSTEM"]

    @property
    def class_path(self) -> str:
        """Where classes are looked for: the configuration, and the jars of all parts."""
        parts = [f"{self.path}/share/hadoop/{part}/{below}*" for part in ("common", "hdfs") for below in ("lib/", "")]
        return ":".join([str(self.conf), *parts])

    @property
    def pid_file(self) -> Path:
        """Where a NameNode in the background writes its process id."""
        user = os.environ.get("USER") or "root"
        return Path(os.environ.get("HADOOP_PID_DIR") or "/tmp") / f"hadoop-{user}-namenode.pid"  # noqa: S108

    @property
    def log_file(self) -> Path:
        """Where it writes what it has to say."""
        return Path(os.environ.get("HADOOP_LOG_DIR") or self.path / "logs") / "hadoop-namenode.log"


def main(argv: Sequence[str]) -> int:
    """Run one command; returns the exit status."""
    words = list(argv)
    daemon = ""
    while words[:1] in (["--config"], ["--daemon"]) and len(words) > 1:
        option, value = words[:2]
        del words[:2]
        if option == "--config":
            os.environ["HADOOP_CONF_DIR"] = value
        else:
            daemon = value
    home = Home()
    command, arguments = (words[0], words[1:]) if words else ("", [])
    if daemon:
        return _daemon(home, daemon, command)
    if command == "version":
        print(f"Hadoop {home.version} (a stand-in for {home.system})\nThis command was run using {home.path}")
        return 0
    if command == "classpath":
        print(home.class_path)
        return 0
    if command == "namenode":
        return _namenode(home, arguments)
    if command in ("dfs", "fs"):
        return _shell(home, arguments)
    print(_USAGE, file=sys.stderr)
    return 1


def _namenode(home: Home, arguments: list[str]) -> int:
    log.set_up()
    if not arguments and home.system == "hopsfs":
        from lab.hadoop import hopsfs_namenode

        return hopsfs_namenode.run(home.conf)
    if arguments[:1] == ["-format"] and set(arguments[1:]) <= {"-nonInteractive", "-force"}:
        from lab.hadoop import format_command

        return format_command.run(home.conf)
    print(_USAGE if arguments else "λFS's NameNodes run in OpenWhisk, expected -format", file=sys.stderr)
    return 1


def _shell(home: Home, arguments: list[str]) -> int:
    from lab.hadoop import clients, configuration, shell

    try:
        file_system = clients.open_file_system(configuration.load(home.conf))
    except HadoopError as error:
        print(error, file=sys.stderr)
        return 1
    try:
        return shell.run(file_system, arguments)
    finally:
        file_system.close()


def _running(path: Path) -> int | None:
    """The process that a pid file names, if it is alive."""
    try:
        number = int(path.read_text(encoding="utf-8"))
        os.kill(number, 0)
    except (FileNotFoundError, ValueError, ProcessLookupError):
        return None
    return number


def _daemon(home: Home, action: str, command: str) -> int:
    """Start, look for or stop a NameNode in the background."""
    if command != "namenode" or action not in ("start", "status", "stop"):
        print(_USAGE, file=sys.stderr)
        return 1
    number = _running(home.pid_file)
    if action == "status":
        print(f"namenode is running as process {number}." if number else "namenode is not running.")
        return 0 if number else 3
    if action == "stop":
        return _stop(home, number)
    if number:
        print(f"namenode is running as process {number}.  Stop it first.", file=sys.stderr)
        return 1
    return _start(home)


def _start(home: Home) -> int:
    home.log_file.parent.mkdir(parents=True, exist_ok=True)
    with home.log_file.open("ab") as stream:
        child = subprocess.Popen(
            [str(home.path / "bin" / "hdfs"), "--config", str(home.conf), "namenode"],
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=stream,
            start_new_session=True,
        )
    home.pid_file.write_text(f"{child.pid}\n", encoding="utf-8")
    try:
        status = child.wait(START_SECONDS)
    except subprocess.TimeoutExpired:
        return 0
    home.pid_file.unlink()
    print(f"ERROR: namenode ended with status {status}: see {home.log_file}", file=sys.stderr)
    return 1


def _stop(home: Home, number: int | None) -> int:
    if number is None:
        print("WARNING: no namenode to stop", file=sys.stderr)
        return 0
    process = os.pidfd_open(number)
    try:
        signal.pidfd_send_signal(process, signal.SIGTERM)
        if not select.select([process], [], [], STOP_SECONDS)[0]:
            print(
                f"WARNING: namenode did not stop gracefully after {STOP_SECONDS:g} seconds: Killing it", file=sys.stderr
            )
            signal.pidfd_send_signal(process, signal.SIGKILL)
            select.select([process], [], [])
    finally:
        os.close(process)
    home.pid_file.unlink(missing_ok=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
