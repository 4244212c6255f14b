# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A deployment as it should be and as it is, compared."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.lambdafs.cluster.plugins.module_utils import whisk_deployment as deployment
from ansible_collections.lambdafs.cluster.plugins.module_utils.whisk_deployment import Registered, Wanted

WANTED = Wanted(
    kind="generic-namenode:10",
    main="Main",
    code_sha256="c0de",
    limits={"memory": 20000, "concurrency": 4},
    parameters={"actionMemory": 20000},
    annotations={"web-export": True, "raw-http": False, "final": True},
)


def action(**more: Any) -> dict[str, Any]:
    """The action that the server makes of what is wanted."""
    annotations = {**WANTED.all_annotations, "provide-api-key": False, "exec": WANTED.kind}
    return {
        "name": "namenode0",
        "namespace": "whisk.system",
        "version": "0.0.1",
        "updated": 1,
        "exec": {"kind": WANTED.kind, "main": "Main", "binary": True},
        "limits": {"memory": 20000, "concurrency": 4, "timeout": 60000, "logs": 10},
        "annotations": deployment.as_pairs(annotations),
        "parameters": deployment.as_pairs(WANTED.parameters),
        **more,
    }


def listed() -> Registered:
    """The deployment as a list shows it."""
    return deployment.from_list({name: value for name, value in action().items() if name not in ("exec", "parameters")})


def read(**more: Any) -> Registered:
    """The deployment as it is read on its own."""
    return deployment.from_action(action(**more))


def test_what_the_server_makes_of_a_wish_is_equal_to_it() -> None:
    assert deployment.is_equal(listed(), WANTED)
    assert deployment.is_equal(read(), WANTED)
    assert deployment.update(read(), WANTED) is None


def test_the_order_of_pairs_and_members_does_not_count() -> None:
    shuffled = replace(WANTED, parameters={"b": {"y": 1, "x": 2}, "a": 1})
    other = replace(WANTED, parameters={"a": 1, "b": {"x": 2, "y": 1}})
    assert shuffled.spec_sha256 == other.spec_sha256
    assert deployment.from_action(action(annotations=action()["annotations"][::-1])) == read()


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "java:8"},
        {"main": "Other"},
        {"code_sha256": "0ther"},
        {"limits": {"memory": 22000}},
        {"limits": {"timeout": 1}},
        {"parameters": {}},
        {"annotations": {"web-export": True}},
        {"annotations": {**WANTED.annotations, "more": 1}},
    ],
)
def test_a_list_shows_every_difference(change: dict[str, Any]) -> None:
    assert not deployment.is_equal(listed(), replace(WANTED, **change))


def test_what_is_left_to_the_platform_is_not_compared() -> None:
    assert deployment.is_equal(listed(), replace(WANTED, limits={}))


def test_more_memory_sends_neither_code_nor_what_is_equal() -> None:
    change = deployment.update(read(), replace(WANTED, limits={"memory": 22000}, parameters={"actionMemory": 22000}))
    assert change is not None
    assert change.sends_code is False
    assert set(change.body) == {"limits", "parameters", "annotations"}
    assert change.body["limits"] == {"memory": 22000}
    assert [pair["key"] for pair in change.body["annotations"]] == [deployment.SPEC_ANNOTATION]
    assert change.before["limits"] == {"memory": 20000, "concurrency": 4, "timeout": 60000, "logs": 10}
    assert change.after["limits"] == {"memory": 22000, "concurrency": 4, "timeout": 60000, "logs": 10}


@pytest.mark.parametrize("change", [{"kind": "java:8"}, {"main": "Other"}, {"code_sha256": "0ther"}])
def test_another_jar_kind_or_main_class_sends_the_code(change: dict[str, Any]) -> None:
    made = deployment.update(read(), replace(WANTED, **change))
    assert made is not None
    assert made.sends_code is True
    assert "limits" not in made.body


def test_annotations_that_nobody_wants_are_removed_and_those_of_the_platform_kept() -> None:
    stray = read(annotations=[*action()["annotations"], {"key": "stray", "value": 1}])
    change = deployment.update(stray, WANTED)
    assert change is not None
    assert change.body == {"delAnnotations": ["stray"]}


def test_an_annotation_that_is_null_is_not_one_that_is_absent() -> None:
    change = deployment.update(read(), replace(WANTED, annotations={**WANTED.annotations, "none": None}))
    assert change is not None
    assert {"key": "none", "value": None} in change.body["annotations"]


def test_the_diff_says_what_is_done() -> None:
    shown = deployment.creation("namenode7", WANTED).diff
    assert shown["before_header"] == "namenode7 (create, with code)"
    assert shown["before"] == ""
    assert '"actionMemory": 20000' in shown["after"]
    assert deployment.removal(listed()).diff["after"] == ""


def test_surplus_deployments_are_found_by_their_number() -> None:
    names = ["namenode10", "namenode9", "namenode2", "namenode", "namenode010", "namenode9x", "other10", "namenode-9"]
    assert deployment.beyond(names, "namenode", 9) == ["namenode9", "namenode10"]
    assert deployment.beyond(["a.1", "ab1"], "a.", 0) == ["a.1"]


def test_names_limits_and_web_annotations() -> None:
    assert deployment.names_of("nn", 3, 2) == ["nn3", "nn4"]
    assert deployment.limits_of({"memory": 1, "log_limit": 2, "timeout": None}) == {"memory": 1, "logs": 2}
    assert deployment.web_annotations(False) == {"web-export": False, "raw-http": False, "final": False}
