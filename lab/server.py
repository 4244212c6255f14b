"""The lab's one background process: moto's server on loopback, mended, with the controller as a thread.

A stand-in for the AWS API. Started by `python -m lab up`.
"""

from __future__ import annotations

import argparse
import logging
import os
import signal
import threading
from pathlib import Path
from typing import Any

from lab import names, process, settings
from lab.errors import LabError

HOST = "127.0.0.1"

_log = logging.getLogger("lab.server")


def environment(lab: settings.LabSettings, inherited: dict[str, str]) -> dict[str, str]:
    """The environment that the server runs in: what is inherited, less AWS's and moto's variables."""
    kept = {name: value for name, value in inherited.items() if not name.startswith(("AWS_", "MOTO_"))}
    return kept | {
        "AWS_ACCESS_KEY_ID": "lab",
        "AWS_SECRET_ACCESS_KEY": "lab",
        "AWS_EC2_METADATA_DISABLED": "true",
        "CONTAINERS_CONF": str(lab.files.containers_conf),
        "MOTO_EC2_ENABLE_INSTANCE_TYPE_VALIDATION": "true",
        "MOTO_ENABLE_AMI_VALIDATION": "true",
        "MOTO_ENABLE_KEYPAIR_VALIDATION": "true",
        "MOTO_PORT": str(lab.port),
        "PYTHONPATH": str(settings.CHECKOUT),
        "PYTHONUNBUFFERED": "1",
    }


def main() -> None:
    """Serve until SIGTERM, or until the lab's pid file names another process."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--name", required=True)
    parser.add_argument("--image", required=True)
    parser.add_argument("--kubernetes", required=True, type=Path, help="directory of the control plane's programs")
    parser.add_argument("--lock", required=True, type=int, help="descriptor to close once the pid file is written")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    lab = settings.load(arguments.name)
    if lab is None:
        raise LabError(f"lab {arguments.name} has no settings; expected lab.json in its state directory; run `up`")
    process.record_self(lab.files.pid)
    os.close(arguments.lock)
    serve(lab, arguments.image, arguments.kubernetes)


def serve(lab: settings.LabSettings, image: str, kubernetes: Path) -> None:
    """Run moto's server, the controller and the clusters."""
    from moto.backends import get_backend
    from moto.core import DEFAULT_ACCOUNT_ID
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
    from werkzeug.serving import make_server

    from lab import moto_fixes
    from lab.gateway import Gateway
    from lab.kubernetes.clusters import Clusters
    from lab.reconciler import Reconciler

    moto_fixes.apply()
    lock = threading.RLock()
    ended = threading.Event()

    def is_wanted() -> bool:
        recorded = process.recorded(lab.files.pid)
        return recorded is not None and recorded.pid == os.getpid()

    def state() -> dict[str, Any]:
        return {
            "name": lab.name,
            "pid": os.getpid(),
            "image": image,
            "clusters": clusters.state(),
            **reconciler.state(),
        }

    def wake() -> None:
        reconciler.wake()
        clusters.wake()

    def introduce(container: str) -> None:
        if found := clusters.names():
            names.tell(container, lab.name, found)

    reconciler = Reconciler(lab, image, lock, is_wanted, ended.set, introduce)
    clusters = Clusters(lab, kubernetes, lock, reconciler.note)
    application = Gateway(
        DomainDispatcherApplication(create_backend_app), lock, lab.files.api_log, wake, state, clusters.answer
    )
    server = make_server(HOST, lab.port, application, threaded=True, request_handler=MotoRequestHandler)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    _ = get_backend("ec2")[DEFAULT_ACCOUNT_ID][settings.REGION]
    threading.Thread(target=server.serve_forever, name="http", daemon=True).start()
    reconciler.start()
    clusters.start()
    _log.info("lab %s serves the AWS API at %s", lab.name, lab.endpoint)
    ended.wait()
    _log.info("lab %s ends", lab.name)
    server.shutdown()
    clusters.stop()
    reconciler.stop()


if __name__ == "__main__":
    main()
