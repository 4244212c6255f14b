# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What every module of the collection says of check mode, diff mode and idempotency."""

from __future__ import annotations


class ModuleDocFragment:
    """The default is a module that changes something; INFO is one that only reads."""

    DOCUMENTATION = r"""
options: {}
attributes:
  check_mode:
    description: Can run in check mode.
    support: full
  diff_mode:
    description: Returns details on what has changed.
    support: full
  idempotent:
    description: A second run with the same arguments changes nothing.
    support: full
"""

    INFO = r"""
options: {}
attributes:
  check_mode:
    description: Can run in check mode.
    support: full
  diff_mode:
    description: Returns details on what has changed.
    support: none
    details:
      - Nothing is ever changed.
  idempotent:
    description: A second run with the same arguments changes nothing.
    support: full
"""
