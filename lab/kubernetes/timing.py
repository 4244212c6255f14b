"""How long the lab's EKS takes for what is done at once on one machine."""

from __future__ import annotations

import os

CHANGE_SECONDS = float(os.environ.get("LAMBDAFS_LAB_EKS_SECONDS", "2"))
"""How long node groups, add-ons and updates stay in a state such as CREATING or UPDATING, at least."""
