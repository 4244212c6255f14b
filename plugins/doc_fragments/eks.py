# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Options that the modules for EKS share."""

from __future__ import annotations


class ModuleDocFragment:
    """The default is what names a cluster; WAIT is how long a module waits for it."""

    DOCUMENTATION = r"""
options:
  cluster_name:
    description: Name of the EKS cluster.
    type: str
    required: true
"""

    WAIT = r"""
options:
  wait:
    description: Whether to wait until AWS has carried out what was asked for.
    type: bool
    default: true
  wait_timeout:
    description: Longest time to wait, in seconds.
    type: int
    default: 1800
"""
