"""Talking to a lab's server about the lab itself."""

from __future__ import annotations

import http.client
import json
from typing import Any

from lab.gateway import STATE_PATH
from lab.settings import LabSettings

TIMEOUT_SECONDS = 5.0


def server_state(lab: LabSettings) -> dict[str, Any] | None:
    """The server's own account of the lab, or None where no server of this lab answers."""
    connection = http.client.HTTPConnection("127.0.0.1", lab.port, timeout=TIMEOUT_SECONDS)
    try:
        connection.request("GET", STATE_PATH)
        state = json.loads(connection.getresponse().read())
    except (OSError, http.client.HTTPException, ValueError):
        return None
    finally:
        connection.close()
    return state if isinstance(state, dict) and state.get("name") == lab.name else None
