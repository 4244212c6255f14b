# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One connection to ZooKeeper by kazoo."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ansible.module_utils.basic import missing_required_lib
from ansible_collections.lambdafs.cluster.plugins.module_utils.zookeeper_settings import SUPER_USER

try:
    from kazoo.client import KazooClient
    from kazoo.handlers.threading import KazooTimeoutError

    KAZOO_ERROR = None
except ImportError:
    KAZOO_ERROR = traceback.format_exc()

if TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule


class ConnectionFailed(Exception):
    """No session could be had."""


def require_kazoo(module: AnsibleModule) -> None:
    """End the module where Python's kazoo is missing."""
    if KAZOO_ERROR:
        module.fail_json(msg=missing_required_lib("kazoo"), exception=KAZOO_ERROR)


@contextmanager
def session(hosts: str, timeout: float, super_password: str = "") -> Iterator[KazooClient]:
    """A session, closed at the end.

    Args:
        hosts: connect string, `host:port` separated by commas.
        timeout: seconds until a session must stand.
        super_password: the super user's password; without it the session has no special rights.

    Raises:
        ConnectionFailed: no session in time.
    """
    auth = [("digest", f"{SUPER_USER}:{super_password}")] if super_password else None
    client = KazooClient(hosts=hosts, auth_data=auth)
    try:
        client.start(timeout=timeout)
    except KazooTimeoutError as error:
        raise ConnectionFailed(
            f"no session with {hosts} within {timeout:g} s, expected a serving ensemble:"
            " look at lambdafs.cluster.zookeeper_info"
        ) from error
    try:
        yield client
    finally:
        client.stop()
        client.close()
