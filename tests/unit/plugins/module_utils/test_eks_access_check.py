from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from ansible_collections.lambdafs.cluster.plugins.module_utils.eks_access_check import ask, make_token
from ansible_collections.lambdafs.cluster.plugins.module_utils.eks_preflight import Access

from tests.unit.plugins.eks_answers import NAME, recorded

BUNDLE = base64.b64encode(b"").decode()


class Api(BaseHTTPRequestHandler):
    """Answers a review with what the token says."""

    def do_POST(self) -> None:
        review = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        assert self.path.endswith("/selfsubjectaccessreviews")
        assert review["spec"]["resourceAttributes"]["verb"] == "*"
        bearer = self.headers["Authorization"].removeprefix("Bearer ")
        if bearer == "stranger":
            self.send_error(401)
            return
        self.send_response(201)
        self.end_headers()
        self.wfile.write(json.dumps({"status": {"allowed": bearer == "admin"}}).encode())

    def log_message(self, *_arguments: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Api)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def any_authority(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ssl.create_default_context", lambda cadata: None)


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        ("admin", Access(201, allowed=True)),
        ("viewer", Access(201, allowed=False)),
        ("stranger", Access(401, words="Unauthorized")),
    ],
)
def test_the_answer_is_the_apis(endpoint: str, token: str, expected: Access) -> None:
    assert ask({"endpoint": endpoint, "certificateAuthority": {"data": BUNDLE}}, token) == expected


def test_nobody_there_is_told() -> None:
    access = ask({"endpoint": "http://127.0.0.1:1", "certificateAuthority": {"data": BUNDLE}}, "admin")
    assert access.status == 0
    assert "refused" in access.words


def test_a_token_is_a_signed_question_to_sts_for_one_cluster() -> None:
    with recorded("sts") as sts:
        token = make_token(sts, NAME)
    prefix, _, encoded = token.partition(".")
    url = base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)).decode()
    assert prefix == "k8s-aws-v1"
    assert "Action=GetCallerIdentity" in url
    assert "X-Amz-SignedHeaders=host%3Bx-k8s-aws-id" in url
    assert "X-Amz-Expires=60" in url
