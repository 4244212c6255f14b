"""A proxy in front of the API server that judges every request and answer by the contract."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from tests.openwhisk.contract import Exchange, violations

# Headers of a connection, which are not passed on
_HOP = ("host", "connection", "server", "date")


class Recorder:
    """What passed: a count for each method and status, and all that broke the contract."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.seen: Counter[tuple[str, int]] = Counter()
        self.violations: list[str] = []
        self._lock = threading.Lock()

    def note(self, exchange: Exchange) -> None:
        """Judge an exchange."""
        found = violations(exchange)
        with self._lock:
            self.seen[exchange.method, exchange.status] += 1
            self.violations += found


@contextmanager
def recording(url: str) -> Iterator[Recorder]:
    """A proxy in front of the server at `url`."""
    behind = urlsplit(url).netloc

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            pass

        def _pass_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            headers = {name: value for name, value in self.headers.items() if name.lower() not in _HOP}
            connection = HTTPConnection(behind)
            connection.request(self.command, self.path, body or None, headers)
            answer = connection.getresponse()
            content = answer.read()
            connection.close()
            recorder.note(Exchange(self.command, self.path, body, answer.status, dict(answer.headers), content))
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                if name.lower() not in _HOP:
                    self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_PUT = do_POST = do_DELETE = do_OPTIONS = _pass_on  # noqa: N815

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as proxy:
        recorder = Recorder(f"http://127.0.0.1:{proxy.server_address[1]}")
        thread = threading.Thread(target=proxy.serve_forever)
        thread.start()
        yield recorder
        proxy.shutdown()
        thread.join()
