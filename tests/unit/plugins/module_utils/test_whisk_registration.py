# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The jar, the platform, and what is refused before the first change."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.lambdafs.cluster.plugins.module_utils import whisk_jar as jars
from ansible_collections.lambdafs.cluster.plugins.module_utils import whisk_platform, whisk_probe, whisk_registration
from ansible_collections.lambdafs.cluster.plugins.module_utils.whisk_jar import Jar
from ansible_collections.lambdafs.cluster.plugins.module_utils.whisk_platform import Platform

PLATFORM = Platform("whisk.system", ("generic-namenode:10", "python:3"), {"memory": (128, 45000)})
VALUES = {
    "count": 20,
    "first": 0,
    "parallel": 8,
    "prefix": "namenode",
    "kind": "generic-namenode:10",
    "main_class": "Main",
    "memory": 20000,
    "memory_parameter": "actionMemory",
    "concurrency": 4,
    "timeout": None,
    "log_limit": None,
    "web": True,
    "parameters": {},
    "annotations": {},
}


@pytest.mark.parametrize("size", [1, 2, 3, 786_431, 786_432, 786_433, 2_000_000])
def test_a_jar_is_hashed_and_encoded_block_by_block(tmp_path: Path, size: int) -> None:
    content = os.urandom(size)
    (tmp_path / "a.jar").write_bytes(content)
    jar = jars.read_jar(tmp_path / "a.jar")
    assert (jar.sha256, jar.size) == (hashlib.sha256(content).hexdigest(), size)
    assert bytes(jar.encode()) == base64.b64encode(content)


def test_a_jar_that_changes_meanwhile_is_not_sent(tmp_path: Path) -> None:
    path = tmp_path / "a.jar"
    path.write_bytes(b"before")
    jar = jars.read_jar(path)
    for other in (b"beford", b"shorter"[:3], b"longer than before"):
        path.write_bytes(other)
        with pytest.raises(ValueError, match="changed while it was read"):
            jar.encode()


def test_no_jar_and_an_empty_one_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="cannot be read"):
        jars.read_jar(tmp_path / "absent.jar")
    (tmp_path / "empty.jar").touch()
    with pytest.raises(ValueError, match="is empty"):
        jars.read_jar(tmp_path / "empty.jar")


@pytest.mark.parametrize("step", [1, 7, 100_000])
def test_downloaded_code_is_hashed_piece_by_piece(step: int) -> None:
    content = os.urandom(1000)
    action = {"name": "n", "exec": {"kind": "k", "code": base64.b64encode(content).decode(), "main": "M"}, "z": 1}
    stream = io.BytesIO(json.dumps(action).encode())
    assert jars.sha256_of_code(lambda _: stream.read(step)) == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("text", [b"", b"{}", b'{"code": "no base64!"}', b'{"code": "YWJj'])
def test_other_code_has_no_hash(text: bytes) -> None:
    assert jars.sha256_of_code(io.BytesIO(text).read) is None


def test_a_platform_is_read_in_our_units() -> None:
    info = {
        "limits": {
            "min_action_memory": 134217728,
            "max_action_memory": 47185920000,
            "min_action_duration": 50,
            "max_action_duration": 600000,
        },
        "runtimes": {"java": [{"kind": "java:8"}], "namenode": [{"kind": "generic-namenode:10"}]},
    }
    found = whisk_platform.parse_platform(
        ["whisk.system"], info, {"minActionConcurrency": 1, "maxActionConcurrency": 100}
    )
    assert found.kinds == ("java:8", "generic-namenode:10")
    assert found.limits == {"memory": (128, 45000), "timeout": (50, 600000), "concurrency": (1, 100)}
    with pytest.raises(ValueError, match="opens no namespace"):
        whisk_platform.parse_platform([], info, {})


def test_everything_that_is_wrong_is_named_at_once() -> None:
    large = Jar(Path("large.jar"), "c0de", jars.CODE_BYTES * 3 // 4)
    problems = whisk_registration.wish_problems({**VALUES, "kind": "cobol:1", "memory": 64}, PLATFORM, large)
    assert [problem.partition(",")[0] for problem in problems] == [
        "jar large.jar has 36.0 MiB",
        "kind is cobol:1",
        "memory is 64",
    ]
    assert whisk_registration.wish_problems(VALUES, PLATFORM, Jar(Path("a.jar"), "c0de", 1)) == []


def test_the_largest_jar_leaves_room_for_the_main_class() -> None:
    jar = Jar(Path("a.jar"), "c0de", jars.CODE_BYTES * 3 // 4 - 3)
    assert whisk_registration.jar_problems(jar, "Main") == []
    assert whisk_registration.jar_problems(jar, "Mains") != []


def test_a_namespace_is_the_one_that_the_key_opens() -> None:
    assert whisk_platform.namespace_problems(PLATFORM, "_") == []
    assert whisk_platform.namespace_problems(PLATFORM, "whisk.system") == []
    (problem,) = whisk_platform.namespace_problems(PLATFORM, "guest")
    assert problem.startswith("namespace is guest, expected whisk.system")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"count": -1}, "count is -1"),
        ({"first": -1}, "first is -1"),
        ({"parallel": 0}, "parallel is 0"),
        ({"prefix": ""}, None),
        ({"prefix": "a/b"}, "prefix is 'a/b'"),
        ({"prefix": "a" * 255}, "prefix is"),
        ({"count": 0}, None),
    ],
)
def test_arguments_are_checked(change: dict[str, Any], words: str | None) -> None:
    problems = whisk_registration.argument_problems({**VALUES, **change})
    assert [words in problem for problem in problems if words] == ([True] if words else [])
    assert bool(problems) is bool(words)


def test_the_memory_is_told_to_the_namenode_unless_no_parameter_is_named() -> None:
    jar = Jar(Path("a.jar"), "c0de", 1)
    assert whisk_registration.wanted_of(VALUES, jar).parameters == {"actionMemory": 20000}
    more = {**VALUES, "memory_parameter": "", "parameters": {"a": 1}, "annotations": {"final": False}}
    wanted = whisk_registration.wanted_of(more, jar)
    assert wanted.parameters == {"a": 1}
    assert wanted.annotations == {"web-export": True, "raw-http": False, "final": False}
    assert wanted.limits == {"memory": 20000, "concurrency": 4}


def test_a_probe_takes_the_first_kind_that_it_has_code_for() -> None:
    assert whisk_probe.chosen_kind(PLATFORM, None, None)[0] == "python:3"
    assert whisk_probe.chosen_kind(PLATFORM, "generic-namenode:10", "code") == ("generic-namenode:10", "code")
    for kind in ("generic-namenode:10", "nodejs:99"):
        with pytest.raises(ValueError, match="generic-namenode:10, python:3"):
            whisk_probe.chosen_kind(PLATFORM, kind, None)
    with pytest.raises(ValueError, match="kinds found: none"):
        whisk_probe.chosen_kind(Platform("ns", (), {}), None, None)
