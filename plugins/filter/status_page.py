# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The filter status_page."""

from __future__ import annotations

DOCUMENTATION = r"""
name: status_page
short_description: Show a status report as plain text
version_added: 0.1.0
author:
  - lambdafs.cluster developers (@lambdafs)
description:
  - Lays a report of P(lambdafs.cluster.status_report#filter) out as a page for a terminal.
options:
  _input:
    description: The report.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Show the page
  ansible.builtin.debug:
    msg: "{{ report | lambdafs.cluster.status_page }}"
"""

RETURN = r"""
_value:
  description: The page.
  type: str
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.lambdafs.cluster.plugins.module_utils.status_page import status_page


class FilterModule:
    """The filters of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name to function."""
        return {"status_page": status_page}
