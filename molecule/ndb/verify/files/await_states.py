#!/usr/bin/env python3
"""Returns when a data node has been in one state after the other, as a management server sees it.

Arguments: the server as HOST:PORT, the node's id, the states in their order. While no server answers, it waits.
"""

import sys
from threading import Event

from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_management import look_at_all, parse_connectstring

# Seconds
_BETWEEN_LOOKS = 0.05
_ANSWER = 5.0


def main() -> None:
    """Wait for each state."""
    connectstring, node_id, *states = sys.argv[1:]
    print("watching", flush=True)
    for state in states:
        while not any(
            node.id == int(node_id) and node.state == state
            for view in look_at_all(parse_connectstring(connectstring), _ANSWER)
            for node in view.nodes
        ):
            Event().wait(_BETWEEN_LOOKS)
        print(state, flush=True)


if __name__ == "__main__":
    main()
