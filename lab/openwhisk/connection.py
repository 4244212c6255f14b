"""HTTP/1.1 on a connection: reads requests, writes answers, and does what the proxy in front of OpenWhisk does."""

from __future__ import annotations

import logging
import ssl
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

from lab.openwhisk import body
from lab.openwhisk.api import REALM, Api, error_body
from lab.openwhisk.errors import ApiError
from lab.openwhisk.request import Request, Response, parse_target

_CHUNK = 256 * 1024
# A proxy that refuses a body reads on for a while, so that the client gets to see the refusal
_READ_ON_BYTES = 256 * 1024 * 1024
_IDLE_SECONDS = 120
_TOO_LARGE = (
    b"<html>\n<head><title>413 Request Entity Too Large</title></head>\n"
    b"<body><center><h1>413 Request Entity Too Large</h1></center></body>\n</html>\n"
)

_log = logging.getLogger("lab.openwhisk")


@dataclass(frozen=True)
class Front:
    """The proxy: the largest body that it lets through, in bytes (0: any)."""

    max_body: int


class Connection(BaseHTTPRequestHandler):
    """One connection of a client; `api`, `front` and `context` are set by `connection_class`."""

    api: Api
    front: Front
    context: ssl.SSLContext | None

    protocol_version = "HTTP/1.1"
    server_version = "lab.openwhisk"
    sys_version = ""
    disable_nagle_algorithm = True
    timeout = _IDLE_SECONDS

    def setup(self) -> None:
        if self.context is not None:
            self.request.settimeout(self.timeout)
            self.request = self.context.wrap_socket(self.request, server_side=True)
        super().setup()

    def finish(self) -> None:
        super().finish()
        self.request.close()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        _log.debug(format, *args)

    def _respond(self) -> None:
        """Answer the request whose head was read."""
        transaction = uuid.uuid4().hex
        self._unread = self._length()
        if self.front.max_body and self._unread > self.front.max_body:
            self._refuse_body()
            return
        path, query = parse_target(self.path)
        request = Request(self.command, path, query, self.headers, self._unread, self._read)
        try:
            response = self.api.answer(request)
        except ApiError as error:
            headers = {"Content-Type": "application/json"}
            if error.status == 401:
                headers["WWW-Authenticate"] = REALM
            response = Response(error.status, error_body(error, transaction), headers)
        except Exception:
            _log.exception("%s %s", self.command, self.path)
            text = "There was an internal server error."
            response = Response(500, {"error": text, "code": transaction})
        self._drain(_READ_ON_BYTES)
        self._send(response, transaction)

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = do_PATCH = do_OPTIONS = _respond  # noqa: N815

    def _length(self) -> int:
        text = self.headers.get("Content-Length", "0")
        return int(text) if text.isdigit() else 0

    def _read(self) -> bytearray:
        """The whole body in one buffer."""
        length, self._unread = self._unread, 0
        return body.read(length, self.rfile.readinto)

    def _drain(self, most: int) -> None:
        """Read what is left of the body, so that the connection can serve another request."""
        if self._unread > most:
            self.close_connection = True
            return
        while self._unread:
            read = self.rfile.read(min(self._unread, _CHUNK))
            if not read:
                self.close_connection = True
                return
            self._unread -= len(read)

    def _refuse_body(self) -> None:
        """What the proxy answers to a body that is too large for it."""
        self.close_connection = True
        self.send_response(413)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(_TOO_LARGE)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(_TOO_LARGE)
        self._drain(_READ_ON_BYTES)

    def _send(self, response: Response, transaction: str) -> None:
        parts = response.parts()
        self.send_response(response.status)
        headers = {"Content-Type": response.content_type, "X-Request-ID": transaction, **response.headers}
        if response.status == 204 and not any(parts):
            del headers["Content-Type"]
        else:
            headers["Content-Length"] = str(_size(parts))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self._write(parts)

    def _write(self, parts: Sequence[bytes | Path]) -> None:
        for part in parts:
            if isinstance(part, bytes):
                self.wfile.write(part)
                continue
            buffer = memoryview(bytearray(_CHUNK))
            with part.open("rb", buffering=0) as stream:
                while count := stream.readinto(buffer):
                    self.wfile.write(buffer[:count])


def _size(parts: Sequence[bytes | Path]) -> int:
    return sum(len(part) if isinstance(part, bytes) else part.stat().st_size for part in parts)


def connection_class(api: Api, front: Front, context: ssl.SSLContext | None) -> type[Connection]:
    """The class of the connections of a server: over TLS where a context is given."""
    return type("ServedConnection", (Connection,), {"api": api, "front": front, "context": context})
