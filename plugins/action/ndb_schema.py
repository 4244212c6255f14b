# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Controller side of M(lambdafs.cluster.ndb_schema): reads the scripts and hands them to the module."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase

SCRIPTS = Path(__file__).resolve().parents[2] / "sql_scripts"
KINDS = (".sql", ".sql.template")


def read_folder(folder: Path) -> list[dict[str, str]]:
    """Names and texts of the scripts in a folder, sorted by name.

    Raises:
        AnsibleActionFail: it cannot be read, or holds no script.
    """
    try:
        paths = sorted(path for path in folder.iterdir() if path.name.endswith(KINDS))
        files = [{"name": path.name, "content": path.read_text(encoding="utf-8")} for path in paths]
    except OSError as error:
        raise AnsibleActionFail(
            f"the scripts in {folder} cannot be read: {error.strerror}; correct 'scripts'"
        ) from error
    if not files:
        raise AnsibleActionFail(f"{folder} holds no SQL script, expected V, B and template files; correct 'scripts'")
    return files


class ActionModule(ActionBase):  # type: ignore[misc] # ansible-core has no types
    """Run the module of the task's name with the scripts' texts."""

    TRANSFERS_FILES = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """The module's result.

        Raises:
            AnsibleActionFail: the scripts cannot be read.
        """
        result: dict[str, Any] = super().run(tmp, task_vars)
        given = dict(self._task.args)
        folder = given.pop("scripts", None)
        given["files"] = read_folder(Path(folder).expanduser() if folder else SCRIPTS)
        name = f"lambdafs.cluster.{self._task.action.rpartition('.')[2]}"
        result.update(self._execute_module(module_name=name, module_args=given, task_vars=task_vars))
        return result
