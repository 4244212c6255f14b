"""Policies that AWS manages, which moto only knows when it is told to."""

from __future__ import annotations

import os


def apply() -> None:
    """Let every IAM that moto makes from now on know them."""
    os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"
