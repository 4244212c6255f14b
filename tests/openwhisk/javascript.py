"""The official JavaScript client of OpenWhisk: installed once into .cache, and driven call by call."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lab.files import exclusive, write_atomically

HERE = Path(__file__).resolve().parent
CACHE = HERE.parents[1] / ".cache" / "openwhisk-client"
MANIFESTS = ("package.json", "package-lock.json")


class ClientError(Exception):
    """A call of the client failed; `status` is that of HTTP, None where there was none."""

    def __init__(self, message: str, status: int | None) -> None:
        super().__init__(message)
        self.status = status


def installed() -> Path:
    """The directory that holds the client as package-lock.json pins it; installs it where it is another one."""
    wanted = "".join((HERE / name).read_text(encoding="utf-8") for name in MANIFESTS)
    stamp = CACHE / "installed"
    with exclusive(CACHE):
        if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
            for name in MANIFESTS:
                shutil.copy(HERE / name, CACHE / name)
            subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=CACHE, check=True)
            write_atomically(stamp, wanted)
    return CACHE


class JavaScriptClient:
    """A running driver."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def call(self, name: str, options: Mapping[str, Any] | None = None, quiet: bool = False) -> Any:
        """The result of a call such as `actions.get`, nothing where `quiet`.

        Raises:
            ClientError: the client's own error.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"call": name, "options": options or {}, "quiet": quiet}) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        if "error" in answer:
            raise ClientError(answer["error"], answer["status"])
        return answer["result"]


@contextmanager
def javascript_client(url: str, auth: str, ca_file: Path | None = None) -> Iterator[JavaScriptClient]:
    """The client for the server at `url`."""
    environment = {
        "PATH": os.environ["PATH"],
        "OPENWHISK_APIHOST": url,
        "OPENWHISK_AUTH": auth,
        "OPENWHISK_CLIENT": str(installed()),
    } | ({"NODE_EXTRA_CA_CERTS": str(ca_file)} if ca_file else {})
    command = ["node", str(HERE / "driver.cjs")]
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield JavaScriptClient(process)
        process.communicate()
