# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Requests to a server on loopback that answers as it is told."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from ansible_collections.lambdafs.cluster.plugins.module_utils.whisk_client import (
    Access,
    Client,
    Pieces,
    Refused,
    Retryable,
    WhiskError,
    api_path,
    parse_host,
    trust,
    words_of,
)


@dataclass
class Script:
    """Answers to give in turn (status, body; None hangs up), the requests so far, and the number of connections."""

    answers: list[tuple[int, bytes] | None] = field(default_factory=list)
    requests: list[tuple[str, str, bytes, dict[str, str]]] = field(default_factory=list)
    connections: int = 0
    port: int = 0


@pytest.fixture
def script() -> Iterator[Script]:
    told = Script()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            super().setup()
            told.connections += 1

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            pass

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            told.requests.append((self.command, self.path, body, dict(self.headers)))
            answer = told.answers.pop(0)
            if answer is None:
                self.close_connection = True
                return
            status, content = answer
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_PUT = do_DELETE = _answer  # noqa: N815

        def handle(self) -> None:
            try:
                super().handle()
            except ConnectionError:
                self.close_connection = True

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        told.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield told
        server.shutdown()
        thread.join()


@pytest.fixture
def client(script: Script) -> Client:
    return Client(Access(f"127.0.0.1:{script.port}", False, "uuid:secret", trust(None, True), 10))


def test_requests_carry_the_key_and_share_a_connection(script: Script, client: Client) -> None:
    script.answers = [(200, b"[1]"), (200, b"{}")]
    assert client.get("/a", limit=1, code=False) == [1]
    client.request("PUT", "/b", {"overwrite": True}, Pieces([b'{"a":', memoryview(b"1}")]))
    (_, target, _, headers), (_, put, body, _) = script.requests
    assert (target, put, body) == ("/a?limit=1&code=false", "/b?overwrite=true", b'{"a":1}')
    assert headers["Authorization"] == "Basic dXVpZDpzZWNyZXQ="
    assert script.connections == 1


def test_the_key_is_sent_only_where_it_is_needed(script: Script, client: Client) -> None:
    script.answers = [(200, b"{}")]
    client.request("GET", "/invokers", authorized=False)
    assert "Authorization" not in script.requests[0][3]


def test_a_large_answer_to_a_change_is_left_unread(script: Script, client: Client) -> None:
    script.answers = [(200, b" " * 5_000_000), (200, b"{}")]
    assert client.request("PUT", "/a", body=Pieces([b"{}"])).body == b""
    assert client.get("/b") == {}
    assert script.connections == 2


def test_a_large_answer_to_a_get_is_read(script: Script, client: Client) -> None:
    script.answers = [(200, b'"' + b"a" * 1_000_000 + b'"')]
    assert len(client.get("/a")) == 1_000_000


@pytest.mark.parametrize(
    ("status", "body", "message"),
    [
        (400, b'{"error": "kind is not supported", "code": "1"}', "GET /a: HTTP 400: kind is not supported"),
        (409, b'{"error": "resource already exists", "code": "1"}', "GET /a: HTTP 409: resource already exists"),
        (413, b"<html><head><title>413 Too Large</title></head></html>", "GET /a: HTTP 413: 413 Too Large"),
        (401, b"", "GET /a: HTTP 401: Unauthorized"),
    ],
)
def test_a_refusal_is_told_in_the_words_of_the_server(
    script: Script, client: Client, status: int, body: bytes, message: str
) -> None:
    script.answers = [(status, body)]
    with pytest.raises(Refused) as refusal:
        client.get("/a")
    assert (str(refusal.value), refusal.value.status) == (message, status)


@pytest.mark.parametrize(
    ("status", "body"),
    [(409, b'{"error": "Concurrent modification to resource detected.", "code": "1"}'), (503, b""), (502, b"<html>")],
)
def test_what_may_be_tried_again_is_told_apart(script: Script, client: Client, status: int, body: bytes) -> None:
    script.answers = [(status, body)]
    with pytest.raises(Retryable, match=f"HTTP {status}"):
        client.request("PUT", "/a", body=Pieces([b"{}"]))


def test_an_answer_of_something_else_than_the_api_is_named(script: Script, client: Client) -> None:
    script.answers = [(200, b"<html>Welcome</html>")]
    with pytest.raises(WhiskError, match="found b'<html>Welcome</html>', expected JSON"):
        client.get("/a")


def test_a_get_on_a_connection_that_was_closed_is_sent_again(script: Script, client: Client) -> None:
    script.answers = [(200, b"1"), None, (200, b"2")]
    assert [client.get("/a"), client.get("/a")] == [1, 2]
    assert script.connections == 2


def test_a_change_whose_answer_was_lost_is_not_sent_again(script: Script, client: Client) -> None:
    script.answers = [(200, b"1"), None]
    client.get("/a")
    with pytest.raises(Retryable, match="PUT /a: no answer of"):
        client.request("PUT", "/a", body=Pieces([b"{}"]))
    assert [method for method, *_ in script.requests] == ["GET", "PUT"]


def test_a_server_that_is_not_there_is_named() -> None:
    nobody = Client(Access("127.0.0.1:1", False, "uuid:secret", trust(None, True), 1))
    with pytest.raises(Retryable, match=r"127\.0\.0\.1:1: .*refused") as unreachable:
        nobody.get("/a")
    assert "secret" not in str(unreachable.value)


def test_the_key_is_no_part_of_what_is_printed() -> None:
    assert "secret" not in repr(Access("h", True, "uuid:secret", trust(None, True), 1))


@pytest.mark.parametrize(
    ("text", "host", "tls"),
    [
        ("owdev.example.com", "owdev.example.com", True),
        ("10.0.0.1:31001", "10.0.0.1:31001", True),
        ("http://10.0.0.1", "10.0.0.1", False),
        ("https://owdev.example.com/", "owdev.example.com", True),
    ],
)
def test_hosts(text: str, host: str, tls: bool) -> None:
    assert parse_host(text) == (host, tls)


@pytest.mark.parametrize("text", ["", "ftp://host", "https://host/api/v1", "https://user@host"])
def test_what_is_no_host_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected HOST"):
        parse_host(text)


def test_a_bundle_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(ValueError, match="ca_file /absent cannot be used"):
        trust("/absent", True)


def test_words_and_paths() -> None:
    assert words_of(b'{"error": {"statusCode": 1}}', "x") == '{"statusCode": 1}'
    assert words_of(b"[]", "Bad Gateway") == "Bad Gateway"
    assert api_path("namespaces", "_", "actions", "a/b c") == "/api/v1/namespaces/_/actions/a%2Fb%20c"
