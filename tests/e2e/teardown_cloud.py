"""The lab's AWS API without VMs: instances and gateways change their state by themselves.

Prints its endpoint and serves until its standard input ends.
"""

from __future__ import annotations

import sys
import threading

from moto.core.utils import utcnow
from moto.server import ThreadedMotoServer

from lab import moto_fixes
from lab.moto_fixes import instances, nat_gateways

TICK_SECONDS = 0.2


def settle(ended: threading.Event) -> None:
    """Let everything that is on its way to a state arrive there, until the event is set."""
    while not ended.wait(TICK_SECONDS):
        for instance in list(instances.all_instances()):
            if instance.state == "pending":
                instances.finish_start(instance, [])
            elif instance.state == "shutting-down":
                instances.finish_termination(instance)
        nat_gateways.settle(utcnow())


def main() -> None:
    """Serve."""
    moto_fixes.apply()
    ended = threading.Event()
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    threading.Thread(target=settle, args=[ended], daemon=True).start()
    host, port = server.get_host_and_port()
    print(f"http://{host}:{port}", flush=True)
    sys.stdin.read()
    ended.set()
    server.stop()


if __name__ == "__main__":
    main()
