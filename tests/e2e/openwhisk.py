"""What a test sees of OpenWhisk and of its release, by helm, kubectl and plain HTTPS."""

from __future__ import annotations

import base64
import json
import ssl
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from tests.e2e.site import CLUSTER, Site
from tests.e2e.watching import repeatedly

PAGE = 200


class Platform:
    """OpenWhisk of a site."""

    def __init__(self, site: Site) -> None:
        self.site = site

    @property
    def state(self) -> Path:
        """What the control node keeps of the deployment."""
        return Path(self.site.environment["LAMBDAFS_LAB_STATE"]) / "cluster" / CLUSTER

    @property
    def keys(self) -> dict[str, str]:
        """Keys and passwords that were made."""
        found: dict[str, str] = json.loads((self.state / "openwhisk" / "keys.json").read_text(encoding="utf-8"))
        return found

    def run(self, *command: str) -> str:
        """What a program prints that finds the cluster by its kubeconfig."""
        environment = self.site.environment | {"KUBECONFIG": str(self.state / "kubeconfig")}
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout

    def kubectl(self, *arguments: str) -> dict[str, Any]:
        """An object or a list."""
        found: dict[str, Any] = json.loads(self.run("kubectl", "--namespace", "openwhisk", *arguments, "-o", "json"))
        return found

    def revisions(self) -> list[tuple[int, str]]:
        """Number and status of each revision of the release."""
        listed = json.loads(self.run("helm", "history", "owdev", "--namespace", "openwhisk", "--output", "json"))
        return [(entry["revision"], entry["status"]) for entry in listed]

    def host(self) -> str:
        """The load balancer's host name."""
        (ingress,) = self.kubectl("get", "service", "owdev-nginx")["status"]["loadBalancer"]["ingress"]
        name: str = ingress["hostname"]
        return name

    def get(self, path: str) -> Any:
        """The answer of the API."""
        return self.send("GET", path)

    def send(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """The answer of the API, whose certificate is checked, to a request with a JSON body."""
        context = ssl.create_default_context(cafile=str(self.state / "openwhisk" / "tls.crt"))
        credentials = base64.b64encode(self.keys["system"].encode()).decode()
        headers = {"Authorization": f"Basic {credentials}", "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        request = Request(f"https://{self.host()}{path}", data=data, headers=headers, method=method)
        with urlopen(request, context=context, timeout=30) as answer:  # noqa: S310
            return json.load(answer)

    def actions(self) -> dict[str, dict[str, Any]]:
        """All actions by name."""
        return {action["name"]: action for action in self.get(f"/api/v1/namespaces/_/actions?limit={PAGE}")}

    def versions(self) -> dict[str, str]:
        """The version of each action."""
        return {name: action["version"] for name, action in self.actions().items()}


@contextmanager
def command_lines() -> Iterator[set[str]]:
    """The command lines of all processes that run meanwhile, as far as a look every few milliseconds sees them."""
    seen: set[str] = set()

    def look() -> None:
        for process in Path("/proc").glob("[0-9]*/cmdline"):
            with suppress(OSError):
                seen.add(process.read_bytes().replace(b"\0", b" ").decode("utf-8", errors="replace"))

    with repeatedly(look, 0.02):
        yield seen
