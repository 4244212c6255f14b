"""GetConsoleOutput: the real SSH host keys of the VM."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.core.types import Base64EncodedString
from moto.core.utils import utcnow
from moto.ec2.responses.general import General

from lab.console import console_text
from lab.moto_fixes.instances import hostname
from lab.moto_fixes.patching import replace


def _get_console_output(self: Any) -> ActionResult:
    instance = self.ec2_backend.get_instance(self._get_param("InstanceId"))
    name = hostname(str(instance.nics[0].private_ip_address))
    text = console_text(name, getattr(instance, "lab_host_keys", []))
    return ActionResult(
        {"InstanceId": instance.id, "Timestamp": utcnow(), "Output": Base64EncodedString.from_raw_string(text)}
    )


def apply() -> None:
    """Mend the console output."""
    replace(General, "get_console_output", _get_console_output)
