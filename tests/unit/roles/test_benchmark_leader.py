"""The program that works the menu of the benchmark utility's leader."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from ansible_collections.lambdafs.cluster.plugins.module_utils.polling import poll

from tests.repository import ROOT

PROGRAM = ROOT / "roles/benchmark/files/benchmark_leader.py"
UTILITY = Path(__file__).with_name("utility.py")


def load() -> ModuleType:
    spec = spec_from_file_location("benchmark_leader", PROGRAM)
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


leader = load()


def run(tmp_path: Path, mode: str = "plain", port: int = 0, **plan: Any) -> tuple[int, dict[str, Any]]:
    """Let the program run the utility; returns its exit code and the outcome that it wrote."""
    (tmp_path / "plan.json").write_text(json.dumps(plan_of(mode, port, **plan)), encoding="utf-8")
    files = [str(tmp_path / "plan.json"), str(tmp_path / "outcome.json")]
    code = subprocess.run([sys.executable, str(PROGRAM), *files], check=False, timeout=60).returncode
    return code, outcome(tmp_path)


def plan_of(mode: str, port: int, **changes: Any) -> dict[str, Any]:
    return {
        "argv": [sys.executable, str(UTILITY), mode, str(port)],
        "directory": "/",
        "number": 17,
        "answers": ["2", "3"],
        "done": "[THROUGHPUT]",
        "followers": 0,
        "port": port,
        "follower_seconds": 20,
        **changes,
    }


def outcome(tmp_path: Path) -> dict[str, Any]:
    file = tmp_path / "outcome.json"
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    return found


@pytest.fixture
def port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        number: int = server.getsockname()[1]
    yield number


def test_every_question_is_answered_and_the_throughput_is_read(tmp_path: Path) -> None:
    code, found = run(tmp_path)
    assert (code, found["phase"], found["problems"], found["exit_code"]) == (0, "ended", [], 0)
    assert found["throughput"] == [100.5, 200.5, 300.5]
    assert found["started"] <= found["ended"]


def test_a_leader_that_waits_long_is_not_stopped_early(tmp_path: Path) -> None:
    code, found = run(tmp_path, "impatient")
    assert (code, found["problems"], len(found["throughput"])) == (0, [], 3)


def test_an_exception_is_a_failure_though_the_exit_code_is_0(tmp_path: Path) -> None:
    code, found = run(tmp_path, "raises")
    assert (code, found["exit_code"]) == (1, 0)
    assert any("Exception encountered: no NameNode" in problem for problem in found["problems"])
    assert "2 answers were not asked for, expected all to be" in found["problems"]
    assert "the leader printed no '[THROUGHPUT]', expected a result" in found["problems"]


def test_a_question_too_many_is_a_failure(tmp_path: Path) -> None:
    code, found = run(tmp_path, answers=["2"])
    assert code == 1
    assert found["problems"][0] == "the leader asks 'How many trials?', expected no further question"


def test_a_leader_that_dies_is_told(tmp_path: Path) -> None:
    code, found = run(tmp_path, "dies")
    assert (code, found["exit_code"]) == (1, 3)
    assert found["problems"] == [
        "the leader ended before the benchmark was over",
        "the leader ended with exit code 3, expected 0",
    ]


def test_the_benchmark_begins_when_every_follower_is_connected(tmp_path: Path, port: int) -> None:
    (tmp_path / "plan.json").write_text(json.dumps(plan_of("plain", port, followers=2)), encoding="utf-8")
    files = [str(tmp_path / "plan.json"), str(tmp_path / "outcome.json")]
    process = subprocess.Popen([sys.executable, str(PROGRAM), *files])
    try:
        assert poll(lambda: outcome(tmp_path).get("phase"), lambda phase: phase == "waiting", 20, 0.2) == "waiting"
        with socket.create_connection(("127.0.0.1", port)):
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(2)
            with socket.create_connection(("127.0.0.1", port)):
                assert process.wait(20) == 0
    finally:
        process.kill()
        process.wait()
    assert outcome(tmp_path)["throughput"] == [100.5, 200.5, 300.5]


def test_followers_that_do_not_come_are_a_failure(tmp_path: Path, port: int) -> None:
    code, found = run(tmp_path, port=port, followers=1, follower_seconds=1)
    assert (code, found["phase"]) == (1, "ended")
    assert found["problems"] == ["0 of 1 followers connected within 1 s, expected all of them"]


def test_a_lost_follower_is_a_failure(tmp_path: Path, port: int) -> None:
    code, found = run(tmp_path, "loses", port)
    assert code == 1
    assert found["problems"][0].endswith("Lost connection to follower at 10.0.0.2")


def test_output_may_come_in_any_pieces() -> None:
    dialogue = leader.Dialogue(8, ["/"], "")
    assert dialogue.feed("What would you like to do?\n> ") == []
    assert dialogue.waiting
    assert dialogue.choose() == "8"
    pieces = ["Subtree root ", "directory:\n", " ", ">", "Is this", " okay? [y/N]\n >"]
    assert [dialogue.feed(piece) for piece in pieces] == [[], [], [], ["/"], [], ["abort"]]


def test_a_line_of_the_log_amid_the_menu_is_no_question() -> None:
    dialogue = leader.Dialogue(17, ["2"], "")
    assert dialogue.feed("What would you like to do?\nDEBUG [Server] We now have 2 Followers connected.\n> ") == []
    assert (dialogue.waiting, dialogue.choose()) == (True, "17")
    assert dialogue.feed("How many threads?\n> ") == ["2"]
    assert dialogue.feed("What would you like to do?\nWARN [Server] Lost contact.\n> ") == ["0"]
    assert (dialogue.leaving, dialogue.problems) == (True, [])


def test_connections_are_counted_at_the_port_alone() -> None:
    table = (
        "  sl  local_address rem_address   st\n"
        "   0: 0100007F:1F40 0100007F:C001 01 0\n"
        "   1: 0100007F:1F40 00000000:0000 0A 0\n"
        "   2: 0100007F:C001 0100007F:1F40 01 0\n"
    )
    table6 = "  sl\n   0: 0000000000000000FFFF00000100000A:1F40 0000000000000000FFFF00000200000A:C002 01 0\n"
    assert leader.connections([table, table6], 8000) == 2
