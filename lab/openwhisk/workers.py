"""Several processes that accept from the same sockets, and the one that watches them."""

from __future__ import annotations

import ctypes
import logging
import os
import signal
import socket
import ssl
import sys
import threading
from collections.abc import Callable, Sequence
from http.server import HTTPServer
from socketserver import BaseRequestHandler, ThreadingMixIn
from types import FrameType
from typing import Any, NoReturn

_PR_SET_PDEATHSIG = 1
_BACKLOG = 1024

_log = logging.getLogger("lab.openwhisk")


def listening(address: str, port: int) -> socket.socket:
    """A socket that listens, for all workers to accept from; whoever comes late finds nothing and goes on."""
    listener = socket.create_server((address, port), backlog=_BACKLOG, reuse_port=False)
    listener.setblocking(False)
    return listener


class _Server(ThreadingMixIn, HTTPServer):
    """Serves one listening socket, with a thread for each connection."""

    daemon_threads = True

    def __init__(self, listener: socket.socket, handler: type[BaseRequestHandler]) -> None:
        super().__init__(listener.getsockname()[:2], handler, bind_and_activate=False)
        self.socket.close()
        self.socket = listener

    def handle_error(self, request: Any, client_address: Any) -> None:
        error = sys.exc_info()[1]
        if not isinstance(error, ConnectionError | TimeoutError | ssl.SSLError):
            _log.exception("connection of %s", client_address)


def _serve(servers: Sequence[_Server]) -> NoReturn:
    """Serve in a worker until SIGTERM; the worker ends with the process that watches it, however that ends."""
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    ended.wait()
    os._exit(0)


def _fork(servers: Sequence[_Server]) -> int:
    watcher = os.getpid()
    child = os.fork()
    if child:
        return child
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != watcher:
        os._exit(0)
    _serve(servers)


def run(
    listeners: Sequence[tuple[socket.socket, type[BaseRequestHandler]]], workers: int, ready: Callable[[], None]
) -> None:
    """Serve with that many processes until SIGTERM or SIGINT; a worker that ends is replaced.

    Args:
        listeners: listening sockets, and the class of the connections of each.
        workers: number of processes.
        ready: called once all of them were started.
    """
    servers = [_Server(listener, handler) for listener, handler in listeners]
    ending = False

    def end(number: int, frame: FrameType | None) -> None:
        nonlocal ending
        ending = True
        for child in children:
            os.kill(child, signal.SIGTERM)

    children = {_fork(servers) for _ in range(workers)}
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    ready()
    while children:
        child, status = os.wait()
        children.discard(child)
        if not ending:
            _log.error("worker %s ended with status %s and is replaced", child, os.waitstatus_to_exitcode(status))
            children.add(_fork(servers))
