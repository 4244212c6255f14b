# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Prometheus metrics of a ZooKeeper server without a metrics provider of its own, made of its answer to `mntr`.

Names are those of ZooKeeper's own provider: `znode_count`, not `zk_znode_count`.
"""

from __future__ import annotations

import argparse
import re
import socket
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ANSWER_TIMEOUT = 3.0
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
LABELS = {"server_state": "state", "peer_state": "state", "version": "version"}


def ask(host: str, port: int) -> str:
    """The server's answer to `mntr`; raises OSError when there is none in time."""
    with socket.create_connection((host, port), timeout=ANSWER_TIMEOUT) as connection:
        connection.sendall(b"mntr")
        return b"".join(iter(lambda: connection.recv(65536), b"")).decode("utf-8", "replace")


def metric(name: str, value: str) -> str:
    """One metric as Prometheus reads it; empty for a value that is neither a number nor a known word."""
    name = re.sub(r"[^a-zA-Z0-9_:]", "_", name)
    if name[:1].isdigit():
        name = f"_{name}"
    if name in LABELS:
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'# TYPE {name} gauge\n{name}{{{LABELS[name]}="{escaped}"}} 1\n'
    try:
        float(value)
    except ValueError:
        return ""
    return f"# TYPE {name} gauge\n{name} {value}\n"


def metrics(answer: str) -> str:
    """All metrics of an answer; empty when the server serves nobody."""
    pairs = (line.partition("\t") for line in answer.splitlines() if line.startswith("zk_"))
    return "".join(metric(name[len("zk_") :], value.strip()) for name, _tab, value in pairs)


def handler(host: str, port: int) -> type[BaseHTTPRequestHandler]:
    """A request handler that asks this ZooKeeper server."""

    class Handler(BaseHTTPRequestHandler):
        """Answers GET /metrics."""

        def do_GET(self) -> None:
            """One scrape."""
            if self.path != "/metrics":
                self.answer(HTTPStatus.NOT_FOUND, "only /metrics is here\n")
                return
            try:
                text = ask(host, port)
            except OSError as error:
                self.answer(HTTPStatus.SERVICE_UNAVAILABLE, f"ZooKeeper does not answer: {error}\n")
                return
            found = metrics(text)
            self.answer(HTTPStatus.OK if found else HTTPStatus.SERVICE_UNAVAILABLE, found or text)

        def answer(self, status: HTTPStatus, text: str) -> None:
            """Send a whole response."""
            body = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", CONTENT_TYPE)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            """Scrapes are not logged."""

    return Handler


def main() -> None:
    """Serve until stopped."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--port", type=int, required=True, help="port to listen on")
    parser.add_argument("--zookeeper", required=True, help="host:port of the server")
    arguments = parser.parse_args()
    host, _colon, port = arguments.zookeeper.rpartition(":")
    ThreadingHTTPServer(("", arguments.port), handler(host, int(port))).serve_forever()


if __name__ == "__main__":
    main()
