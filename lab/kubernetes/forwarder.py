"""The process that carries the traffic of one cluster's load balancers.

Each line of its standard input is the whole configuration, a JSON list of listeners; it ends when the input ends.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import logging
import ssl
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

CHUNK_BYTES = 256 * 1024
CONNECT_SECONDS = 5.0

_log = logging.getLogger("lab.forwarder")


@dataclass
class Listener:
    """One address and port, and where its connections go.

    Attributes:
        certificate: path of a PEM file with certificate and key; with it the port speaks TLS.
        is_backend_tls: whether the targets are spoken to by TLS.
        targets: address and port of each.
    """

    address: str
    port: int
    certificate: str
    is_backend_tls: bool
    targets: list[tuple[str, int]]
    turns: Iterator[int] = field(default_factory=itertools.count)
    server: asyncio.Server | None = None

    @property
    def identity(self) -> tuple[Any, ...]:
        """What cannot change while the port is open."""
        return (self.address, self.port, self.certificate)


def parse(line: str) -> list[Listener]:
    """The listeners of a line of configuration."""
    return [
        Listener(
            entry["address"],
            entry["port"],
            entry["certificate"],
            entry["is_backend_tls"],
            [(address, port) for address, port in entry["targets"]],
        )
        for entry in json.loads(line)
    ]


class Forwarder:
    """Keeps the listeners as they should be."""

    def __init__(self) -> None:
        self._listeners: dict[tuple[Any, ...], Listener] = {}

    async def configure(self, wanted: list[Listener]) -> None:
        """Close what is wanted no more, open what is new, and take over new targets."""
        for identity in set(self._listeners) - {listener.identity for listener in wanted}:
            server = self._listeners.pop(identity).server
            if server is not None:
                server.close()
        for listener in wanted:
            known = self._listeners.get(listener.identity)
            if known is not None:
                known.targets, known.is_backend_tls = listener.targets, listener.is_backend_tls
                continue
            try:
                await self._open(listener)
            except OSError as error:
                _log.error("%s:%s cannot be opened: %s", listener.address, listener.port, error)
            else:
                self._listeners[listener.identity] = listener

    async def _open(self, listener: Listener) -> None:
        context = None
        if listener.certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(listener.certificate)

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await _forward(listener, reader, writer)

        listener.server = await asyncio.start_server(
            serve, listener.address, listener.port, ssl=context, limit=CHUNK_BYTES, backlog=512
        )


async def _forward(listener: Listener, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Carry one connection; one for which no target answers is closed at once, as AWS's load balancers do it."""
    backend = await _connect(listener)
    if backend is None:
        writer.close()
        return
    back_reader, back_writer = backend
    await asyncio.gather(_copy(reader, back_writer), _copy(back_reader, writer))
    for one in (writer, back_writer):
        one.close()


async def _connect(listener: Listener) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
    """A connection to the next target that answers, or None."""
    context = None
    if listener.is_backend_tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    first = next(listener.turns)
    for turn in range(len(listener.targets)):
        address, port = listener.targets[(first + turn) % len(listener.targets)]
        try:
            return await asyncio.wait_for(
                asyncio.open_connection(address, port, ssl=context, limit=CHUNK_BYTES), CONNECT_SECONDS
            )
        except (TimeoutError, OSError):
            continue
    return None


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Carry one direction until its end, and hand the end on."""
    with contextlib.suppress(OSError):
        while data := await reader.read(CHUNK_BYTES):
            writer.write(data)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()
            return
    writer.close()


async def main() -> None:
    """Follow the configuration on standard input."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    forwarder = Forwarder()
    lines = asyncio.StreamReader(limit=16 * 1024 * 1024)
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while line := await lines.readline():
        await forwarder.configure(parse(line.decode()))


if __name__ == "__main__":
    asyncio.run(main())
