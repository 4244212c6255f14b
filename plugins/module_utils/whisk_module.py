# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The options that the OpenWhisk modules share, and the client that they make."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.lambdafs.cluster.plugins.module_utils.whisk_client import Access, Client, parse_host, trust

CONNECTION: dict[str, dict[str, Any]] = {
    "api_host": {"type": "str", "required": True},
    "auth": {"type": "str", "required": True, "no_log": True},
    "ca_file": {"type": "path"},
    "validate_certs": {"type": "bool", "default": True},
    "request_timeout": {"type": "float", "default": 120},
}


def client_of(values: Mapping[str, Any]) -> Client:
    """The client that the module's arguments ask for.

    Raises:
        ValueError: the host or the certificates cannot be used.
    """
    host, tls = parse_host(values["api_host"])
    context = trust(values["ca_file"], values["validate_certs"])
    return Client(Access(host, tls, values["auth"], context, values["request_timeout"]))
