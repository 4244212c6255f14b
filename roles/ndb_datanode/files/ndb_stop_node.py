# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Stops this VM's data node through the management server; the unit's ExecStop.

Data nodes that are ended all at once by a signal lose what was committed last. So the management server is asked to
stop this node; where its node group has no other node, it stops all data nodes together, after a checkpoint. Without
a management server, and while the node does not take part in the cluster, nothing is done here: systemd sends
SIGTERM next. Needs Python 3.9 and its standard library; ndb_management.py lies beside this file.
"""

from __future__ import annotations

import argparse
import os
import select
import sys
from collections.abc import Sequence
from time import monotonic

from ndb_management import Address, Management, ManagementError, Node, best, look_at_all, parse_connectstring

_ANSWER_SECONDS = 5.0
_RETRY_SECONDS = 1.0


class Process:
    """A process, and waiting for its end."""

    def __init__(self, pid: int) -> None:
        self._descriptor = os.pidfd_open(pid)

    def ends_within(self, seconds: float) -> bool:
        """Wait until the process ends; returns whether it did."""
        return bool(select.select([self._descriptor], [], [], max(0.0, seconds))[0])


def own_node(addresses: Sequence[Address], node_id: int) -> tuple[Address, Node] | None:
    """The best management server and what it says of the node; None when none answers."""
    view = best(look_at_all(addresses, _ANSWER_SECONDS))
    if view is None:
        return None
    found = [node for node in view.nodes if node.id == node_id]
    return (view.address, found[0]) if found else None


def stop(process: Process, addresses: Sequence[Address], node_id: int, manager_seconds: float, seconds: float) -> str:
    """Stop the node and wait for the end of its process.

    Args:
        process: the node's process.
        addresses: the management servers.
        node_id: the node's id.
        manager_seconds: how long to look for a management server that has contact with the node.
        seconds: how long to try in all.

    Returns:
        What happened, in one sentence.
    """
    begin = monotonic()
    last = begin
    while monotonic() - begin < seconds:
        seen = own_node(addresses, node_id)
        # A management server that has just started has no contact yet with a node that takes part all the same
        if seen is None or not seen[1].connected:
            if monotonic() - last > manager_seconds:
                lack = "answers" if seen is None else f"has contact with node {node_id}"
                return f"no management server {lack} within {manager_seconds:g} s"
        else:
            last = monotonic()
            address, node = seen
            if node.state == "started":
                ask(address, node_id, seconds)
            elif node.state != "shutting_down":
                return f"node {node_id} is {node.state} and holds nothing that a signal could lose"
        if process.ends_within(_RETRY_SECONDS):
            return f"node {node_id} has stopped"
    return f"node {node_id} has not stopped within {seconds:g} s"


def ask(address: Address, node_id: int, seconds: float) -> None:
    """Ask a management server to stop the node; a refusal is told, and asked again later."""
    try:
        with Management(address, seconds) as server:
            server.stop_nodes([node_id], force=True)
    except (OSError, ManagementError) as error:
        print(error, file=sys.stderr, flush=True)


def main() -> None:
    """Stop, and say on standard error what happened."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--connectstring", required=True)
    parser.add_argument("--node-id", type=int, required=True)
    parser.add_argument("--pid", required=True, help="the node's process; empty when it has ended")
    parser.add_argument("--manager-seconds", type=float, default=15)
    parser.add_argument("--seconds", type=float, required=True)
    arguments = parser.parse_args()
    if not arguments.pid:
        return
    try:
        process = Process(int(arguments.pid))
    except ProcessLookupError:
        return
    addresses = parse_connectstring(arguments.connectstring)
    text = stop(process, addresses, arguments.node_id, arguments.manager_seconds, arguments.seconds)
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
