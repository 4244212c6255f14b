"""Times the registration of NameNode deployments: the module against one request after another.

The other side is OpenWhisk's official JavaScript client, which is started before its time is taken and waits for each
answer before it sends the next request. Both register the same jar with the same server, which is empty before.
Fails where the module's memory reaches four times a jar of 30 MB.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.openwhisk import module
from tests.openwhisk.javascript import JavaScriptClient, javascript_client
from tests.openwhisk.server import SYSTEM, Server, serving

MEGABYTE = 1_000_000
MAIN = "org.apache.hadoop.hdfs.serverless.OpenWhiskHandler"
CASES = ((20, 30), (200, 30), (1000, 1))
"""Deployments, and the size of their jar in MB."""
MEMORY_IN_JARS = 4
PARALLEL = 8


@dataclass(frozen=True)
class Run:
    """Seconds of a run, and the peak memory of the module's process in bytes (0 where it was not the module)."""

    seconds: float
    peak: int = 0


def register(server: Server, count: int, **arguments: Any) -> tuple[dict[str, Any], Run]:
    """Run the module, its start included."""
    began = time.monotonic()
    result = module.run(
        "whisk_deployments", api_host=server.url, auth=SYSTEM, count=count, parallel=PARALLEL, **arguments
    )
    seconds = time.monotonic() - began
    if result.get("failed"):
        raise SystemExit(f"bench: {result['msg']}")
    return result, Run(seconds, result["peak_bytes"])


def one_by_one(client: JavaScriptClient, jar: Path, count: int) -> Run:
    """Register with the JavaScript client."""
    began = time.monotonic()
    for index in range(count):
        options = {
            "name": f"namenode{index}",
            "action": {"$file": str(jar)},
            "kind": "generic-namenode:10",
            "exec": {"main": MAIN},
            "params": {"actionMemory": 20000},
            "annotations": {"web-export": True, "raw-http": False, "final": True},
            "limits": {"memory": 20000, "concurrency": 4},
        }
        client.call("actions.create", options, quiet=True)
    return Run(time.monotonic() - began)


def measure(server: Server, jar: Path, count: int) -> tuple[Run, Run, Run]:
    """Time the JavaScript client, the module, and the module once more with nothing to do."""
    with javascript_client(server.url, SYSTEM) as client:
        sequential = one_by_one(client, jar, count)
    register(server, count, state="absent")
    made, parallel = register(server, count, jar=str(jar))
    again, idle = register(server, count, jar=str(jar))
    if len(made["created"]) != count or again["changed"]:
        raise SystemExit(f"bench: {len(made['created'])} of {count} deployments made, rerun changed {again['changed']}")
    register(server, count, state="absent")
    return sequential, parallel, idle


def main() -> None:
    """Measure, print, judge."""
    table = Table(
        "deployments", "jar MB", "one by one s", "module s", "ratio", "rerun s", "peak MB", "peak / jar",
        title=f"Registration with OpenWhisk's stand-in, {PARALLEL} requests at a time, {os.cpu_count()} CPUs",
        title_justify="left",
    )  # fmt: skip
    worst = 0.0
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as server:
        for count, size in CASES:
            jar = Path(folder) / f"{size}.jar"
            jar.write_bytes(os.urandom(size * MEGABYTE))
            sequential, parallel, idle = measure(server, jar, count)
            jars = parallel.peak / (size * MEGABYTE)
            if size >= 30:
                worst = max(worst, jars)
            table.add_row(
                str(count),
                str(size),
                f"{sequential.seconds:.1f}",
                f"{parallel.seconds:.1f}",
                f"{parallel.seconds / sequential.seconds:.2f}",
                f"{idle.seconds:.1f}",
                f"{parallel.peak / MEGABYTE:.0f}",
                f"{jars:.1f}",
            )
    Console(width=110).print(table)
    if worst >= MEMORY_IN_JARS:
        raise SystemExit(f"bench: peak of {worst:.1f} jars, expected less than {MEMORY_IN_JARS}: see whisk_jar.py")


if __name__ == "__main__":
    main()
