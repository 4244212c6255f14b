"""The TCP server of a λFS client, to which NameNodes connect."""

from __future__ import annotations

import json
import socket
import threading
from contextlib import suppress

from lab.hadoop.errors import CONNECT, HadoopError

_PORTS_TRIED = 100
_LINE_SECONDS = 5.0


class TcpServer:
    """Listens on the first free port from a given one upward, and keeps who connected for which request.

    Raises:
        HadoopError: no port is free.
    """

    def __init__(self, first_port: int) -> None:
        self._socket = _listening(first_port)
        self.port: int = self._socket.getsockname()[1]
        self._greeted: dict[str, int] = {}
        self._changed = threading.Condition()
        threading.Thread(target=self._serve, daemon=True).start()

    def greeter(self, request: str, seconds: float) -> int | None:
        """Deployment of the NameNode that connected for a request, or None where none did within these seconds."""
        with self._changed:
            self._changed.wait_for(lambda: request in self._greeted, seconds)
            return self._greeted.get(request)

    def close(self) -> None:
        """Listen no more."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._hear, args=[connection], daemon=True).start()

    def _hear(self, connection: socket.socket) -> None:
        # Whoever else connects, and says something else, is of no interest
        with connection, suppress(OSError, ValueError, KeyError, TypeError):
            connection.settimeout(_LINE_SECONDS)
            with connection.makefile("rb") as stream:
                greeting = json.loads(stream.readline())
            with self._changed:
                self._greeted[str(greeting["requestId"])] = int(greeting["DEPLOYMENT_NUMBER"])
                self._changed.notify_all()


def _listening(first_port: int) -> socket.socket:
    last: OSError | None = None
    for port in range(first_port, first_port + _PORTS_TRIED):
        try:
            return socket.create_server(("", port))
        except OSError as error:
            last = error
    raise HadoopError(
        CONNECT, f"no free TCP port from {first_port} to {first_port + _PORTS_TRIED - 1} ({last}): end what listens"
    )
