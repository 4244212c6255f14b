"""HopsFS's NameNode: serves one line of JSON for one line of JSON, and keeps its row in hdfs_le_descriptors."""

from __future__ import annotations

import json
import logging
import signal
import socketserver
import threading
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Any

from pymysql.cursors import Cursor

from lab.hadoop import configuration, operations
from lab.hadoop.database import Database
from lab.hadoop.errors import CONNECT, ILLEGAL, IO, STORAGE, HadoopError
from lab.hadoop.log import java_trace
from lab.hadoop.namespace import TABLES, Namespace

HEARTBEAT_SECONDS = 2.0
HTTP_PORT = 50070
_log = logging.getLogger("namenode.NameNode")


def answer(namespace: Namespace, line: bytes) -> dict[str, Any]:
    """The answer to one request, a line of JSON with `op`, `fsArgs` and `clientName`."""
    try:
        try:
            request = json.loads(line)
            name, arguments = str(request["op"]), dict(request.get("fsArgs") or {})
        except (ValueError, KeyError, TypeError) as error:
            raise HadoopError(ILLEGAL, f"request {line[:200]!r}, expected JSON with op and fsArgs") from error
        if name == operations.PREWARM:
            return {"RESULT": True, "EXCEPTIONS": []}
        result = operations.perform(namespace, name, arguments, str(request.get("clientName") or ""))
    except HadoopError as error:
        return {"RESULT": None, "EXCEPTIONS": [str(error)]}
    return {"RESULT": result, "EXCEPTIONS": []}


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], namespace: Namespace) -> None:
        self.namespace = namespace
        super().__init__(address, _Connection)


class _Connection(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        # Whoever goes away meanwhile needs no answer
        with suppress(ConnectionError):
            for line in self.rfile:
                self.wfile.write(json.dumps(answer(self.server.namespace, line)).encode() + b"\n")


class Descriptor:
    """This NameNode's row among the NameNodes: a counter that rises while it lives."""

    def __init__(self, database: Database, address: str, port: int) -> None:
        self._database = database
        self._rpc = f"{address}:{port}"
        self._http = f"{address}:{HTTP_PORT}"
        self._id = 0

    def enter(self) -> int:
        """Take a number, in the place of an earlier NameNode of this address; returns the number."""

        def work(cursor: Cursor) -> int:
            cursor.execute("DELETE FROM hdfs_le_descriptors WHERE rpc_addresses = %s", [self._rpc])
            cursor.execute("SELECT COALESCE(MAX(id), 0) + 1 FROM hdfs_le_descriptors")
            row = cursor.fetchone()
            number = int(row[0]) if row else 1
            cursor.execute(
                "INSERT INTO hdfs_le_descriptors (id, counter, rpc_addresses, http_address) VALUES (%s, 1, %s, %s)",
                [number, self._rpc, self._http],
            )
            return number

        self._id = self._database.run(work)
        return self._id

    def beat(self) -> None:
        """Raise the counter, and take a number again where the row is gone."""

        def work(cursor: Cursor) -> int:
            return cursor.execute("UPDATE hdfs_le_descriptors SET counter = counter + 1 WHERE id = %s", [self._id])

        if not self._database.run(work):
            self.enter()

    def leave(self) -> None:
        """Remove the row."""
        self._database.run(lambda cursor: cursor.execute("DELETE FROM hdfs_le_descriptors WHERE id = %s", [self._id]))


def run(directory: Path) -> int:
    """Serve until SIGTERM; returns the exit status."""
    _log.info("STARTUP_MSG: Starting NameNode (stand-in)")
    try:
        loaded = configuration.load(directory)
        host, port = loaded.file_system
        database = Database(loaded.login)
        namespace = Namespace(database)
        _check(database, namespace)
        server = _bound(host, port, namespace)
    except HadoopError as error:
        _log.error("Failed to start namenode.\n%s", java_trace(error))
        logging.getLogger("util.ExitUtil").info("Exiting with status 1: %s", error)
        return 1
    try:
        _serve(server, Descriptor(database, host, port))
    finally:
        server.server_close()
        database.close()
    _log.info("SHUTDOWN_MSG: Shutting down NameNode at %s:%s", host, port)
    return 0


def _check(database: Database, namespace: Namespace) -> None:
    """A NameNode starts on a complete schema and a formatted file system only."""
    missing = database.tables(TABLES)
    if missing:
        raise HadoopError(STORAGE, f"{database.login}: table {missing[0]} does not exist")
    if not namespace.is_formatted():
        raise HadoopError(IO, f"{database.login}: NameNode is not formatted.")


def _bound(host: str, port: int, namespace: Namespace) -> _Server:
    try:
        return _Server((host, port), namespace)
    except OSError as error:
        raise HadoopError(CONNECT.replace("Connect", "Bind"), f"cannot listen at {host}:{port}: {error}") from error


def _serve(server: _Server, descriptor: Descriptor) -> None:
    ended = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:
        ended.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    _log.info("NameNode %s serves at %s:%s", descriptor.enter(), *server.server_address[:2])
    threading.Thread(target=server.serve_forever, daemon=True).start()
    while not ended.wait(HEARTBEAT_SECONDS):
        try:
            descriptor.beat()
        except HadoopError as error:
            # NDB may come back; until then every request is answered with what is wrong
            _log.error("no heartbeat: %s", error)
    server.shutdown()
    with suppress(HadoopError):
        descriptor.leave()
