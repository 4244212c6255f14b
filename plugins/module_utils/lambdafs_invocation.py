# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What λFS's client sends to a NameNode through OpenWhisk's web path, and what the answer tells."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

CLIENT_NAME = "lambdafs.cluster probe"
# NameNodes do nothing but start, and connect to the client
PREWARM = "prewarm"
# Runs of these in a serialised Java exception are its class, its message and its stack
_READABLE = re.compile(rb"[ -~]{6,}")
_READABLE_SHOWN = 3
_MESSAGE_SHOWN = 300


@dataclass(frozen=True)
class Caller:
    """Where NameNodes connect to: the client's address and its TCP port, 0 where it has none."""

    address: str
    tcp_port: int


def body_of(request_id: str, caller: Caller, operation: str = PREWARM) -> bytes:
    """The JSON of one request.

    Requests of λFS come in batches by their ids; releases before these took one request, beside what is common to all.
    Both forms are here. The log level is left out: its type differs between them.
    """
    request = {
        "op": operation,
        "fsArgs": {},
        "clientName": CLIENT_NAME,
        "isClientInvoker": True,
        "INVOKER_IDENTITY": CLIENT_NAME,
        "requestId": request_id,
    }
    common = {
        "command-line-arguments": "-regular",
        "clientInternalIp": caller.address,
        "TCP_PORT": [caller.tcp_port] if caller.tcp_port else [],
        "UDP_PORT": [],
        "tcpEnabled": bool(caller.tcp_port),
        "udpEnabled": False,
        "CONSISTENCY_PROTOCOL_ENABLED": True,
        "BENCHMARK_MODE": False,
        "debugNdb": False,
    }
    return json.dumps({"value": {**request, **common, "BATCH": {request_id: request}}}).encode()


def problem_of(body: bytes, request_id: str) -> str:
    """What a NameNode's answer says is wrong; empty if nothing is.

    Args:
        body: the answer of HTTP status 200.
        request_id: the request that it answers.
    """
    try:
        answer = json.loads(body)
    except ValueError:
        return f"an answer that is no JSON, {body[:80]!r}"
    if isinstance(answer, Mapping) and isinstance(answer.get("body"), Mapping):
        answer = answer["body"]
    if isinstance(answer, Mapping) and isinstance(answer.get(request_id), Mapping):
        answer = answer[request_id]
    if not isinstance(answer, Mapping) or not _is_result(answer, request_id):
        return f"an answer that is no NameNode's, {body[:200].decode('utf-8', 'replace')!r}"
    return "; ".join(_texts(answer.get("EXCEPTIONS")) + _serialised(answer.get("EXCEPTION")))[:_MESSAGE_SHOWN]


def _is_result(answer: Mapping[str, Any], request_id: str) -> bool:
    known = {"RESULT", "EXCEPTION", "EXCEPTIONS", "DUPLICATE-REQUEST", "NAME_NODE_ID", "op"}
    return answer.get("requestId", request_id) == request_id and bool(known & set(answer))


def _texts(exceptions: Any) -> list[str]:
    values = exceptions.values() if isinstance(exceptions, Mapping) else exceptions or []
    return [" ".join(str(value).split()) for value in ([values] if isinstance(values, str) else values)]


def _serialised(exception: Any) -> list[str]:
    """The readable parts of a Java exception in base64."""
    if not exception:
        return []
    try:
        raw = base64.b64decode(str(exception), validate=True)
    except binascii.Error:
        return [str(exception)]
    parts = [part.decode("ascii").strip() for part in _READABLE.findall(raw)]
    return [" ".join(parts[:_READABLE_SHOWN]) or "an exception without a message"]
