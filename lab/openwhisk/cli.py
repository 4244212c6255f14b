"""The command line: `python -m lab.openwhisk`."""

from __future__ import annotations

import argparse
import logging
import os
import ssl
import sys
from collections.abc import Sequence
from pathlib import Path

from lab.errors import LabError
from lab.openwhisk import auth, handlers, limits, runtimes, workers
from lab.openwhisk.activations import Activations
from lab.openwhisk.api import Api
from lab.openwhisk.connection import Front, connection_class
from lab.openwhisk.invokers import Invokers
from lab.openwhisk.store import Store

_PAYLOAD_FLAG = "CONFIG_whisk_featureFlags_requireResponsePayload"
_EPILOG = """
Limits, kinds and the form of answers come from the environment variables of OpenWhisk's controller:
CONFIG_whisk_{memory,timeLimit,logLimit,concurrencyLimit}_{min,max,std}, LIMITS_ACTIONS_INVOKES_PERMINUTE,
LIMITS_ACTIONS_INVOKES_CONCURRENT, RUNTIMES_MANIFEST, CONFIG_whisk_featureFlags_requireResponsePayload.
"""
PROXY_BYTES = 50 * limits.MEGABYTE


def parser() -> argparse.ArgumentParser:
    """The command line's grammar."""
    options = argparse.ArgumentParser(
        prog="python -m lab.openwhisk", description="A stand-in for OpenWhisk's API server.", epilog=_EPILOG
    )
    options.add_argument("--bind", default="127.0.0.1", help="address to listen on (%(default)s)")
    options.add_argument("--port", type=int, required=True, help="TCP port; 0 takes a free one and prints it")
    options.add_argument("--tls-cert", type=Path, help="certificate (PEM); with it the port speaks TLS")
    options.add_argument("--tls-key", type=Path, help="its key (PEM)")
    options.add_argument("--plain-port", type=int, help="another port, without TLS")
    options.add_argument("--state", type=Path, required=True, help="directory of what outlives the server")
    options.add_argument(
        "--auth", type=Path, required=True, help="JSON with the key of each namespace, or a directory of key files"
    )
    options.add_argument("--workers", type=int, default=2, help="number of processes (%(default)s)")
    options.add_argument(
        "--handler", default="lab.openwhisk.handlers:echo", help="what answers invocations (%(default)s)"
    )
    options.add_argument("--invokers", type=int, default=1, help="number of healthy invokers (%(default)s)")
    options.add_argument(
        "--proxy-max-body",
        type=int,
        default=PROXY_BYTES,
        help="bytes of the largest body that the proxy lets through, 0 for any (%(default)s)",
    )
    return options


def build(arguments: argparse.Namespace) -> Api:
    """The endpoints as the command line and the environment set them up."""
    arguments.state.mkdir(parents=True, exist_ok=True, mode=0o700)
    store = Store(arguments.state)
    store.prepare()
    allowed = limits.from_environment(os.environ)
    payload = os.environ.get(_PAYLOAD_FLAG, "true")
    return Api(
        store=store,
        keys=auth.load(arguments.auth),
        allowed=allowed,
        runtimes=runtimes.parse(os.environ.get("RUNTIMES_MANIFEST")),
        invokers=Invokers(arguments.state, arguments.invokers),
        activations=Activations(store, handlers.load(arguments.handler), allowed),
        echoes=payload.lower() != "false",
    )


def tls_context(arguments: argparse.Namespace) -> ssl.SSLContext | None:
    """The TLS of `--port`, or None."""
    if arguments.tls_cert is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        context.load_cert_chain(arguments.tls_cert, arguments.tls_key)
    except OSError as error:
        raise LabError(f"{arguments.tls_cert}: {error}; expected a certificate and its key as PEM") from error
    return context


def serve(arguments: argparse.Namespace) -> None:
    """Serve until SIGTERM."""
    if arguments.workers < 1:
        raise LabError(f"{arguments.workers} workers; expected 1 or more; change --workers")
    api = build(arguments)
    front = Front(arguments.proxy_max_body)
    wanted = [(arguments.port, tls_context(arguments))]
    if arguments.plain_port is not None:
        wanted.append((arguments.plain_port, None))
    try:
        listeners = [
            (workers.listening(arguments.bind, port), connection_class(api, front, context)) for port, context in wanted
        ]
    except OSError as error:
        raise LabError(f"{arguments.bind}: {error}; expected a free port; change --bind or --port") from error

    def ready() -> None:
        for (listener, _), (_, context) in zip(listeners, wanted, strict=True):
            scheme = "https" if context else "http"
            print(f"{scheme}://{arguments.bind}:{listener.getsockname()[1]}", flush=True)

    workers.run(listeners, arguments.workers, ready)


def main(argv: Sequence[str] | None = None) -> int:
    """Run; returns the exit status."""
    arguments = parser().parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    try:
        serve(arguments)
    except LabError as error:
        print(f"lab.openwhisk: {error}", file=sys.stderr)
        return 1
    return 0
