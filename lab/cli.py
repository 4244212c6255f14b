"""The command line: `python -m lab COMMAND`."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from lab import calls, containers_conf, environment, image, lifecycle, ndb_archive, preconditions, settings, status
from lab.errors import LabError
from lab.hadoop import archives
from lab.report import reporting

WIDTH_IN_A_FILE = 120


def parser() -> argparse.ArgumentParser:
    """The command line's grammar; the lab's own options may stand before or after the command."""
    which = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    which.add_argument("--name", help=f"the lab's name (LAMBDAFS_LAB_NAME, {settings.DEFAULT_NAME})")
    which.add_argument("--subnet", help=f"the lab's IPv4 network (LAMBDAFS_LAB_SUBNET, {settings.DEFAULT_SUBNET})")
    which.add_argument(
        "--port", type=int, help=f"loopback port of its AWS API (LAMBDAFS_LAB_PORT, {settings.DEFAULT_PORT})"
    )
    top = argparse.ArgumentParser(prog="python -m lab", description="The cloud on one machine.", parents=[which])
    commands = top.add_subparsers(dest="command", required=True)

    def add(name: str, text: str, run: Callable[[argparse.Namespace, Console], int]) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=text, description=text, parents=[which])
        command.set_defaults(run=run)
        return command

    add("up", "bring the lab up", _up)
    add("down", "remove every trace of the lab", _down).add_argument(
        "--purge", action="store_true", help="remove the VM image and its cache too"
    )
    add("status", "show what exists and how it is", _status).add_argument("--json", action="store_true")
    add("env", "print shell variables that point at the lab", _env).add_argument("--json", action="store_true")
    add("calls", "count the AWS API requests so far", _calls).add_argument(
        "--reset", action="store_true", help="begin to count anew after printing"
    )
    add("image", "make the VM image if it is missing, and print its name", _image)
    add("ndb-archive", "build the archive of NDB if it is missing, and print its path", _ndb_archive)
    add("hadoop-archives", "pack the stand-in for Hadoop, and print the directory", _hadoop_archives).add_argument(
        "--dir", type=Path, help="where to write the archives (the lab's state directory)"
    )
    add("containers-conf", "write a containers.conf that fits this machine", _containers_conf).add_argument(
        "path", type=Path
    )
    return top


def chosen(arguments: argparse.Namespace) -> settings.LabSettings:
    """The lab that the command line, the environment and what `up` remembered speak of, in this order."""
    name = getattr(arguments, "name", None) or os.environ.get("LAMBDAFS_LAB_NAME") or settings.DEFAULT_NAME
    subnet = getattr(arguments, "subnet", None) or os.environ.get("LAMBDAFS_LAB_SUBNET")
    port = getattr(arguments, "port", None) or _environment_port()
    checked = settings.validated(name, subnet or settings.DEFAULT_SUBNET, port or settings.DEFAULT_PORT)
    known = settings.load(name)
    if known is None:
        return checked
    return settings.LabSettings(name, checked.subnet if subnet else known.subnet, checked.port if port else known.port)


def _environment_port() -> int | None:
    text = os.environ.get("LAMBDAFS_LAB_PORT")
    if not text:
        return None
    if not text.isdigit():
        raise LabError(f"LAMBDAFS_LAB_PORT is {text!r}, expected a port number; change or unset it")
    return int(text)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    arguments = parser().parse_args(argv)
    console = Console(stderr=True, highlight=False)
    try:
        return int(arguments.run(arguments, console))
    except LabError as error:
        console.print(f"lab: {error}", markup=False, style="red", soft_wrap=True)
        return 1


def _up(arguments: argparse.Namespace, console: Console) -> int:
    lab = chosen(arguments)
    with reporting(console) as report:
        lifecycle.up(lab, report)
    console.print(f"lab {lab.name} is up: {lab.endpoint}, {lab.subnet}", markup=False)
    return 0


def _down(arguments: argparse.Namespace, console: Console) -> int:
    name = getattr(arguments, "name", None) or os.environ.get("LAMBDAFS_LAB_NAME") or settings.DEFAULT_NAME
    settings.validated(name, settings.DEFAULT_SUBNET, settings.DEFAULT_PORT)
    preconditions.check_machine()
    with reporting(console) as report:
        lifecycle.down(name, arguments.purge, report)
    console.print(f"lab {name} is down", markup=False)
    return 0


def _existing(arguments: argparse.Namespace) -> settings.LabSettings:
    lab = chosen(arguments)
    if settings.load(lab.name) is None:
        raise LabError(f"lab {lab.name} does not exist; run `python -m lab --name {lab.name} up`")
    os.environ["CONTAINERS_CONF"] = str(lab.files.containers_conf)
    return lab


def _status(arguments: argparse.Namespace, console: Console) -> int:
    state = status.collect(_existing(arguments))
    if arguments.json:
        print(json.dumps(state, indent=2))
    else:
        status.show(state, Console(highlight=False, width=None if sys.stdout.isatty() else WIDTH_IN_A_FILE))
    return 0 if status.is_up(state) else 1


def _env(arguments: argparse.Namespace, console: Console) -> int:
    lab = _existing(arguments)
    sys.stdout.write(environment.as_json(lab) if arguments.json else environment.shell(lab))
    return 0


def _calls(arguments: argparse.Namespace, console: Console) -> int:
    log = _existing(arguments).files.api_log
    counted = calls.read(log)
    table = Table("Action", "Requests")
    for action, number in sorted(counted.items()):
        table.add_row(action, str(number))
    table.add_row("total", str(counted.total()))
    Console(highlight=False).print(table)
    if arguments.reset:
        calls.reset(log)
    return 0


def _image(arguments: argparse.Namespace, console: Console) -> int:
    preconditions.check_machine()
    with reporting(console) as report:
        print(image.ensure(report))
    return 0


def _ndb_archive(arguments: argparse.Namespace, console: Console) -> int:
    with reporting(console) as report:
        print(ndb_archive.ensure(report))
    return 0


def _hadoop_archives(arguments: argparse.Namespace, console: Console) -> int:
    directory = getattr(arguments, "dir", None) or _existing(arguments).files.hadoop_archives
    archives.write(directory)
    print(directory)
    return 0


def _containers_conf(arguments: argparse.Namespace, console: Console) -> int:
    arguments.path.parent.mkdir(parents=True, exist_ok=True)
    containers_conf.write(arguments.path)
    print(arguments.path)
    return 0
