from __future__ import annotations

import base64
import json
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.lambdafs.cluster.plugins.module_utils.eks_access_check import ask, make_token
from ansible_collections.lambdafs.cluster.plugins.module_utils.eks_preflight import Access

from tests.openwhisk.certificate import self_signed
from tests.unit.plugins.eks_answers import NAME, recorded


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
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """What DescribeCluster tells of a cluster whose API is served here over TLS."""
    certificate, key = self_signed(tmp_path_factory.mktemp("tls"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server = HTTPServer(("127.0.0.1", 0), Api)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield described(f"https://127.0.0.1:{server.server_port}", certificate.read_bytes())
    server.shutdown()
    server.server_close()


def described(endpoint: str, authority: bytes) -> dict[str, Any]:
    return {"endpoint": endpoint, "certificateAuthority": {"data": base64.b64encode(authority).decode()}}


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        ("admin", Access(201, allowed=True)),
        ("viewer", Access(201, allowed=False)),
        ("stranger", Access(401, words="Unauthorized")),
    ],
)
def test_the_answer_is_the_apis(cluster: dict[str, Any], token: str, expected: Access) -> None:
    assert ask(cluster, token) == expected


def test_an_api_with_another_authority_is_not_told_the_token(cluster: dict[str, Any], tmp_path: Path) -> None:
    other, _key = self_signed(tmp_path)
    access = ask(described(cluster["endpoint"], other.read_bytes()), "admin")
    assert access.status == 0
    assert "CERTIFICATE_VERIFY_FAILED" in access.words


def test_nobody_there_is_told(tmp_path: Path) -> None:
    certificate, _key = self_signed(tmp_path)
    access = ask(described("https://127.0.0.1:1", certificate.read_bytes()), "admin")
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
