"""Judges requests and answers by `contract.yaml`."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import yaml
from jsonschema import Draft7Validator

BASE = "/api/v1"
_SEGMENTS = {"NS": r"[^/]+", "NAME": r"[^/]+(?:/[^/]+)?", "ID": r"[^/]+"}
_EVERYWHERE = {401: "error", 403: "error", 500: "error"}


@dataclass(frozen=True)
class Operation:
    """One operation of the API."""

    method: str
    path: re.Pattern[str]
    query: frozenset[str]
    body: str | None
    answers: Mapping[int, str]


@dataclass(frozen=True)
class Exchange:
    """A request and its answer; the bodies as they were sent."""

    method: str
    target: str
    body: bytes
    status: int
    headers: Mapping[str, str]
    answer: bytes


@cache
def document() -> dict[str, Any]:
    """The contract."""
    loaded: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("contract.yaml").read_text(encoding="utf-8"))
    return loaded


@cache
def operations() -> tuple[Operation, ...]:
    """Its operations."""
    return tuple(
        Operation(
            entry["method"],
            re.compile("/".join(_SEGMENTS.get(part, part) for part in entry["path"].split("/"))),
            frozenset(entry.get("query", ())),
            entry.get("body"),
            {**_EVERYWHERE, **entry["answers"]},
        )
        for entry in document()["operations"]
    )


@cache
def validator(schema: str) -> Draft7Validator:
    """The validator of one of its schemas."""
    return Draft7Validator({"$ref": f"#/schemas/{schema}", "schemas": document()["schemas"]})


def _complaints(what: str, schema: str, body: bytes) -> list[str]:
    """What of a body breaks the schema."""
    try:
        value = json.loads(body)
    except ValueError:
        return [f"{what}: no JSON: {body[:80]!r}"]
    return [f"{what}: {error.json_path}: {error.message[:200]}" for error in validator(schema).iter_errors(value)]


def violations(exchange: Exchange) -> list[str]:
    """What of an exchange breaks the contract; nothing is said of what lies outside `BASE` and of web actions.

    A request that the server refused with 400 or 413 may break it: that is what these answers say.
    """
    parts = urlsplit(exchange.target)
    if not parts.path.startswith(f"{BASE}/") or parts.path.startswith(f"{BASE}/web/"):
        return []
    path, query = parts.path.removeprefix(BASE), set(parse_qs(parts.query, keep_blank_values=True))
    shown = f"{exchange.method} {exchange.target} ({exchange.status})"
    found = [one for one in operations() if one.method == exchange.method and one.path.fullmatch(path)]
    if not found:
        return [f"{shown}: no such operation"]
    operation = found[0]
    problems: list[str] = []
    if exchange.status not in (400, 413):
        problems += [f"{shown}: query has {name}" for name in sorted(query - operation.query)]
        if operation.body is not None:
            problems += _complaints(f"{shown}: request", operation.body, exchange.body or b"{}")
    if exchange.status not in operation.answers:
        return [*problems, f"{shown}: no such status"]
    if "X-Request-ID" not in exchange.headers:
        problems.append(f"{shown}: no X-Request-ID")
    return problems + _complaints(f"{shown}: answer", operation.answers[exchange.status], exchange.answer)
