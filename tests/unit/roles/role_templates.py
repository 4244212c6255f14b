"""Templates and variables of roles, as Ansible fills them in."""

from __future__ import annotations

from typing import Any

from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar, trust_as_template

from tests.repository import ROOT


class Roles:
    """The defaults and variables of roles, with what a play adds to them."""

    def __init__(self, *names: str, **given: Any) -> None:
        self._loader = DataLoader()
        self.variables: dict[str, Any] = {}
        for kind in ("defaults", "vars"):
            for name in names:
                path = ROOT / "roles" / name / kind / "main.yml"
                if path.exists():
                    self.variables |= self._loader.load_from_file(str(path), trusted_as_template=True)
        self.variables |= {"ansible_managed": "Ansible managed", "ansible_check_mode": False, **given}

    def value(self, expression: str) -> Any:
        """What an expression comes to."""
        return Templar(loader=self._loader, variables=self.variables).template(
            trust_as_template("{{ " + expression + " }}")
        )

    def render(self, role: str, template: str) -> str:
        """The text of a template."""
        text = (ROOT / "roles" / role / "templates" / template).read_text(encoding="utf-8")
        return str(Templar(loader=self._loader, variables=self.variables).template(trust_as_template(text)))
