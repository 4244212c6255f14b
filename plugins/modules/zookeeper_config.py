#!/usr/bin/python
# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: zookeeper_config
version_added: 0.1.0
short_description: Write the configuration of a ZooKeeper server
description:
  - Makes the server's directories, and writes C(zoo.cfg), C(myid) and, before a first start, the list of members.
  - Data that another user left, for example a server that root had started, is given to the server's user.
  - Makes the password of ZooKeeper's super user on the VM, in a file that only root can read; C(zoo.cfg) gets its
    digest. The password leaves the VM neither in arguments nor in results, and no diff shows it.
  - ZooKeeper rewrites C(zoo.cfg) when its membership changes. The list of members that the file points to is kept,
    and the order of the settings does not count as a change.
author:
  - lambdafs.cluster developers (@lambdafs)
options:
  path:
    description: Path of C(zoo.cfg).
    type: path
    required: true
  settings:
    description: Settings of C(zoo.cfg), less the list of members and the super user's digest.
    type: dict
    required: true
  server_id:
    description: The server's id.
    type: int
    required: true
  data_log_dir:
    description: Where transaction logs are, if not in C(dataDir).
    type: path
  super_password_file:
    description: Path of the super user's password.
    type: path
    required: true
  members:
    description:
      - Server lines to start with, for a server that is not serving.
      - Without it the list that C(zoo.cfg) points to is left to ZooKeeper.
    type: list
    elements: str
  owner:
    description: Owner of the directories and of every file but the super user's password.
    type: str
    default: zookeeper
  group:
    description: Group of the same.
    type: str
    default: zookeeper
extends_documentation_fragment:
  - lambdafs.cluster.attributes
"""

EXAMPLES = r"""
- name: Configure the server, and let it start as one of three
  lambdafs.cluster.zookeeper_config:
    path: /etc/zookeeper/lambdafs/zoo.cfg
    settings:
      dataDir: /data/zookeeper
      tickTime: 1000
      reconfigEnabled: true
      standaloneEnabled: false
    server_id: 0
    super_password_file: /etc/zookeeper/super-password
    members:
      - server.0=10.0.8.233:2888:3888:participant;2181
      - server.1=10.0.4.113:2888:3888:participant;2181
      - server.2=10.0.14.89:2888:3888:participant;2181
"""

RETURN = r"""
files:
  description: The files and directories that were changed.
  returned: success
  type: list
  elements: str
"""

from pathlib import Path

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.lambdafs.cluster.plugins.module_utils.zookeeper_files import (
    IdentityChanged,
    WantedFile,
    check_identity,
    wanted_directories,
    wanted_files,
)
from ansible_collections.lambdafs.cluster.plugins.module_utils.zookeeper_server import read_data
from ansible_collections.lambdafs.cluster.plugins.module_utils.zookeeper_write import (
    make_directory,
    take_over,
    write_file,
)


def log_dir(module: AnsibleModule) -> Path:
    """Where transaction logs are."""
    return Path(module.params["data_log_dir"] or module.params["settings"]["dataDir"])


def plan(module: AnsibleModule) -> list[WantedFile]:
    """The files that the arguments ask for; ends the module where the VM is another server already."""
    values = module.params
    data_dir = Path(str(values["settings"]["dataDir"]))
    zoo_cfg = Path(values["path"])
    data = read_data(data_dir, log_dir(module))
    check_identity(data, values["server_id"], configured=zoo_cfg.exists())
    return wanted_files(
        zoo_cfg,
        data_dir / "myid",
        Path(values["super_password_file"]),
        values["settings"],
        values["server_id"],
        values["members"],
    )


def apply(module: AnsibleModule, files: list[WantedFile]) -> list[str]:
    """Make the directories and files; returns the paths of those that differed."""
    owner, group = module.params["owner"], module.params["group"]
    password_dir = Path(module.params["super_password_file"]).parent
    made = [password_dir] if make_directory(module, password_dir, "root", "root", "0755") else []
    made += [
        path
        for path in wanted_directories(files, log_dir(module))
        if make_directory(module, path, owner, group, "0750")
    ]
    data = sorted({Path(str(module.params["settings"]["dataDir"])) / "version-2", log_dir(module) / "version-2"})
    made += [path for path in data if take_over(module, path, owner, group)]
    return [str(path) for path in made] + [str(file.path) for file in files if write_file(module, file, owner, group)]


def main() -> None:
    """Plan, write, report."""
    module = AnsibleModule(
        argument_spec={
            "path": {"type": "path", "required": True},
            "settings": {"type": "dict", "required": True},
            "server_id": {"type": "int", "required": True},
            "data_log_dir": {"type": "path"},
            "super_password_file": {"type": "path", "required": True, "no_log": False},
            "members": {"type": "list", "elements": "str"},
            "owner": {"type": "str", "default": "zookeeper"},
            "group": {"type": "str", "default": "zookeeper"},
        },
        supports_check_mode=True,
    )
    try:
        files = plan(module)
    except (IdentityChanged, ValueError, KeyError) as error:
        module.fail_json(msg=str(error))
    made = apply(module, files)
    changed = [file for file in files if str(file.path) in made]
    module.exit_json(changed=bool(made), files=made, diff=[file.diff for file in changed])


if __name__ == "__main__":
    main()
