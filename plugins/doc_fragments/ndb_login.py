# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How a module is told which SQL node it logs in to, and as whom."""

from __future__ import annotations


class ModuleDocFragment:
    """Options of modules that connect to an SQL node."""

    DOCUMENTATION = r"""
options:
  login_socket:
    description: Path of the SQL node's local socket. Either this or O(login_host) is needed.
    type: path
  login_host:
    description: Address of the SQL node, which is reached over TLS.
    type: str
  login_port:
    description: Port of the SQL node.
    type: int
    default: 3306
  login_user:
    description: Account; over the local socket the operating system's user proves who it is.
    type: str
    default: root
  login_password:
    description: The account's password.
    type: str
    default: ""
  login_ca:
    description:
      - File with the certificate authority that the SQL node's certificate must be of.
      - Without it the connection is encrypted, but the SQL node does not have to prove who it is.
    type: path
  login_timeout:
    description: Seconds to wait for a connection.
    type: int
    default: 10
requirements:
  - PyMySQL
"""
