"""A request and an answer, apart from the connection that they travel on."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import Message
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qsl, unquote, urlsplit


class Receiver(Protocol):
    """Reads a request's body, once."""

    def __call__(self) -> bytearray: ...


@dataclass
class Request:
    """A request. `path` holds the decoded segments of its path; a last one that is empty stands for a final slash."""

    method: str
    path: list[str]
    query: Mapping[str, str]
    headers: Message
    length: int
    read: Receiver


def parse_target(target: str) -> tuple[list[str], dict[str, str]]:
    """Segments of the path, and the query, of a request's target."""
    parts = urlsplit(target)
    path = [unquote(segment) for segment in parts.path.removeprefix("/").split("/")]
    return path, dict(parse_qsl(parts.query, keep_blank_values=True))


@dataclass
class Response:
    """An answer: a JSON value or bytes. `code` is the file whose text becomes the member `code` of `exec`."""

    status: int
    body: Any = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    code: Path | None = None

    def parts(self) -> list[bytes | Path]:
        """The body in pieces, the code of an action as the file that it is in."""
        if isinstance(self.body, bytes):
            return [self.body]
        if self.code is None:
            return [json.dumps(self.body).encode()]
        token = f"code-{uuid.uuid4()}"
        shown = {**self.body, "exec": {**self.body["exec"], "code": token}}
        before, after = json.dumps(shown).encode().split(token.encode())
        return [before, self.code, after]

    @property
    def content_type(self) -> str:
        return "text/html" if isinstance(self.body, bytes) else "application/json"
