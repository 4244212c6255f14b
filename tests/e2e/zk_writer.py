"""Write through a ZooKeeper ensemble without a break, and count acknowledged writes that are missing.

`write` creates /writer/0000000000, /writer/0000000001, … and appends the number of each acknowledged write to a
file, flushed before the next one begins. A write whose answer was lost is unknown, not acknowledged: its number is
never used again. `check` reads the file and tells how many of its numbers the ensemble does not have.
"""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from kazoo.client import KazooClient
from kazoo.exceptions import KazooException, NodeExistsError
from kazoo.handlers.threading import KazooTimeoutError
from kazoo.retry import KazooRetry

if TYPE_CHECKING:
    from types import FrameType

ROOT = "/writer"
SESSION_TIMEOUT = 10.0
WRITE_TIMEOUT = 5.0
PAUSE_AFTER_FAILURE = 0.2


def znode(number: int) -> str:
    """Path of the znode with this number."""
    return f"{ROOT}/{number:010d}"


def connect(hosts: str) -> KazooClient:
    """A client that reconnects for as long as it lives; raises KazooTimeoutError when it never connects."""
    client = KazooClient(hosts=hosts, timeout=SESSION_TIMEOUT, connection_retry=KazooRetry(max_tries=-1))
    client.start(timeout=60)
    return client


def write(client: KazooClient, acknowledged: Path, stop: Event, interval: float) -> tuple[int, int]:
    """Write until told to stop.

    Args:
        client: a started client.
        acknowledged: file that takes one number a line.
        stop: set when it is enough.
        interval: seconds between two writes.

    Returns:
        How many writes were acknowledged, and how many are unknown.
    """
    client.retry(client.ensure_path, ROOT)
    known = unknown = 0
    with acknowledged.open("a", encoding="ascii") as log:
        while not stop.wait(interval):
            number = known + unknown
            try:
                client.create_async(znode(number)).get(timeout=WRITE_TIMEOUT)
            except (KazooException, KazooTimeoutError) as error:
                if isinstance(error, NodeExistsError):
                    raise
                unknown += 1
                stop.wait(PAUSE_AFTER_FAILURE)
                continue
            known += 1
            log.write(f"{number}\n")
            log.flush()
    return known, unknown


def missing(client: KazooClient, acknowledged: Path) -> list[int]:
    """The acknowledged numbers that the ensemble does not have."""
    client.sync(ROOT)
    present = set(client.get_children(ROOT))
    numbers = [int(line) for line in acknowledged.read_text(encoding="ascii").split()]
    return [number for number in numbers if f"{number:010d}" not in present]


def run(arguments: argparse.Namespace) -> int:
    """Carry the command out; returns the exit status."""
    client = connect(arguments.hosts)
    try:
        if arguments.command == "check":
            lost = missing(client, arguments.acknowledged)
            total = len(arguments.acknowledged.read_text(encoding="ascii").split())
            print(f"{len(lost)} of {total} acknowledged writes missing")
            return 1 if lost else 0
        stop = Event()

        def finish(_signal: int, _frame: FrameType | None) -> None:
            stop.set()

        signal.signal(signal.SIGTERM, finish)
        signal.signal(signal.SIGINT, finish)
        known, unknown = write(client, arguments.acknowledged, stop, arguments.interval)
        print(f"{known} writes acknowledged, {unknown} unknown")
        return 0
    finally:
        client.stop()
        client.close()


def main() -> int:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("command", choices=["write", "check"])
    parser.add_argument("--hosts", required=True, help="host:port of the servers, separated by commas")
    parser.add_argument("--acknowledged", required=True, type=Path, help="file with the acknowledged numbers")
    parser.add_argument("--interval", type=float, default=0.01, help="seconds between two writes")
    return run(parser.parse_args())


if __name__ == "__main__":
    sys.exit(main())
