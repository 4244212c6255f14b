"""Modules run in this process, as Ansible runs them."""

from __future__ import annotations

import contextlib
import io
import json
from typing import Any

import pytest
from ansible.module_utils.testing import patch_module_args


def run_module(module: Any, **arguments: Any) -> dict[str, Any]:
    """The result of a module's main()."""
    output = io.StringIO()
    with patch_module_args(arguments), contextlib.redirect_stdout(output), pytest.raises(SystemExit):
        module.main()
    result: dict[str, Any] = json.loads(output.getvalue())
    return result
