# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Requests to OpenWhisk's API, each thread on a connection of its own.

The standard library's client, because a PUT is sent in pieces out of one buffer that all threads share, and because the
answer to it, which repeats the code of the action, is left unread.
"""

from __future__ import annotations

import base64
import http.client
import json
import re
import ssl
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

PIECE = 256 * 1024
# Answers up to this size are read, so that the connection can be used again
_SMALL = 64 * 1024
_CONCURRENT = "concurrent modification"
_UNAVAILABLE = (502, 503, 504)
_TITLE = re.compile(rb"<title>\s*(.*?)\s*</title>", re.IGNORECASE | re.DOTALL)


class WhiskError(Exception):
    """The API refused a request, or could not be asked; the text says which and why."""


class Refused(WhiskError):
    """An answer of 400 or above, in the server's own words."""

    def __init__(self, request: str, status: int, words: str) -> None:
        super().__init__(f"{request}: HTTP {status}: {words}")
        self.status = status
        self.words = words


class Retryable(WhiskError):
    """Whether the request took effect is not known, or another one came between: look again, and decide anew."""


@dataclass(frozen=True)
class Access:
    """Where the API is, and what opens it.

    Attributes:
        host: name or address, with `:PORT` where it is not the scheme's own.
        tls: whether TLS is spoken.
        auth: `UUID:SECRET`; never part of a message.
        context: how certificates are checked.
        timeout: seconds for a connection, and for each step of an answer.
    """

    host: str
    tls: bool
    auth: str = field(repr=False)
    context: ssl.SSLContext
    timeout: float


@dataclass(frozen=True)
class Answer:
    """A status below 400 and the body, as far as it was read."""

    status: int
    body: bytes

    def json(self) -> Any:
        """The body's JSON."""
        return json.loads(self.body)


@dataclass(frozen=True)
class Pieces:
    """A body in pieces that are sent as they lie in memory."""

    pieces: Sequence[bytes | memoryview]

    def __len__(self) -> int:
        return sum(len(piece) for piece in self.pieces)

    def __iter__(self) -> Iterator[bytes | memoryview]:
        for piece in self.pieces:
            for start in range(0, len(piece), PIECE):
                yield piece[start : start + PIECE]


def parse_host(text: str) -> tuple[str, bool]:
    """Host (and port) and whether TLS is spoken, out of `HOST`, `HOST:PORT` or a URL of either scheme.

    Raises:
        ValueError: it is none of these.
    """
    parts = urlsplit(text if "://" in text else f"https://{text}")
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path not in ("", "/") or parts.username:
        raise ValueError(f"api_host is {text!r}, expected HOST, HOST:PORT, http://HOST or https://HOST")
    return parts.netloc, parts.scheme == "https"


def trust(ca_file: str | None, validate_certs: bool) -> ssl.SSLContext:
    """How certificates are checked: against a bundle, or the system's authorities, or not at all.

    Raises:
        ValueError: the bundle cannot be read.
    """
    try:
        context = ssl.create_default_context(cafile=ca_file)
    except OSError as error:
        raise ValueError(f"ca_file {ca_file} cannot be used ({error}), expected certificates as PEM") from error
    if not validate_certs:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def words_of(body: bytes, reason: str) -> str:
    """What an answer says is wrong: the error of a JSON body, the title of a page, or the status's own name."""
    try:
        error = json.loads(body)["error"]
    except (ValueError, KeyError, TypeError):
        title = _TITLE.search(body)
        return title[1].decode("utf-8", "replace") if title else reason
    return error if isinstance(error, str) else json.dumps(error)


def api_path(*segments: str) -> str:
    """A path below `/api/v1`, its segments encoded."""
    return "/api/v1/" + "/".join(quote(segment, safe="") for segment in segments)


class Client:
    """Asks one API server. Threads may share it."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._local = threading.local()
        self._headers = {
            "Accept": "application/json",
            "Authorization": f"Basic {base64.b64encode(access.auth.encode()).decode()}",
        }

    def get(self, path: str, **query: Any) -> Any:
        """The JSON that a path answers with.

        Raises:
            WhiskError: it does not.
        """
        answer = self.request("GET", path, query)
        try:
            return answer.json()
        except ValueError as error:
            raise WhiskError(
                f"GET {path}: found {answer.body[:80]!r}, expected JSON of OpenWhisk's API: check api_host"
            ) from error

    def request(
        self,
        method: str,
        path: str,
        query: Mapping[str, Any] | None = None,
        body: Pieces | None = None,
        authorized: bool = True,
    ) -> Answer:
        """Send a request and read its answer, unless that is large: then only its status counts.

        Args:
            method: of HTTP.
            path: absolute, encoded.
            query: its parameters; booleans as the API writes them.
            body: JSON.
            authorized: whether the key is sent.

        Raises:
            Refused: the server answered with 400 or above.
            Retryable: nothing is known of the outcome, or the server said that another request came between.
        """
        with self.response(method, path, query, body, authorized) as response:
            length = response.length
            if length is None or length <= _SMALL or method == "GET":
                return Answer(response.status, response.read())
            self._forget()
            return Answer(response.status, b"")

    @contextmanager
    def response(
        self,
        method: str,
        path: str,
        query: Mapping[str, Any] | None = None,
        body: Pieces | None = None,
        authorized: bool = True,
    ) -> Iterator[http.client.HTTPResponse]:
        """Send a request and yield its answer, to be read in the block; see `request`."""
        target = f"{path}?{urlencode({name: _text(value) for name, value in query.items()})}" if query else path
        shown = f"{method} {path}"
        headers = dict(self._headers) if authorized else {"Accept": "application/json"}
        if body is not None:
            headers |= {"Content-Type": "application/json", "Content-Length": str(len(body))}
        try:
            response = self._exchange(method, target, body, headers)
            if response.status >= 400:
                raise _refusal(shown, response.status, words_of(response.read(_SMALL), response.reason))
            yield response
        except ssl.SSLCertVerificationError as error:
            raise WhiskError(
                f"{self._access.host}: certificate refused ({error.verify_message}), expected one that ca_file or the"
                " system trusts: set ca_file to the certificate or its authority"
            ) from error
        except (OSError, http.client.HTTPException) as error:
            raise Retryable(f"{shown}: no answer of {self._access.host}: {error or type(error).__name__}") from error
        finally:
            self._forget_unless_read()

    def _exchange(
        self, method: str, target: str, body: Iterable[bytes | memoryview] | None, headers: Mapping[str, str]
    ) -> http.client.HTTPResponse:
        """Send and wait for the head of the answer; a GET on a connection that the server closed is sent again."""
        fresh = self._connection().sock is None
        try:
            return self._exchange_once(method, target, body, headers)
        except (ConnectionError, http.client.BadStatusLine):
            self._forget()
            if fresh or method != "GET":
                raise
        return self._exchange_once(method, target, body, headers)

    def _exchange_once(
        self, method: str, target: str, body: Iterable[bytes | memoryview] | None, headers: Mapping[str, str]
    ) -> http.client.HTTPResponse:
        connection = self._connection()
        try:
            connection.request(method, target, body=body, headers=headers)
        except (BrokenPipeError, ConnectionResetError):
            # A server that refuses a body answers before it has read it
            if connection.sock is None or body is None:
                raise
        response = connection.getresponse()
        self._local.response = response
        return response

    def _connection(self) -> http.client.HTTPConnection:
        """The calling thread's connection."""
        known: http.client.HTTPConnection | None = getattr(self._local, "connection", None)
        if known is None:
            access = self._access
            known = (
                http.client.HTTPSConnection(access.host, timeout=access.timeout, context=access.context)
                if access.tls
                else http.client.HTTPConnection(access.host, timeout=access.timeout)
            )
            self._local.connection = known
        return known

    def _forget(self) -> None:
        """Close the calling thread's connection; the next request opens another."""
        self._connection().close()
        self._local.response = None

    def _forget_unless_read(self) -> None:
        """Close it if an answer is left unread on it, or there was none."""
        response: http.client.HTTPResponse | None = getattr(self._local, "response", None)
        if response is None or not response.isclosed():
            self._forget()
        self._local.response = None


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _refusal(shown: str, status: int, words: str) -> WhiskError:
    """The exception for an answer of 400 or above."""
    if status in _UNAVAILABLE or (status == 409 and _CONCURRENT in words.lower()):
        return Retryable(f"{shown}: HTTP {status}: {words}")
    return Refused(shown, status, words)
