"""Behaves at its menu as the benchmark utility's leader does, line by line; a program of its own.

It says nothing after a question until it is answered, echoes no answer, returns to the menu after an exception, and
waits for a follower as long as its first argument says, asking whether to stop waiting.
"""

from __future__ import annotations

import socket
import sys


def ask(question: str) -> str:
    """A question as the utility prints it; the answer stands on the same line of the output only if it is echoed."""
    print(f"{question}\n> ", end="", flush=True)
    answer = sys.stdin.readline()
    if not answer:
        sys.exit("standard input ended, and the utility would ask for ever")
    return answer.rstrip("\n")


def measure(impatient: int) -> None:
    """One benchmark with two questions."""
    threads = int(ask("How many threads?"))
    trials = int(ask("How many trials?"))
    for _minute in range(impatient):
        if ask("Stop waiting early? [y/n]") == "y":
            return
    print(f"2026-11-29 10:00:00,000 [main] INFO distributed.Commander: {threads} threads\n")
    print("\n[THROUGHPUT]", *(f"{trial + 1}00.5" for trial in range(trials)), sep="\n")
    print("\n[CACHE HITS] [CACHE MISSES] [HIT RATE]\n0 0 NaN")


def main() -> None:
    """The menu."""
    mode, port = sys.argv[1], int(sys.argv[2])
    server = socket.create_server(("127.0.0.1", port)) if port else None
    if mode == "dies":
        sys.exit(3)
    while True:
        number = ask("\n====== MENU ======\n(0) Exit\n(17) Write\n==================\n\nWhat would you like to do?")
        if number == "0":
            print("Exiting now... goodbye!")
            sys.exit(0)
        try:
            if mode == "raises":
                raise ValueError("no NameNode")
            measure(2 if mode == "impatient" else 0)
        except ValueError as error:
            print(f"2026-11-29 10:00:01,000 [main] ERROR distributed.Commander: Exception encountered: {error}")
        if server and mode == "loses":
            print(
                "2026-11-29 10:00:01,000 [Server] WARN distributed.Commander: Lost connection to follower at 10.0.0.2"
            )


if __name__ == "__main__":
    main()
