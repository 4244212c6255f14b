# Copyright: (c) lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Controller side of M(lambdafs.cluster.validate_settings): no connection, no API call."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleError
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.common.yaml import yaml_load
from ansible.plugins.action import ActionBase
from ansible_collections.lambdafs.cluster.plugins.module_utils.settings_rules import (
    operator_cidr_warnings,
    settings_problems,
    unknown_name_problems,
    value_problem,
)
from ansible_collections.lambdafs.cluster.plugins.module_utils.ssh_keys import key_pair_problems, read_key_file

ROLES = Path(__file__).resolve().parents[2] / "roles"
SETTINGS_ROLE = "settings"
SETTINGS_PREFIX = "lambdafs_"

# Name of a role's option: its argument spec
Options = dict[str, dict[str, Any]]


class ActionModule(ActionBase):  # type: ignore[misc] # ansible-core has no types
    """Check the settings of a deployment and report every problem at once."""

    TRANSFERS_FILES = False
    _requires_connection = False
    _VALID_ARGS: frozenset[str] = frozenset()

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return ``problems`` and ``warnings``; fail with one line for each problem.

        Raises:
            AnsibleError: the collection's own argument specs cannot be read.
        """
        variables = task_vars or {}
        result: dict[str, Any] = super().run(tmp, variables)
        specs = read_role_options(ROLES)
        known = {name for options in specs.values() for name in options}
        prefixes = [SETTINGS_PREFIX, *(f"{role}_" for role in specs)]
        problems = unknown_name_problems(_names_of_all_hosts(variables), known, prefixes)

        settings, value_problems = self._settings(specs[SETTINGS_ROLE], variables)
        problems += value_problems
        problems += settings_problems(settings)
        if {"lambdafs_ssh_private_key_file", "lambdafs_ssh_public_key_file"} <= settings.keys():
            problems += key_pair_problems(
                read_key_file(settings["lambdafs_ssh_private_key_file"]),
                read_key_file(settings["lambdafs_ssh_public_key_file"]),
            )
        result.update(changed=False, problems=problems, warnings=operator_cidr_warnings(settings))
        if problems:
            result.update(failed=True, msg="\n".join(problems))
        else:
            result["msg"] = f"{len(settings)} settings are in order"
        return result

    def _settings(self, options: Options, variables: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
        """The settings that have a value of their declared type, and a line for each that has not."""
        settings: dict[str, Any] = {}
        problems: list[str] = []
        for name, spec in options.items():
            if name not in variables:
                continue
            try:
                value = plain(self._templar.template(variables[name]))
            except AnsibleError as error:
                reason = " ".join(str(error).split())
                problems.append(f"{name} has no value ({reason}); expected {spec.get('type', 'str')}; correct it")
                continue
            outcome = ArgumentSpecValidator({name: spec}).validate({name: value})
            if outcome.error_messages:
                problems.append(value_problem(name, value, spec))
            else:
                settings[name] = outcome.validated_parameters[name]
        return settings, problems


def read_role_options(roles: Path) -> dict[str, Options]:
    """The options of every entry point of each role that has an argument spec.

    Raises:
        AnsibleError: the settings role has none.
    """
    found: dict[str, Options] = {}
    for path in sorted(roles.glob("*/meta/argument_specs.yml")):
        entry_points = yaml_load(path.read_text(encoding="utf-8"))["argument_specs"].values()
        found[path.parents[1].name] = {
            name: spec for entry_point in entry_points for name, spec in entry_point.get("options", {}).items()
        }
    if SETTINGS_ROLE not in found:
        raise AnsibleError(
            f"{roles / SETTINGS_ROLE}/meta/argument_specs.yml is missing; expected the collection's settings there; "
            "install lambdafs.cluster again"
        )
    return found


def plain(value: Any) -> Any:
    """A copy of a template's outcome in Python's own types, without Ansible's tags and lazy containers."""
    if isinstance(value, Mapping):
        return {plain(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    for kind in (bool, int, float, str):
        if isinstance(value, kind):
            return kind(value)
    return value


def _names_of_all_hosts(variables: dict[str, Any]) -> Iterator[str]:
    """Names of the variables of this host and of every other one; values stay untouched."""
    yield from variables
    for host in variables.get("groups", {}).get("all", []):
        yield from variables["hostvars"].raw_get(host)
