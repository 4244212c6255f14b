"""Settings, keys, store and activations of the stand-in for OpenWhisk."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from email.message import Message
from pathlib import Path
from typing import Any

import pytest

from lab.errors import LabError
from lab.openwhisk import activations, auth, handlers, limits, query, runtimes, units, web
from lab.openwhisk.activations import Activations
from lab.openwhisk.errors import ApiError
from lab.openwhisk.invokers import Invokers
from lab.openwhisk.limits import Limits, Range
from lab.openwhisk.names import EntityName
from lab.openwhisk.request import Request, Response, parse_target
from lab.openwhisk.store import ACTION, PACKAGE, Entity, Store

NAME = EntityName("guest", "", "a")
KEY = "00000000-0000-4000-8000-000000000001:" + "k" * 64


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = Store(tmp_path)
    made.prepare()
    return made


def action(**more: Any) -> dict[str, Any]:
    return {
        "name": "a",
        "namespace": "guest",
        "version": "0.0.1",
        "annotations": [],
        "parameters": [],
        "limits": {"memory": 256, "timeout": 60000, "concurrency": 1},
        "exec": {"kind": "nodejs:20"},
        **more,
    }


@pytest.mark.parametrize(("text", "size"), [("256m", 256), ("256 MB", 256), ("2g", 2048), (" 0m ", 0)])
def test_sizes(text: str, size: int) -> None:
    assert units.megabytes(text) == size


@pytest.mark.parametrize(("text", "time"), [("50ms", 50), ("10m", 600_000), ("2 minutes", 120_000), ("1 s", 1000)])
def test_durations(text: str, time: int) -> None:
    assert units.milliseconds(text) == time


@pytest.mark.parametrize("text", ["", "m", "1.5m", "3 parsecs"])
def test_other_sizes_are_refused(text: str) -> None:
    with pytest.raises(LabError, match="change the setting"):
        units.megabytes(text)


def test_limits_come_from_the_variables_of_the_controller() -> None:
    found = limits.from_environment(
        {
            "CONFIG_whisk_memory_max": "45000m",
            "CONFIG_whisk_timeLimit_min": "50ms",
            "CONFIG_whisk_concurrencyLimit_max": "100",
            "LIMITS_ACTIONS_INVOKES_PERMINUTE": "999999",
        }
    )
    assert found.memory == Range(128, 45000, 256)
    assert found.timeout == Range(50, 300_000, 60_000)
    assert found.concurrency == Range(1, 100, 1)
    assert (found.invocations_per_minute, found.concurrent_invocations) == (999999, 30)


def test_a_manifest_is_shown_as_the_root_does() -> None:
    manifest = {"runtimes": {"java": [{"kind": "java:8", "image": {"prefix": "p", "name": "n", "tag": "t"}}]}}
    assert runtimes.parse(json.dumps(manifest)).as_info() == {
        "java": [
            {
                "kind": "java:8",
                "image": "p/n:t",
                "deprecated": False,
                "default": False,
                "attached": False,
                "requireMain": False,
            }
        ]
    }
    for broken in ("{", "{}", '{"runtimes": {"java": [{}]}}'):
        with pytest.raises(LabError, match="RUNTIMES_MANIFEST"):
            runtimes.parse(broken)


def header(key: str) -> str:
    return "Basic " + base64.b64encode(key.encode()).decode()


def test_keys_are_read_from_json_and_from_the_files_of_a_secret(tmp_path: Path) -> None:
    file = tmp_path / "auth.json"
    file.write_text(json.dumps({"mine": KEY}))
    assert auth.load(file).namespace(header(KEY)) == "mine"
    secret = tmp_path / "secret"
    (secret / "..data").mkdir(parents=True)
    (secret / "system").write_text(KEY + "\n")
    (secret / "other").write_text(KEY.replace("k", "o"))
    assert auth.load(secret).namespaces == ["other", "whisk.system"]


@pytest.mark.parametrize("text", ["", "{}", '{"mine": "short"}', "[]"])
def test_files_without_a_usable_key_are_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "auth.json"
    file.write_text(text)
    with pytest.raises(LabError, match="expected"):
        auth.load(file)


@pytest.mark.parametrize("given", [None, "", "Basic", "Basic !", f"Bearer {KEY}", header(KEY + "k"), header(":")])
def test_other_keys_open_nothing(given: str | None) -> None:
    with pytest.raises(ApiError) as refusal:
        auth.Keys({"mine": KEY}).namespace(given)
    assert refusal.value.status == 401


def test_a_page_is_bounded() -> None:
    assert query.page({}) == query.Page(30, 0, False)
    assert query.page({"limit": "0", "skip": "5", "count": "true"}) == query.Page(200, 5, True)
    for wrong in ({"limit": "201"}, {"limit": "x"}, {"skip": "-1"}, {"count": "maybe"}):
        with pytest.raises(ApiError) as refusal:
            query.page(wrong)
        assert refusal.value.status == 400


def test_targets_are_decoded_after_they_are_split() -> None:
    assert parse_target("/api/v1/a%2Fb%20c/?x=1&y=") == (["api", "v1", "a/b c", ""], {"x": "1", "y": ""})


def test_an_entity_is_written_only_in_the_place_of_what_was_read(store: Store) -> None:
    store.put(NAME, ACTION, action(), "", None)
    first = store.get(NAME, ACTION)
    store.put(NAME, ACTION, action(version="0.0.2"), "", first)
    for attempt in (
        lambda: store.put(NAME, ACTION, action(), "", first),
        lambda: store.put(NAME, ACTION, action(), "", None),
        lambda: store.delete(NAME, first),
    ):
        with pytest.raises(ApiError, match="Concurrent modification to resource detected") as conflict:
            attempt()
        assert conflict.value.status == 409
    assert store.get(NAME, ACTION).document["version"] == "0.0.2"


def test_a_name_belongs_to_one_collection(store: Store) -> None:
    store.put(NAME, PACKAGE, {"name": "a"}, "", None)
    with pytest.raises(ApiError, match="not in this collection"):
        store.find(NAME, ACTION)


def test_code_is_kept_once_and_goes_when_no_action_has_it(store: Store) -> None:
    kept, lost = store.keep_code(memoryview(b"YWJj")), store.keep_code(memoryview(b"ZGVm"))
    assert store.keep_code(memoryview(b"YWJj")) == kept
    store.put(NAME, ACTION, action(), kept, None)
    store.prepare()
    assert store.code_path(kept).read_bytes() == b"YWJj"
    assert not store.code_path(lost).exists()


def run(store: Store, handler: handlers.Handler, allowed: Limits | None = None, wait: int = 10_000) -> Any:
    runner = Activations(store, handler, allowed or Limits())
    return runner.run(NAME, Entity(action(), 1, "hash"), {"p": 1}, wait)


def test_an_activation_tells_what_came_of_it(store: Store) -> None:
    identity, ended = run(store, handlers.echo)
    assert ended["response"] == {
        "status": "success",
        "success": True,
        "result": {
            "statusCode": 200,
            "body": {"name": "a", "memory": 256, "activationId": identity, "parameters": {"p": 1}},
        },
    }
    assert store.activation("guest", identity) == ended
    with pytest.raises(ApiError):
        store.activation("other", identity)


def _fails(_: handlers.Invocation) -> object:
    raise RuntimeError("broken")


@pytest.mark.parametrize(
    ("handler", "status", "result"),
    [
        (lambda _: {"error": "no"}, "application error", {"error": "no"}),
        (_fails, "action developer error", {"error": "RuntimeError: broken"}),
        (lambda _: "text", "action developer error", {"error": "The action did not return a dictionary."}),
    ],
)
def test_a_result_is_judged(store: Store, handler: handlers.Handler, status: str, result: Mapping[str, Any]) -> None:
    _, ended = run(store, handler)
    assert (ended["response"]["status"], ended["response"]["result"]) == (status, result)
    assert ended["response"]["success"] is False


def test_a_namespace_that_has_used_up_what_it_may_run_is_refused(store: Store) -> None:
    run(store, handlers.echo)
    with pytest.raises(ApiError, match="last minute") as refusal:
        run(store, handlers.echo, Limits(invocations_per_minute=1))
    assert refusal.value.status == 429
    with pytest.raises(ApiError, match="concurrent"):
        run(store, handlers.echo, Limits(concurrent_invocations=0))


def test_final_parameters_cannot_be_overridden() -> None:
    bound = action(parameters=[{"key": "a", "value": 1}], annotations=[{"key": "final", "value": True}])
    assert activations.parameters_of(bound, {"b": 2}) == {"a": 1, "b": 2}
    with pytest.raises(ApiError) as refusal:
        activations.parameters_of(bound, {"a": 2})
    assert refusal.value.status == 400


def answer(status: str, result: dict[str, Any], extension: str = ".http") -> Response:
    return web.answer({"response": {"status": status, "result": result}}, "id", extension)


def test_a_web_answer_is_made_of_the_result() -> None:
    shown = answer("success", {"statusCode": 201, "headers": {"x": 1}, "body": {"a": 1}})
    assert (shown.status, shown.body, shown.headers) == (201, {"a": 1}, {"x": "1"})
    assert (answer("success", {}).status, answer("success", {}).body) == (204, b"")
    assert answer("success", {"body": "<p>"}).headers == {"Content-Type": "text/html; charset=UTF-8"}
    assert (answer("success", {"a": 1}, ".json").body) == {"a": 1}
    assert answer("application error", {"error": {"statusCode": 404, "body": {}}}).status == 404
    assert (answer("application error", {"error": "no"}).status) == 400
    assert web.answer(None, "id", ".http") == Response(202, {"activationId": "id"})
    with pytest.raises(ApiError) as broken:
        answer("action developer error", {"error": "x"})
    assert broken.value.status == 502


def test_a_web_action_can_ask_for_a_secret() -> None:
    exported = action(
        annotations=[{"key": "web-export", "value": True}, {"key": "require-whisk-auth", "value": "secret"}]
    )
    headers = Message()
    request = Request("GET", [], {}, headers, 0, bytearray)
    with pytest.raises(ApiError) as refusal:
        web.check_exported(exported, request)
    assert refusal.value.status == 401
    headers["X-Require-Whisk-Auth"] = "secret"
    web.check_exported(exported, request)


def test_code_goes_into_an_answer_as_a_file(tmp_path: Path) -> None:
    code = tmp_path / "code"
    code.write_bytes(b"YWJj")
    parts = Response(200, {"exec": {"kind": "k"}, "name": "n"}, code=code).parts()
    text = b"".join(part if isinstance(part, bytes) else part.read_bytes() for part in parts)
    assert json.loads(text) == {"exec": {"kind": "k", "code": "YWJj"}, "name": "n"}


def test_invokers_are_healthy_unless_a_file_says_otherwise(tmp_path: Path) -> None:
    invokers = Invokers(tmp_path, 3)
    assert invokers.healthy() == len(invokers.states()) == 3
    (tmp_path / "invokers.json").write_text('{"invoker0": "down"}')
    assert (invokers.states(), invokers.healthy()) == ({"invoker0": "down"}, 0)


def test_a_handler_is_named_by_module_and_function() -> None:
    assert handlers.load("lab.openwhisk.handlers:echo") is handlers.echo
    for wrong in ("lab.openwhisk.handlers:none", "no.such:module", ""):
        with pytest.raises(LabError, match="change --handler"):
            handlers.load(wrong)
