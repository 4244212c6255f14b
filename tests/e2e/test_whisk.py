"""The OpenWhisk modules and the official JavaScript client against the stand-in of the API server."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.lambdafs.cluster.plugins.module_utils.polling import poll

from lab.process import identify
from tests.e2e.site import program
from tests.openwhisk import module
from tests.openwhisk.certificate import self_signed
from tests.openwhisk.javascript import ClientError, JavaScriptClient, javascript_client
from tests.openwhisk.recorder import Recorder, recording
from tests.openwhisk.server import GUEST, ROOT, SYSTEM, Server, serving

JAR_BYTES = 300_000
MAIN = "org.apache.hadoop.hdfs.serverless.OpenWhiskHandler"
ACTIONS = "/api/v1/namespaces/_/actions"


@pytest.fixture(scope="module")
def jar(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("jar") / "namenode.jar"
    path.write_bytes(os.urandom(JAR_BYTES))
    return path


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with serving(tmp_path) as started:
        yield started


@pytest.fixture
def recorder(server: Server) -> Iterator[Recorder]:
    """A proxy that has to see nothing that breaks the contract."""
    with recording(server.url) as started:
        yield started
    assert started.violations == []
    assert started.seen


def register(url: str, jar: Path, count: int, **more: Any) -> dict[str, Any]:
    return module.run("whisk_deployments", api_host=url, auth=SYSTEM, jar=str(jar), count=count, **more)


def versions(server: Server) -> dict[str, str]:
    return {name: action["version"] for name, action in server.actions().items()}


def test_javascript_client_and_server_keep_the_contract(server: Server, recorder: Recorder, jar: Path) -> None:
    with javascript_client(recorder.url, SYSTEM) as client:
        assert client.call("namespaces.list") == ["whisk.system"]
        made = client.call(
            "actions.create",
            {
                "name": "namenode0",
                "action": {"$file": str(jar)},
                "kind": "generic-namenode:10",
                "exec": {"main": MAIN},
                "params": {"actionMemory": 20000},
                "annotations": {"web-export": True},
                "limits": {"memory": 20000, "concurrency": 4},
            },
        )
        assert base64.b64decode(made["exec"]["code"]) == jar.read_bytes()
        assert made["exec"]["binary"] is True
        assert made["limits"] == {"memory": 20000, "concurrency": 4, "timeout": 120000, "logs": 15}
        assert {pair["key"]: pair["value"] for pair in made["annotations"]} == {
            "web-export": True,
            "provide-api-key": False,
            "exec": "generic-namenode:10",
        }
        _changes_of_an_action(client)
        _invocations(client)
        client.call("packages.update", {"name": "pkg"})
        client.call("actions.update", {"name": "pkg/inner", "kind": "nodejs:20", "action": "function main() {}"})
        assert [item["namespace"] for item in client.call("actions.list")] == ["whisk.system/pkg", "whisk.system"]
        assert client.call("actions.list", {"count": True}) == {"actions": 2}
        assert client.call("actions.list", {"limit": 1, "skip": 1})[0]["name"] == "namenode0"
        with pytest.raises(ClientError, match="exists but is not in this collection") as conflict:
            client.call("actions.create", {"name": "pkg", "kind": "nodejs:20", "action": "function main() {}"})
        assert conflict.value.status == 409
        client.call("actions.delete", {"name": "namenode0"})
        with pytest.raises(ClientError) as missing:
            client.call("actions.get", {"name": "namenode0"})
        assert missing.value.status == 404


def _changes_of_an_action(client: JavaScriptClient) -> None:
    """What a PUT keeps, replaces and merges."""
    with pytest.raises(ClientError, match="resource already exists") as conflict:
        client.call("actions.create", {"name": "namenode0", "kind": "nodejs:20", "action": "x"})
    assert conflict.value.status == 409
    body = {
        "limits": {"memory": 22000},
        "annotations": [{"key": "added", "value": 1}],
        "delAnnotations": ["web-export"],
    }
    changed = client.call("actions.update", {"name": "namenode0", "action": body})
    assert changed["version"] == "0.0.2"
    assert changed["exec"]["main"] == MAIN
    assert changed["exec"]["code"]
    assert changed["limits"]["memory"] == 22000
    assert changed["limits"]["concurrency"] == 4
    assert changed["parameters"] == [{"key": "actionMemory", "value": 20000}]
    assert {pair["key"] for pair in changed["annotations"]} == {"added", "exec", "provide-api-key"}
    again = client.call("actions.update", {"name": "namenode0", "action": {"parameters": []}})
    assert (again["version"], again["parameters"]) == ("0.0.3", [])
    known = client.call("actions.get", {"name": "namenode0", "code": False})
    assert known["exec"] == {"kind": "generic-namenode:10", "binary": True, "main": MAIN}


def _invocations(client: JavaScriptClient) -> None:
    asked = {"name": "namenode0", "blocking": True, "result": True, "params": {"op": "ls"}}
    body = client.call("actions.invoke", asked)["body"]
    assert (body["name"], body["memory"], body["parameters"]) == ("namenode0", 22000, {"op": "ls"})
    identity = client.call("actions.invoke", {"name": "namenode0"})["activationId"]
    activation = client.call("activations.get", {"name": body["activationId"]})
    assert activation["response"]["result"]["body"] == body
    assert client.call("activations.result", {"name": body["activationId"]})["success"] is True
    listed = client.call("activations.list", {"limit": 10})
    assert {body["activationId"]} <= {item["activationId"] for item in listed} <= {body["activationId"], identity}


@pytest.mark.parametrize(
    ("change", "status", "words"),
    [
        ({"exec": {"kind": "cobol:1", "code": "x"}}, 400, "is not supported by this platform. Valid values are:"),
        ({"exec": {"kind": "generic-namenode:10", "code": "x"}}, 400, "main"),
        ({"exec": None}, 400, "exec undefined"),
        ({"limits": {"memory": 64}}, 400, "128"),
        ({"limits": {"memory": 45001}}, 400, "45000"),
        ({"limits": {"concurrency": 101}}, 400, "100"),
        ({"limits": {"timeout": 600_001}}, 400, "600000"),
        ({"parameters": [{"key": "large", "value": "x" * 1024 * 1024}]}, 413, "parameters"),
        ({"parameters": {"a": 1}}, 400, "list"),
    ],
)
def test_server_refuses_what_the_platform_does_not_allow(
    server: Server, change: dict[str, Any], status: int, words: str
) -> None:
    body = {"exec": {"kind": "nodejs:20", "code": "function main() {}"}, **change}
    answer = server.request("PUT", f"{ACTIONS}/refused", body)
    assert answer[0] == status
    assert words in answer[1]["error"]
    assert answer[1]["code"] == answer[2]["X-Request-ID"]
    assert server.actions() == {}


def test_server_refuses_large_code_in_json_and_its_proxy_in_html(server: Server) -> None:
    def put(size: int) -> tuple[int, Any]:
        body = b'{"exec":{"kind":"nodejs:20","code":"' + b"A" * size + b'"}}'
        return server.request("PUT", f"{ACTIONS}/large", body)[:2]

    status, answer = put(48 * 1024 * 1024 + 1)
    assert (status, "50331649" in answer["error"]) == (413, True)
    status, page = put(50 * 1024 * 1024)
    assert (status, "<html>" in page) == (413, True)
    assert put(48 * 1024 * 1024)[0] == 200


def test_server_opens_a_namespace_to_its_own_key_alone(server: Server) -> None:
    for key in (None, "nonsense", SYSTEM + "x", SYSTEM.replace("s", "t")):
        status, _, headers = server.request("GET", ACTIONS, key=key)
        assert (status, headers["WWW-Authenticate"]) == (401, 'Basic realm="OpenWhisk secure realm"')
    assert server.request("GET", "/api/v1/namespaces/whisk.system/actions", key=GUEST)[0] == 403
    assert server.request("GET", "/api/v1/namespaces/guest/actions", key=GUEST)[0] == 200


def test_lists_are_paged_by_age_and_bounded(server: Server) -> None:
    body = {"exec": {"kind": "nodejs:20", "code": "function main() {}"}}
    for index in range(35):
        assert server.request("PUT", f"{ACTIONS}/a{index}", body)[0] == 200
    assert server.request("PUT", f"{ACTIONS}/a3?overwrite=true", {})[1]["version"] == "0.0.2"
    first = server.request("GET", ACTIONS)[1]
    assert [item["name"] for item in first[:3]] == ["a3", "a34", "a33"]
    assert len(first) == 30
    assert len(server.request("GET", f"{ACTIONS}?limit=0")[1]) == 35
    assert [item["name"] for item in server.request("GET", f"{ACTIONS}?skip=34")[1]] == ["a0"]
    assert server.request("GET", f"{ACTIONS}?count=true")[1] == {"actions": 35}
    for wrong in ("limit=201", "limit=-1", "skip=-1", "limit=many"):
        assert server.request("GET", f"{ACTIONS}?{wrong}")[0] == 400


def test_final_parameters_and_web_export_hold_on_the_web_path(server: Server) -> None:
    body = {
        "exec": {"kind": "nodejs:20", "code": "function main() {}"},
        "parameters": [{"key": "bound", "value": 1}],
        "annotations": [{"key": "web-export", "value": True}, {"key": "final", "value": True}],
    }
    web = "/api/v1/web/whisk.system/default/shown"
    assert server.request("POST", web, {}, key=None)[0] == 404
    server.request("PUT", f"{ACTIONS}/shown", body)
    status, answer, headers = server.request("POST", f"{web}?blocking=true", {"op": "ls"}, key=None)
    assert (status, answer["parameters"]) == (200, {"bound": 1, "blocking": "true", "op": "ls"})
    assert len(headers["x-openwhisk-activation-id"]) == 32
    assert server.request("POST", web, {"bound": 2}, key=None)[0] == 400
    server.request("PUT", f"{ACTIONS}/shown?overwrite=true", {"annotations": [{"key": "web-export", "value": False}]})
    assert server.request("POST", web, {}, key=None)[0] == 404


def test_server_says_what_it_allows_and_how_its_invokers_are(server: Server, tmp_path: Path) -> None:
    info = server.request("GET", "/", key=None)[1]
    assert info["limits"]["max_action_memory"] == 45000 * 1024 * 1024
    assert [entry["requireMain"] for entry in info["runtimes"]["namenode"]] == [True]
    assert server.request("GET", "/invokers/ready", key=None)[0] == 200
    (tmp_path / "state/invokers.json").write_text(json.dumps({"invoker0": "up", "invoker1": "down"}))
    assert server.request("GET", "/invokers", key=None)[1] == {"invoker0": "up", "invoker1": "down"}
    assert server.request("GET", "/invokers/healthy/count", key=None)[1] == 1
    assert server.request("GET", "/invokers/ready", key=None)[0] == 500


def test_an_answer_without_payload_is_empty_where_the_platform_is_set_so(tmp_path: Path, jar: Path) -> None:
    with serving(tmp_path, CONFIG_whisk_featureFlags_requireResponsePayload="false") as server:
        assert register(server.url, jar, 2)["created"] == ["namenode0", "namenode1"]
        assert server.request("DELETE", f"{ACTIONS}/namenode0")[:2] == (204, "")


def test_registration_keeps_the_contract_and_changes_nothing_twice(
    server: Server, recorder: Recorder, jar: Path
) -> None:
    first = register(recorder.url, jar, 20)
    assert len(first["created"]) == len(first["code_sent"]) == 20
    before = versions(server)
    assert set(before.values()) == {"0.0.1"}
    puts = recorder.seen["PUT", 200]

    again = register(recorder.url, jar, 20)
    assert (again["changed"], again["equal"]) == (False, 20)
    assert register(recorder.url, jar, 20, verify=True)["changed"] is False
    assert recorder.seen["PUT", 200] == puts
    assert versions(server) == before
    assert {one["code_sha256"] for one in again["deployments"]} == {hashlib.sha256(jar.read_bytes()).hexdigest()}


def test_more_memory_is_an_update_without_the_jar(server: Server, recorder: Recorder, jar: Path) -> None:
    register(recorder.url, jar, 20)
    planned = register(recorder.url, jar, 20, memory=22000, _ansible_check_mode=True, _ansible_diff=True)
    assert (planned["changed"], len(planned["updated"]), planned["code_sent"]) == (True, 20, [])
    assert planned["diff"][0]["before_header"] == "namenode0 (update, without code)"
    assert '"actionMemory": 20000' in planned["diff"][0]["before"]
    assert '"actionMemory": 22000' in planned["diff"][0]["after"]
    assert set(versions(server).values()) == {"0.0.1"}

    made = register(recorder.url, jar, 20, memory=22000)
    assert (len(made["updated"]), made["code_sent"]) == (20, [])
    assert set(versions(server).values()) == {"0.0.2"}
    assert {one["memory"] for one in made["deployments"]} == {22000}
    assert register(recorder.url, jar, 20, memory=22000, verify=True)["changed"] is False


def test_growing_adds_and_pruning_removes_exactly_what_it_should(server: Server, jar: Path) -> None:
    body = {"exec": {"kind": "nodejs:20", "code": "function main() {}"}}
    for other in ("namenode", "namenode07", "namenodes1", "another30"):
        server.request("PUT", f"{ACTIONS}/{other}", body)
    register(server.url, jar, 20)
    grown = register(server.url, jar, 22)
    assert (grown["created"], grown["updated"], grown["equal"]) == (["namenode20", "namenode21"], [], 20)
    assert register(server.url, jar, 18)["changed"] is False
    shrunk = register(server.url, jar, 18, prune=True)
    assert shrunk["removed"] == ["namenode18", "namenode19", "namenode20", "namenode21"]
    gone = module.run("whisk_deployments", api_host=server.url, auth=SYSTEM, count=18, state="absent")
    assert len(gone["removed"]) == 18
    assert set(server.actions()) == {"namenode", "namenode07", "namenodes1", "another30"}


def test_drift_is_found_and_mended(server: Server, jar: Path, tmp_path: Path) -> None:
    register(server.url, jar, 4)
    wrong = {"exec": {"kind": "generic-namenode:10", "main": MAIN, "code": base64.b64encode(b"other").decode()}}
    server.request("PUT", f"{ACTIONS}/namenode1?overwrite=true", wrong)
    server.request("PUT", f"{ACTIONS}/namenode2?overwrite=true", {"parameters": []})
    server.request("PUT", f"{ACTIONS}/namenode3?overwrite=true", {"annotations": [{"key": "stray", "value": 1}]})
    seen = register(server.url, jar, 4)
    assert (seen["updated"], seen["code_sent"]) == (["namenode3"], [])
    mended = register(server.url, jar, 4, verify=True)
    assert (mended["updated"], mended["code_sent"]) == (["namenode1", "namenode2"], ["namenode1"])
    assert register(server.url, jar, 4, verify=True)["changed"] is False

    newer = tmp_path / "newer.jar"
    newer.write_bytes(os.urandom(1000))
    assert len(register(server.url, newer, 4)["code_sent"]) == 4


def test_everything_is_refused_before_the_first_change(server: Server, jar: Path, tmp_path: Path) -> None:
    large = tmp_path / "large.jar"
    with large.open("wb") as stream:
        stream.truncate(36 * 1024 * 1024 + 1)
    refusals = {
        "expected at most 36 MiB": register(server.url, large, 2),
        "kind is cobol:1": register(server.url, jar, 2, kind="cobol:1"),
        "memory is 45001, expected 128 to 45000": register(server.url, jar, 2, memory=45001),
        "timeout is 49, expected 50 to 600000": register(server.url, jar, 2, timeout=49),
        "namespace is guest, expected whisk.system": register(server.url, jar, 2, namespace="guest"),
        "cannot be read": register(server.url, tmp_path / "absent.jar", 2),
        "count is -1": register(server.url, jar, -1),
        "prefix is 'a/b'": register(server.url, jar, 1, prefix="a/b"),
    }
    for words, refusal in refusals.items():
        assert refusal["failed"]
        assert words in refusal["msg"]
        assert SYSTEM.partition(":")[2] not in json.dumps(refusal)
    assert server.actions() == {}
    wrong = module.run("whisk_deployments", api_host=server.url, auth=GUEST + "x", jar=str(jar), count=1)
    assert "HTTP 401" in wrong["msg"]


def test_a_self_signed_certificate_has_to_be_trusted(tmp_path: Path, jar: Path) -> None:
    certificate, key = self_signed(tmp_path)
    with serving(tmp_path, "--tls-cert", str(certificate), "--tls-key", str(key)) as server:
        assert server.url.startswith("https://")
        refused = register(server.url, jar, 2)
        assert refused["failed"]
        assert "certificate refused" in refused["msg"]
        assert len(register(server.url, jar, 2, ca_file=str(certificate))["created"]) == 2
        assert register(server.url, jar, 2, validate_certs=False)["changed"] is False
        with javascript_client(server.url, SYSTEM, certificate) as client:
            assert client.call("actions.list", {"count": True}) == {"actions": 2}


def test_a_registration_whose_server_is_killed_is_finished_by_the_next_one(
    server: Server, jar: Path, tmp_path: Path
) -> None:
    running = module.start("whisk_deployments", {"api_host": server.url, "auth": SYSTEM, "jar": str(jar), "count": 200})
    while server.request("GET", f"{ACTIONS}?count=true")[1]["actions"] < 40:
        assert running.poll() is None
    server.end(signal.SIGKILL)
    broken = module.result_of(running)
    assert broken["failed"]
    assert "no answer of" in broken["msg"]

    server.start()
    survivors = server.actions()
    assert set(broken["created"]) <= set(survivors)
    assert 40 <= len(survivors) < 200
    finished = register(server.url, jar, 200)
    assert set(finished["created"]) == {f"namenode{index}" for index in range(200)} - set(survivors)
    assert set(finished["updated"]) == set()
    assert register(server.url, jar, 200, verify=True)["changed"] is False
    present = server.actions()
    assert set(present) == {f"namenode{index}" for index in range(200)}
    assert {action["version"] for action in present.values()} == {"0.0.1"}


def test_memory_stays_below_four_jars_however_many_requests_run(server: Server, tmp_path: Path) -> None:
    jar = tmp_path / "large.jar"
    jar.write_bytes(os.urandom(30_000_000))
    made = register(server.url, jar, 8, parallel=8)
    assert len(made["code_sent"]) == 8
    assert made["peak_bytes"] < 4 * jar.stat().st_size


def test_writers_that_meet_lose_nothing(server: Server) -> None:
    body = {"exec": {"kind": "nodejs:20", "code": "function main() {}"}}
    server.request("PUT", f"{ACTIONS}/shared", body)
    script = (
        "import sys, json\n"
        "from tests.openwhisk.server import Server\n"
        "from pathlib import Path\n"
        "server = Server(Path('.'), url=sys.argv[1])\n"
        f"made = [server.request('PUT', '{ACTIONS}/shared?overwrite=true', {{}}) for _ in range(40)]\n"
        "print(json.dumps([[status, answer] for status, answer, _ in made]))\n"
    )
    command = [program("python"), "-c", script, server.url]
    writers = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    answers = [answer for writer in writers for answer in json.loads(writer.communicate()[0])]
    won = [answer for status, answer in answers if status == 200]
    lost = [answer["error"] for status, answer in answers if status != 200]
    assert set(lost) <= {"Concurrent modification to resource detected."}
    assert len({answer["version"] for answer in won}) == len(won)
    assert server.actions()["shared"]["version"] == f"0.0.{len(won) + 1}"


def test_state_outlives_a_restart(server: Server, jar: Path) -> None:
    register(server.url, jar, 3)
    before = server.actions()
    server.end()
    server.start()
    assert server.actions() == before
    assert register(server.url, jar, 3, verify=True)["changed"] is False


def test_a_worker_that_ends_is_replaced(server: Server) -> None:
    first, second = server.workers()
    os.kill(first.pid, signal.SIGKILL)
    replaced = poll(server.workers, lambda workers: len({*workers, first, second}) == 3, 30)
    assert second in replaced
    assert server.request("GET", ACTIONS)[:2] == (200, [])


def test_workers_end_with_the_server_that_is_killed(server: Server) -> None:
    workers = server.workers()
    assert len(workers) == 2
    server.end(signal.SIGKILL)
    assert [worker for worker in workers if identify(worker.pid) == worker] == []


def test_probe_and_info_report_what_is(server: Server, jar: Path, tmp_path: Path) -> None:
    connection = {"api_host": server.url, "auth": SYSTEM}
    register(server.url, jar, 3)
    server.request("PUT", f"{ACTIONS}/namenode2?overwrite=true", {"delAnnotations": ["web-export"]})
    found = module.run("whisk_deployments_info", **connection, reach=True, details=True)
    assert [one["web_status"] for one in found["deployments"]] == [200, 200, 404]
    assert {one["main"] for one in found["deployments"]} == {MAIN}
    assert found["platform"]["limits"]["memory"] == {"min": 128, "max": 45000}

    probed = module.run("whisk_probe", **connection)
    assert (probed["changed"], probed["healthy_invokers"], probed["probe"]["kind"]) == (False, 1, "nodejs:20")
    assert "lambdafs-probe" not in server.actions()
    checked = module.run("whisk_probe", **connection, invokers=5, _ansible_check_mode=True)
    assert (checked["healthy_invokers"], checked["probe"]) == (1, {})
    (tmp_path / "state/invokers.json").write_text(json.dumps({"invoker0": "unresponsive"}))
    ill = module.run("whisk_probe", **connection, timeout=0)
    assert "healthy invokers: 0 (invoker0 unresponsive), expected 1" in ill["msg"]


def test_a_playbook_shows_the_diff_and_never_the_key(server: Server, jar: Path, tmp_path: Path) -> None:
    playbook = tmp_path / "play.yml"
    task = {"api_host": server.url, "auth": "{{ key }}", "count": 2, "jar": str(jar)}
    plays = [{"hosts": "localhost", "gather_facts": False, "tasks": [{"lambdafs.cluster.whisk_deployments": task}]}]
    playbook.write_text(json.dumps(plays), encoding="utf-8")
    command = [program("ansible-playbook"), "-vvv", "--diff", "-i", "localhost,", "-c", "local", str(playbook)]
    environment = os.environ | {"ANSIBLE_CONFIG": str(ROOT / "ansible.cfg")}

    def play(*options: str) -> str:
        values = tmp_path / "values.json"
        values.write_text(json.dumps({"key": SYSTEM, "ansible_python_interpreter": program("python")}))
        done = subprocess.run(
            [*command, "-e", f"@{values}", *options],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        assert SYSTEM.partition(":")[2] not in done.stdout + done.stderr
        return done.stdout

    assert "changed=1" in play("--check")
    assert server.actions() == {}
    assert "namenode1 (create, with code)" in play()
    assert "changed=0" in play()
