# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How a module is told which OpenWhisk it works with."""

from __future__ import annotations


class ModuleDocFragment:
    """Options of modules that ask OpenWhisk's API."""

    DOCUMENTATION = r"""
options:
  api_host:
    description:
      - Where the API is, C(HOST), C(HOST:PORT), C(http://HOST) or C(https://HOST). Without a scheme TLS is spoken.
      - Proxies that environment variables name are not used.
    type: str
    required: true
  auth:
    description: Key of the namespace, C(UUID:SECRET). It is never shown.
    type: str
    required: true
  ca_file:
    description: File with the certificates (PEM) to trust instead of the system's, such as a self-signed one.
    type: path
  validate_certs:
    description: Whether the server's certificate is checked.
    type: bool
    default: true
  request_timeout:
    description: Seconds to wait for a connection, and for each step of an answer.
    type: float
    default: 120
notes:
  - It needs Python's standard library only, and runs on any host that reaches the API.
"""
