"""What an action becomes by a PUT."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lab.openwhisk import actions, body, limits, runtimes
from lab.openwhisk.errors import ApiError
from lab.openwhisk.limits import Limits, Range
from lab.openwhisk.names import EntityName, entity

NAME = EntityName("whisk.system", "", "namenode0")
LIMITS = Limits(memory=Range(128, 45000, 256), concurrency=Range(1, 100, 1))
RUNTIMES = runtimes.parse(None)
CODE = memoryview(b"YWJj")
EXEC = {"kind": "generic-namenode:10", "main": "Main", "code": "YWJj"}


def created(**given: Any) -> dict[str, Any]:
    return actions.created(NAME, {"exec": EXEC, **given}, CODE, LIMITS, RUNTIMES)


def updated(present: dict[str, Any], **given: Any) -> dict[str, Any]:
    return actions.updated(present, given, CODE if "exec" in given else None, LIMITS, RUNTIMES)


def test_a_new_action_gets_what_the_platform_adds() -> None:
    made = created(annotations=[{"key": "final", "value": True}], limits={"memory": 20000})
    assert made["version"] == "0.0.1"
    assert made["publish"] is False
    assert made["exec"] == {"kind": "generic-namenode:10", "binary": True, "main": "Main"}
    assert made["limits"] == {"timeout": 60000, "memory": 20000, "logs": 10, "concurrency": 1}
    assert actions.mapping(made["annotations"]) == {
        "final": True,
        "provide-api-key": False,
        "exec": "generic-namenode:10",
    }


def test_every_put_raises_the_version_and_keeps_what_it_does_not_name() -> None:
    present = created(parameters=[{"key": "a", "value": 1}])
    same = updated(present)
    assert same == {**present, "version": "0.0.2"}
    assert updated(present, version="1.0.0")["version"] == "1.0.0"


def test_parameters_are_replaced_as_a_whole() -> None:
    present = created(parameters=[{"key": "a", "value": 1}, {"key": "b", "value": 2}])
    assert updated(present, parameters=[{"key": "c", "value": 3}])["parameters"] == [{"key": "c", "value": 3}]


def test_annotations_and_limits_are_merged_and_annotations_removed() -> None:
    present = created(annotations=[{"key": "a", "value": 1}, {"key": "b", "value": 2}], limits={"memory": 512})
    changed = updated(
        present, annotations=[{"key": "b", "value": 3}], delAnnotations=["a", "exec"], limits={"concurrency": 4}
    )
    assert actions.mapping(changed["annotations"]) == {
        "b": 3,
        "provide-api-key": False,
        "exec": "generic-namenode:10",
    }
    assert (changed["limits"]["memory"], changed["limits"]["concurrency"]) == (512, 4)


def test_an_update_does_not_add_the_annotation_of_new_actions() -> None:
    present = updated(created(), delAnnotations=["provide-api-key"])
    assert set(actions.mapping(updated(present)["annotations"])) == {"exec"}


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"exec": None}, 400),
        ({"exec": {"kind": "cobol:1", "code": "x"}}, 400),
        ({"exec": {"kind": "generic-namenode:10", "code": "x"}}, 400),
        ({"exec": {"kind": "nodejs:20"}}, 400),
        ({"limits": {"memory": "512"}}, 400),
        ({"limits": {"memory": True}}, 400),
        ({"limits": {"memory": 127}}, 400),
        ({"annotations": [{"key": "a"}]}, 400),
        ({"version": "1"}, 400),
        ({"parameters": [{"key": "a", "value": "x" * limits.PARAMETER_BYTES}]}, 413),
    ],
)
def test_what_cannot_be_is_refused(given: dict[str, Any], status: int) -> None:
    code = CODE if (given.get("exec") or EXEC).get("code") else None
    with pytest.raises(ApiError) as refusal:
        actions.created(NAME, {"exec": EXEC, **given}, code, LIMITS, RUNTIMES)
    assert refusal.value.status == status


def test_code_and_main_class_together_have_a_limit() -> None:
    largest = memoryview(b"A" * (limits.EXEC_BYTES - len("Main")))
    assert actions.executable(EXEC, largest, RUNTIMES)["binary"] is True
    with pytest.raises(ApiError) as refusal:
        actions.executable({**EXEC, "main": "Mains"}, largest, RUNTIMES)
    assert refusal.value.status == 413


@pytest.mark.parametrize(
    ("code", "binary"),
    [(b"YWJj", True), (b"YWI=", True), (b"YQ==", True), (b"", False), (b"YWJ", False), (b"a.b=", False)],
)
def test_code_is_binary_if_it_is_base64(code: bytes, binary: bool) -> None:
    assert actions.is_binary(memoryview(code)) is binary


def test_a_list_shows_neither_parameters_nor_code() -> None:
    shown = actions.summary({**created(parameters=[{"key": "a", "value": 1}]), "updated": 1})
    assert shown["exec"] == {"binary": True}
    assert "parameters" not in shown


def test_the_default_of_a_family_is_resolved() -> None:
    assert RUNTIMES.resolve("nodejs:default")["kind"] == "nodejs:20"
    with pytest.raises(ApiError, match="Valid values are: 'generic-namenode:10', 'nodejs:20'"):
        RUNTIMES.resolve("nodejs:6")


@pytest.mark.parametrize("name", ["", "a/b", "a b ", " a", "ä", "a" * 257, "a\n"])
def test_other_names_than_the_rule_allows_are_refused(name: str) -> None:
    with pytest.raises(ApiError):
        entity("guest", name)


def test_the_default_package_is_none() -> None:
    assert entity("guest", "default", "a b@c.d&e-f") == EntityName("guest", "", "a b@c.d&e-f")
    assert entity("guest", "pkg", "a").full == "guest/pkg/a"


def test_large_code_is_taken_from_where_it_was_received() -> None:
    code = "QUJD" * 30_000
    parameter = {"key": "k", "value": {"code": code, "quoted": '"code":"' + code + '"'}}
    value = {"exec": {"kind": "nodejs:20", "code": code}, "parameters": [parameter]}
    raw = bytearray(json.dumps(value).encode())
    parsed = body.parse(raw)
    text = parsed.code()
    assert text is not None
    assert text.obj is raw
    assert bytes(text).decode() == code
    assert parsed.value["parameters"] == [parameter]


def test_small_and_escaped_code_is_taken_as_well() -> None:
    for code in ("function main() { return {} }", 'say("\\n")' * 10_000):
        text = body.parse(bytearray(json.dumps({"exec": {"code": code}}).encode())).code()
        assert text is not None
        assert json.loads(f'"{bytes(text).decode()}"') == code


@pytest.mark.parametrize("raw", [b"[]", b"{", b'"code"', b"\xff"])
def test_a_body_that_is_no_object_is_refused(raw: bytes) -> None:
    with pytest.raises(ApiError) as refusal:
        body.parse(bytearray(raw))
    assert refusal.value.status == 400
