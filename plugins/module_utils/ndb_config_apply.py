# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The work of ndb_config: look at file, program and management server, plan, write, reload."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ansible_collections.lambdafs.cluster.plugins.module_utils import ndb_config_file as config_file
from ansible_collections.lambdafs.cluster.plugins.module_utils import ndb_config_plan as plan
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_config_file import ConfiguredNode
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_management import (
    Address,
    Management,
    ManagementError,
    Node,
)
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_nodes import problems
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_parameters import (
    MIB,
    PARAMETERS,
    InvalidParameter,
    data_node_parameters,
    strongest,
)
from ansible_collections.lambdafs.cluster.plugins.module_utils.vm_state import read_text
from ansible_collections.lambdafs.cluster.plugins.module_utils.zookeeper_write import set_attributes

if TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule

_NAMES = {name.lower(): name for name in PARAMETERS}
_MODE = "0640"


class Refused(Exception):
    """The configuration cannot be, or must not become, what is asked for; the message says why."""


@dataclass(frozen=True)
class Live:
    """What the management server of this VM says: its configuration, empty when it does not run, and its nodes."""

    configuration: Mapping[int, ConfiguredNode] = field(default_factory=dict)
    nodes: tuple[Node, ...] = ()

    @property
    def grouped(self) -> set[int]:
        """Ids of the data nodes with a node group."""
        return {node.id for node in self.nodes if node.node_group is not None}

    @property
    def in_contact(self) -> set[int]:
        """Ids of the data nodes in contact."""
        return {node.id for node in self.nodes if node.kind == "datanode" and node.connected}


def ask(address: Address, timeout: float) -> Live:
    """What the management server says; nothing when it does not run.

    Raises:
        Refused: it runs, and does not answer as a management server.
    """
    try:
        with Management(address, timeout) as server:
            return Live(config_file.parse(server.show_config()), server.status())
    except ConnectionRefusedError:
        return Live()
    except (OSError, ManagementError) as error:
        raise Refused(f"management server {address} does not tell its configuration: {error}") from error


def full_configuration(module: AnsibleModule, program: str, path: Path) -> dict[int, ConfiguredNode]:
    """What ndb_mgmd makes of a configuration file, with all defaults.

    Raises:
        Refused: it cannot read the file.
    """
    with tempfile.TemporaryDirectory(dir=module.tmpdir) as folder:
        command = [program, "--no-defaults", "--print-full-config", f"--config-file={path}", f"--configdir={folder}"]
        code, output, errors = module.run_command([*command, "--skip-config-cache"])
    # Its exit status is 1 for a file that it has read, too; of several errors the first is the cause
    said = [line.partition("--")[2].strip() for line in (errors + output).split("\n") if " ERROR " in line]
    if said or "(DB)]" not in output:
        cause = said[0] if said else " ".join((errors + output).split())
        raise Refused(f"ndb_mgmd refuses the configuration (exit status {code}): {cause}")
    return config_file.parse(output)


def ran_before(config_dir: Path) -> bool:
    """Whether a management server has kept its configuration in this directory."""
    return any(config_dir.glob("ndb_*_config.bin.*"))


@dataclass(frozen=True)
class Comparison:
    """The configuration of the existing cluster and the wanted one, read the same way."""

    before: Mapping[int, ConfiguredNode]
    after: Mapping[int, ConfiguredNode]


def compare(module: AnsibleModule, live: Live, text: str) -> Comparison:
    """Read both configurations: with the program where it is installed, else as text.

    The program refuses a file whose DataDir does not exist, so that before the first start it is not asked.

    Raises:
        Refused: ndb_mgmd cannot read the wanted one.
    """
    values = module.params
    path, program = Path(values["path"]), values["program"]
    present = read_text(path)
    existed = bool(live.configuration) or ran_before(Path(values["config_dir"]))
    if not program or not os.access(program, os.X_OK) or not Path(values["data_dir"]).is_dir():
        return Comparison(config_file.parse(present or "") if existed else {}, config_file.parse(text))
    handle, candidate = tempfile.mkstemp(dir=module.tmpdir)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(text)
    after = full_configuration(module, program, Path(candidate))
    if live.configuration or not existed or present is None:
        return Comparison(live.configuration, after)
    return Comparison(after if present == text else full_configuration(module, program, path), after)


def known_before(module: AnsibleModule, live: Live) -> Mapping[int, ConfiguredNode]:
    """The nodes of the existing cluster, as far as newcomers are told by them."""
    if live.configuration or not ran_before(Path(module.params["config_dir"])):
        return live.configuration
    return config_file.parse(read_text(Path(module.params["path"])) or "")


def put_in_place(module: AnsibleModule, text: str, differs: bool) -> bool:
    """Write the file unless in check mode; returns whether anything of it differed."""
    path = Path(module.params["path"])
    if differs and not module.check_mode:
        handle, temporary = tempfile.mkstemp(dir=module.tmpdir)
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
        module.atomic_move(temporary, str(path))
    if module.check_mode and not path.exists():
        return differs
    return set_attributes(module, path, module.params["owner"], module.params["group"], _MODE, differs)


def refuse(reasons: Sequence[str]) -> None:
    """Nothing where there are no reasons.

    Raises:
        Refused: with all of them.
    """
    if reasons:
        raise Refused("; ".join(reasons))


def configure(module: AnsibleModule) -> dict[str, Any]:
    """Plan, write, reload; returns the module's result.

    Raises:
        Refused: see there.
    """
    values = module.params
    nodes = values["nodes"]
    refuse(problems(nodes, values["replicas"], values["shared_arbitrator"]))
    try:
        parameters, needed = data_node_parameters(
            values["parameters"], values["memory_mb"], values["cpus"], values["deployments"]
        )
    except InvalidParameter as error:
        raise Refused(str(error)) from error
    address = Address(values["host"], values["port"])
    live = ask(address, values["answer_timeout"])
    layout = config_file.Layout(
        replicas=values["replicas"],
        mgmd_port=values["port"],
        mgmd_data_dir=values["data_dir"],
        datanode_data_dir=values["datanode_data_dir"],
        datanode_port=values["datanode_port"],
        reserved_data_nodes=values["reserved_data_nodes"],
    )
    known = known_before(module, live)
    new = plan.newcomers(nodes, known, live.grouped)
    text = config_file.render(nodes, layout, parameters, new)
    refuse(plan.shape_refusals(known, config_file.parse(text), values["replicas"], live.in_contact))
    found = compare(module, live, text)
    changes = config_file.changes(found.before, found.after, _NAMES) if found.before else []
    refuse(plan.restart_refusals(changes, values["confirm_restart"]))
    present = read_text(Path(values["path"])) or ""
    written = put_in_place(module, text, present != text)
    reload = bool(values["reload"] and live.configuration and changes)
    if reload and not module.check_mode:
        take_over(address, values["answer_timeout"])
    return {
        "changed": written or reload,
        "restart": strongest([change.restart for change in changes]),
        "changes": [change.as_result() for change in changes],
        "newcomers": sorted(new),
        "parameters": parameters,
        "needed_memory_mb": needed // MIB,
        "reloaded": reload,
        "diff": difference(values["path"], present, text, [change.text for change in changes] if reload else []),
    }


def take_over(address: Address, timeout: float) -> None:
    """Have the management server read its file.

    Raises:
        Refused: it does not take the file, in its own words.
    """
    try:
        with Management(address, timeout) as server:
            server.reload_config()
    except (OSError, ManagementError) as error:
        raise Refused(f"management server {address} does not take over the configuration: {error}") from error


def difference(path: str, before: str, after: str, taken_over: list[str]) -> list[dict[str, str]]:
    """The differences of file and running configuration, as Ansible shows them."""
    shown = []
    if before != after:
        shown.append({"before_header": path, "after_header": path, "before": before, "after": after})
    if taken_over:
        shown.append({"prepared": "".join(f"{line}\n" for line in taken_over)})
    return shown
