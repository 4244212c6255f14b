"""What an AWS API request asks for, and answers that do not need a cloud: pure functions on bytes."""

from __future__ import annotations

import hashlib
import json
import uuid
from dataclasses import dataclass
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

_VERSIONS = {"2016-11-15": "ec2", "2011-06-15": "sts", "2010-05-08": "iam", "2011-01-01": "autoscaling"}
_UNSIGNED_BY_DESIGN = {"AssumeRoleWithSAML", "AssumeRoleWithWebIdentity"}
_READING = ("Describe", "Get", "List", "Simulate", "Decode")


@dataclass(frozen=True)
class ApiRequest:
    """One request.

    Attributes:
        service: signing name such as `ec2`, or an empty text where it is unknown.
        action: operation such as `RunInstances`; `METHOD /path` for REST services.
        client_token: the caller's idempotency token, or an empty text.
        fingerprint: hash over everything that the request says.
    """

    service: str
    region: str
    action: str
    is_signed: bool
    client_token: str
    fingerprint: str

    @property
    def changes_something(self) -> bool:
        return not self.action.startswith((*_READING, "GET ", "HEAD "))

    @property
    def may_be_unsigned(self) -> bool:
        return self.action in _UNSIGNED_BY_DESIGN


def read_request(method: str, path: str, headers: dict[str, str], query: str, body: bytes) -> ApiRequest:
    """Find out what a request asks for.

    Args:
        headers: by lower-case name.
        query: the query string of the URL.
    """
    authorization = headers.get("authorization", "")
    scope = authorization.partition("Credential=")[2].partition(",")[0].split("/")
    region, service = (scope[-3], scope[-2]) if len(scope) >= 5 else ("", "")
    form = dict(parse_qsl(query))
    if "x-www-form-urlencoded" in headers.get("content-type", ""):
        form.update(parse_qsl(body.decode("utf-8", errors="replace")))
    target = headers.get("x-amz-target", "").rpartition(".")[2]
    signed_by_query = "X-Amz-Signature" in form or "Signature" in form
    return ApiRequest(
        service=service or _VERSIONS.get(form.get("Version", ""), ""),
        region=region,
        action=form.get("Action") or target or f"{method} {path}",
        is_signed=bool(authorization) or signed_by_query,
        client_token=form.get("ClientToken", ""),
        fingerprint=hashlib.sha256(json.dumps([method, path, sorted(form.items())]).encode()).hexdigest(),
    )


def error_body(service: str, code: str, message: str) -> bytes:
    """An error document in the form that the service's clients read."""
    request_id = uuid.uuid4()
    inner = f"<Code>{escape(code)}</Code><Message>{escape(message)}</Message>"
    if service == "ec2":
        text = f"<Response><Errors><Error>{inner}</Error></Errors><RequestID>{request_id}</RequestID></Response>"
    else:
        error = f"<Error><Type>Sender</Type>{inner}</Error>"
        text = f"<ErrorResponse>{error}<RequestId>{request_id}</RequestId></ErrorResponse>"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}'.encode()


def unsigned_answer(service: str) -> tuple[str, bytes]:
    """Status line and body of AWS's answer to a request without credentials."""
    if service == "ec2":
        message = "The request must contain the parameter AWSAccessKeyId"
        return "400 Bad Request", error_body(service, "MissingParameter", message)
    return "403 Forbidden", error_body(service, "MissingAuthenticationToken", "Request is missing Authentication Token")
