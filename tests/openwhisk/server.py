"""The stand-in of the API server as a process that tests start, kill and start again."""

from __future__ import annotations

import base64
import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil

from lab.process import ProcessId, identify

ROOT = Path(__file__).resolve().parents[2]
# Made up for the tests; a key has 64 characters after its UUID
SYSTEM = "00000000-0000-4000-8000-000000000001:" + "s" * 64
GUEST = "00000000-0000-4000-8000-000000000002:" + "g" * 64
LIMITS = {
    "CONFIG_whisk_memory_min": "128m",
    "CONFIG_whisk_memory_max": "45000m",
    "CONFIG_whisk_memory_std": "256m",
    "CONFIG_whisk_timeLimit_min": "50ms",
    "CONFIG_whisk_timeLimit_max": "10m",
    "CONFIG_whisk_timeLimit_std": "2m",
    "CONFIG_whisk_concurrencyLimit_max": "100",
    "CONFIG_whisk_logLimit_max": "15m",
    "CONFIG_whisk_logLimit_std": "15m",
    "LIMITS_ACTIONS_INVOKES_PERMINUTE": "999999",
    "LIMITS_ACTIONS_INVOKES_CONCURRENT": "999999",
}


@dataclass
class Server:
    """A server, its state in `directory`."""

    directory: Path
    options: list[str] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=dict)
    url: str = ""
    _process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start it, on the port that it had before if it had one."""
        auth = self.directory / "auth.json"
        auth.write_text(json.dumps({"whisk.system": SYSTEM, "guest": GUEST}), encoding="utf-8")
        port = str(urlsplit(self.url).port or 0)
        command = [sys.executable, "-m", "lab.openwhisk", "--port", port, "--auth", str(auth)]
        command += ["--state", str(self.directory / "state"), *self.options]
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("CONFIG_", "LIMITS_"))}
        self._process = subprocess.Popen(
            command, cwd=ROOT, env=inherited | LIMITS | self.environment, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        self.url = self._process.stdout.readline().strip()
        assert self.url, "the server did not start"

    def end(self, number: signal.Signals = signal.SIGTERM) -> None:
        """End it, and wait until its workers are gone, too."""
        if self._process is None:
            return
        workers = psutil.Process(self._process.pid).children()
        self._process.send_signal(number)
        self._process.wait()
        _, left = psutil.wait_procs(workers, timeout=10)
        assert left == []
        self._process.communicate()
        self._process = None

    def workers(self) -> list[ProcessId]:
        """Its worker processes."""
        assert self._process is not None
        children = psutil.Process(self._process.pid).children()
        return [found for child in children if (found := identify(child.pid))]

    def request(self, method: str, path: str, body: Any = None, key: str | None = SYSTEM) -> tuple[int, Any, Message]:
        """Status, JSON (or text) and headers of an answer; `body` is JSON or bytes."""
        data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        sent = {"Content-Type": "application/json"}
        if key is not None:
            sent["Authorization"] = "Basic " + base64.b64encode(key.encode()).decode()
        request = urllib.request.Request(self.url + path, data, sent, method=method)  # noqa: S310
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request) as answer:
                return answer.status, _value(answer.read()), answer.headers
        except urllib.error.HTTPError as error:
            with error:
                return error.code, _value(error.read()), error.headers

    def actions(self, key: str = SYSTEM) -> dict[str, dict[str, Any]]:
        """All actions by name."""
        found: dict[str, dict[str, Any]] = {}
        while True:
            path = f"/api/v1/namespaces/_/actions?limit=200&skip={len(found)}"
            _, page, _ = self.request("GET", path, key=key)
            found |= {item["name"]: item for item in page}
            if len(page) < 200:
                return found


def _value(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body.decode()


@contextmanager
def serving(directory: Path, *options: str, **environment: str) -> Iterator[Server]:
    """A server that runs, with state in a directory."""
    server = Server(directory, list(options), environment)
    server.start()
    try:
        yield server
    finally:
        server.end()
