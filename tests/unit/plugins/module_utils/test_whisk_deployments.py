# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Plans and changes against a server that answers as it is told."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.lambdafs.cluster.plugins.module_utils import whisk_deployment as deployment
from ansible_collections.lambdafs.cluster.plugins.module_utils import whisk_deployments
from ansible_collections.lambdafs.cluster.plugins.module_utils.whisk_client import Answer, Pieces, Refused, Retryable
from ansible_collections.lambdafs.cluster.plugins.module_utils.whisk_deployment import Wanted
from ansible_collections.lambdafs.cluster.plugins.module_utils.whisk_deployments import (
    Deployments,
    Interrupted,
    pieces,
    unsettled,
)

WANTED = Wanted("k:1", "Main", "c0de", {"memory": 256}, {"p": 1}, {"web-export": True})
CODE = memoryview(b"YWJj")
LIST = "/api/v1/namespaces/_/actions"


class FakeClient:
    """A namespace with actions; `troubles` holds errors to raise, one for each request of that method."""

    def __init__(self) -> None:
        self.actions: dict[str, dict[str, Any]] = {}
        self.troubles: dict[str, list[Exception | Callable[[], None]]] = {}
        self.requests: list[tuple[str, str, dict[str, Any]]] = []
        self._lock = threading.Lock()

    def get(self, path: str, **query: Any) -> Any:
        if path == LIST:
            self.requests.append(("LIST", "", query))
            return list(self.actions.values())[query["skip"] : query["skip"] + query["limit"]]
        name = path.rpartition("/")[2]
        self.requests.append(("GET", name, query))
        self._trouble("GET")
        if name not in self.actions:
            raise Refused(f"GET {path}", 404, "The requested resource does not exist.")
        return self.actions[name]

    def request(
        self, method: str, path: str, query: dict[str, Any] | None = None, body: Pieces | None = None
    ) -> Answer:
        name = path.rpartition("/")[2]
        sent = json.loads(b"".join(bytes(piece) for piece in body)) if body else {}
        with self._lock:
            self.requests.append((method, name, {**(query or {}), **sent}))
            self._trouble(method)
            if method == "DELETE":
                if self.actions.pop(name, None) is None:
                    raise Refused(f"DELETE {path}", 404, "gone")
            else:
                self.put(name, sent)
        return Answer(200, b"")

    def _trouble(self, method: str) -> None:
        if self.troubles.get(method):
            trouble = self.troubles[method].pop(0)
            if isinstance(trouble, Exception):
                raise trouble
            trouble()

    def put(self, name: str, sent: dict[str, Any]) -> None:
        present = self.actions.get(name, {"version": "0.0.0", "annotations": [], "parameters": [], "limits": {}})
        annotations = {**deployment.by_key(present["annotations"]), **deployment.by_key(sent.get("annotations", []))}
        run: dict[str, Any] = sent["exec"] if "exec" in sent else present["exec"]
        self.actions[name] = {
            "name": name,
            "namespace": "ns",
            "version": f"0.0.{int(present['version'].rpartition('.')[2]) + 1}",
            "updated": 1,
            "exec": run,
            "annotations": deployment.as_pairs({**annotations, "exec": run["kind"]}),
            "parameters": sent.get("parameters", present["parameters"]),
            "limits": {**present["limits"], **sent.get("limits", {})},
        }

    def methods(self) -> list[str]:
        return [method for method, _, _ in self.requests]


@pytest.fixture
def client() -> FakeClient:
    return FakeClient()


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whisk_deployments, "_FIRST_PAUSE", 0.001)


def deployments(client: FakeClient, parallel: int = 4) -> Deployments:
    return Deployments(client, "ns", parallel)  # type: ignore[arg-type]


def register(client: FakeClient, names: list[str], wanted: Wanted = WANTED, parallel: int = 4) -> None:
    actions = deployments(client, parallel)
    plan = actions.plan(actions.read(), names, wanted, verifying=False, prune=[])
    client.requests.clear()
    actions.apply(plan, wanted, CODE, verifying=False)


def test_a_list_is_read_page_by_page_and_only_of_the_namespace_itself(client: FakeClient) -> None:
    for index in range(401):
        client.put(f"a{index}", {"exec": {"kind": "k:1"}})
    client.actions["packaged"] = {**client.actions["a0"], "name": "packaged", "namespace": "ns/pkg"}
    found = deployments(client).read()
    assert len(found) == 401
    assert "packaged" not in found
    assert [query["skip"] for _, _, query in client.requests] == [0, 200, 400]


def test_nothing_is_asked_but_the_list_where_all_is_equal(client: FakeClient) -> None:
    register(client, ["a0", "a1"])
    actions = deployments(client)
    client.requests.clear()
    plan = actions.plan(actions.read(), ["a0", "a1"], WANTED, verifying=False, prune=[])
    assert (plan.changes, plan.equal) == ((), 2)
    assert client.methods() == ["LIST"]


def test_the_code_goes_with_new_deployments_only(client: FakeClient) -> None:
    register(client, ["a0"])
    register(client, ["a0", "a1"], Wanted("k:1", "Main", "c0de", {"memory": 512}, {"p": 1}, {"web-export": True}))
    puts = {name: body for method, name, body in client.requests if method == "PUT"}
    assert puts["a0"] == {"overwrite": True, "limits": {"memory": 512}}
    assert puts["a1"]["exec"] == {"kind": "k:1", "main": "Main", "code": "YWJj"}
    assert puts["a1"]["overwrite"] is False


def test_a_concurrent_modification_is_read_again_and_repeated(client: FakeClient) -> None:
    register(client, ["a0"])
    other = Wanted("k:1", "Main", "c0de", {"memory": 512, "timeout": 7}, {"p": 1}, {"web-export": True})

    def meanwhile() -> None:
        client.put("a0", {"limits": {"memory": 512}})
        raise Retryable("PUT a0: HTTP 409: Concurrent modification to resource detected.")

    client.troubles["PUT"] = [meanwhile]
    register(client, ["a0"], other)
    assert client.methods() == ["PUT", "GET", "PUT"]
    assert client.requests[-1][2] == {"overwrite": True, "limits": {"timeout": 7}}


def test_a_creation_whose_answer_was_lost_is_not_repeated(client: FakeClient) -> None:
    def lost() -> None:
        body = {**deployment.creation("a0", WANTED).body}
        client.put("a0", body)
        raise Retryable("PUT a0: no answer")

    client.troubles["PUT"] = [lost]
    register(client, ["a0"])
    assert client.methods() == ["PUT", "GET"]
    assert client.actions["a0"]["version"] == "0.0.1"


def test_a_removal_of_what_is_gone_is_one(client: FakeClient) -> None:
    register(client, ["a0", "a1"])
    actions = deployments(client)
    plan = actions.plan_removal(actions.read(), ["a0", "a1", "a2"])
    del client.actions["a1"]
    client.troubles["DELETE"] = [Retryable("DELETE: HTTP 409: Concurrent modification to resource detected.")]
    actions.apply(plan, None, CODE, verifying=False)
    assert plan.names("remove") == ["a0", "a1"]
    assert client.actions == {}


def test_retries_are_bounded(client: FakeClient) -> None:
    client.troubles["PUT"] = [Retryable("HTTP 503: Service Unavailable")] * 100
    with pytest.raises(Interrupted, match="HTTP 503: Service Unavailable; 0 of 1 changes were made"):
        register(client, ["a0"])
    assert client.methods().count("PUT") == 6


def test_any_other_refusal_ends_it_with_what_was_done(client: FakeClient) -> None:
    client.troubles["PUT"] = [lambda: None, Refused("PUT a1", 409, "resource already exists")]
    with pytest.raises(Interrupted, match="PUT a1: HTTP 409: resource already exists; 1 of 9 changes") as stopped:
        register(client, [f"a{index}" for index in range(9)], parallel=1)
    assert [change.name for change in stopped.value.done] == ["a0"]
    assert client.methods().count("PUT") == 2


def test_a_deployment_that_went_away_is_made_anew(client: FakeClient) -> None:
    register(client, ["a0"])
    actions = deployments(client)
    present = actions.read()
    client.actions.clear()
    plan = actions.plan(present, ["a0"], Wanted("k:1", "Main", "new", {}, {}, {}), verifying=False, prune=[])
    assert plan.names("create") == ["a0"]


def test_what_a_list_does_not_show_yet_is_named(client: FakeClient) -> None:
    register(client, ["a0", "a1"])
    present = deployments(client).read()
    assert unsettled(present, ["a0", "a1"], WANTED, []) == ""
    assert unsettled(present, ["a0", "a2"], WANTED, ["a1"]) == "a1, a2"


def test_the_code_lies_between_the_pieces_uncopied() -> None:
    for body in ({"exec": {"kind": "k"}}, {"exec": {"kind": "k"}, "limits": {"memory": 1}, "parameters": []}):
        made = pieces(body, CODE)
        assert made.pieces[1] is CODE
        text = b"".join(bytes(piece) for piece in made)
        assert len(text) == len(made)
        assert json.loads(text) == {**body, "exec": {"kind": "k", "code": "YWJj"}}
    assert json.loads(b"".join(bytes(piece) for piece in pieces({"limits": {}}, None))) == {"limits": {}}
