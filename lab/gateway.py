"""The WSGI layer before moto: credentials asked for, requests one at a time, client tokens honoured, calls logged."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from time import monotonic
from typing import Any

from lab.api import ApiRequest, error_body, read_request, unsigned_answer

STATE_PATH = "/lab/state"
WEBHOOK_PATH = "/lab/kubernetes/"
_LOCKED_SERVICES = frozenset({"ec2", "autoscaling", "eks", "elasticloadbalancing"})

Headers = list[tuple[str, str]]
StartResponse = Callable[..., Any]
WsgiApp = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]


@dataclass(frozen=True)
class Answer:
    """A whole HTTP answer; `status` is the status line, such as `200 OK`."""

    status: str
    headers: Headers
    body: bytes

    @property
    def code(self) -> int:
        return int(self.status.split()[0])


class Gateway:
    """Passes AWS requests to moto.

    Args:
        app: moto's WSGI application.
        lock: held while EC2 and Auto Scaling work on moto's data.
        api_log: file to which one JSON line is appended for each request.
        on_change: called after a request that may have changed something.
        state: gives the document that is served under /lab/state.
        webhook: answers a document that is posted to a path under /lab/kubernetes/; None where there is no such path.
    """

    def __init__(
        self,
        app: WsgiApp,
        lock: threading.RLock,
        api_log: Path,
        on_change: Callable[[], None],
        state: Callable[[], dict[str, Any]],
        webhook: Callable[[str, dict[str, Any]], dict[str, Any] | None],
    ) -> None:
        self._app = app
        self._lock = lock
        self._log_lock = threading.Lock()
        self._api_log = api_log
        self._on_change = on_change
        self._state = state
        self._webhook = webhook
        self._answers: dict[tuple[str, str, str, str], tuple[str, Answer]] = {}

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] == STATE_PATH:
            answer = _json("200 OK", self._state())
        elif environ["PATH_INFO"].startswith(WEBHOOK_PATH):
            answer = self._reviewed(environ)
        else:
            answer = self._aws(environ)
        start_response(answer.status, answer.headers)
        return [answer.body]

    def _reviewed(self, environ: dict[str, Any]) -> Answer:
        """The answer to a question of a Kubernetes API server."""
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        found = self._webhook(environ["PATH_INFO"], json.loads(body))
        return _json("404 Not Found", {}) if found is None else _json("200 OK", found)

    def _aws(self, environ: dict[str, Any]) -> Answer:
        began = monotonic()
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = BytesIO(body)
        headers = {
            name.removeprefix("HTTP_").replace("_", "-").lower(): value
            for name, value in environ.items()
            if isinstance(value, str) and name.startswith(("HTTP_", "CONTENT_"))
        }
        request = read_request(
            environ["REQUEST_METHOD"], environ["PATH_INFO"], headers, environ.get("QUERY_STRING", ""), body
        )
        answer = self._answer(request, environ)
        self._log(request, answer, (monotonic() - began) * 1000)
        if request.changes_something:
            self._on_change()
        return answer

    def _answer(self, request: ApiRequest, environ: dict[str, Any]) -> Answer:
        if not request.is_signed and not request.may_be_unsigned:
            return _xml(*unsigned_answer(request.service))
        if request.service not in _LOCKED_SERVICES:
            return _call(self._app, environ)
        with self._lock:
            if not request.client_token:
                return _call(self._app, environ)
            return self._once(request, environ)

    def _once(self, request: ApiRequest, environ: dict[str, Any]) -> Answer:
        """Carry out a request with a client token, or repeat the answer that it got before."""
        key = (request.service, request.region, request.action, request.client_token)
        if key in self._answers:
            fingerprint, answer = self._answers[key]
            if fingerprint == request.fingerprint:
                return answer
            message = "The client token was used before with other parameters."
            return _xml("400 Bad Request", error_body(request.service, "IdempotentParameterMismatch", message))
        answer = _call(self._app, environ)
        if answer.code < 400:
            self._answers[key] = (request.fingerprint, answer)
        return answer

    def _log(self, request: ApiRequest, answer: Answer, milliseconds: float) -> None:
        entry = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "service": request.service,
            "action": request.action,
            "status": answer.code,
            "ms": round(milliseconds, 1),
        }
        with self._log_lock, self._api_log.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(entry) + "\n")


def _xml(status: str, body: bytes) -> Answer:
    return Answer(status, [("Content-Type", "text/xml;charset=UTF-8"), ("Content-Length", str(len(body)))], body)


def _json(status: str, document: dict[str, Any]) -> Answer:
    return Answer(status, [("Content-Type", "application/json")], json.dumps(document).encode())


def _call(app: WsgiApp, environ: dict[str, Any]) -> Answer:
    """Let the application answer, and keep the whole answer."""
    started: list[tuple[str, Headers]] = []

    def start_response(status: str, headers: Headers, *_: Any) -> None:
        started.append((status, headers))

    chunks = app(environ, start_response)
    try:
        body = b"".join(chunks)
    finally:
        if hasattr(chunks, "close"):
            chunks.close()
    status, headers = started[-1]
    return Answer(status, headers, body)
