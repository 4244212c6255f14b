#!/usr/bin/python
# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: zookeeper_server_info
version_added: 0.1.0
short_description: Look at the ZooKeeper server of this VM
description:
  - Tells how ZooKeeper is installed on the VM, what its configuration and its data hold, and whether the running
    server was started with the files that are on disk now.
author:
  - lambdafs.cluster developers (@lambdafs)
options:
  method:
    description:
      - How ZooKeeper is to be had.
      - V(auto) takes the one in O(preinstalled_home) where there is one, else Debian's package.
    type: str
    choices: [auto, package, archive, preinstalled]
    default: auto
  preinstalled_home:
    description: Where an installation of the VM's image is.
    type: path
    default: /opt/zookeeper
  archive_home:
    description: Where Apache's archive is unpacked.
    type: path
    default: /opt/zookeeper
  conf_dir:
    description: Directory of C(zoo.cfg).
    type: path
    required: true
  data_dir:
    description: ZooKeeper's C(dataDir).
    type: path
    required: true
  log_dir:
    description: ZooKeeper's C(dataLogDir).
    type: path
    required: true
  exporter:
    description: Path of the metrics exporter's program.
    type: path
    required: true
  user:
    description: The user that the server runs as.
    type: str
    default: zookeeper
extends_documentation_fragment:
  - lambdafs.cluster.attributes.info
"""

EXAMPLES = r"""
- name: Look at the server
  lambdafs.cluster.zookeeper_server_info:
    conf_dir: /etc/zookeeper/lambdafs
    data_dir: /data/zookeeper
    log_dir: /disk2/zookeeper/logs
    exporter: /usr/local/lib/lambdafs/zookeeper_exporter.py
  register: server
"""

RETURN = r"""
method:
  description: The install method, never V(auto).
  returned: success
  type: str
home:
  description: Directory of the installation.
  returned: success
  type: str
installed:
  description: Whether ZooKeeper's programs are there.
  returned: success
  type: bool
classpath:
  description: Java's class path, less the configuration directory.
  returned: success
  type: str
prometheus_provider:
  description: Whether the installation can serve Prometheus metrics itself.
  returned: success
  type: bool
data:
  description:
    - What the data directories hold.
    - C(epoch) is that of the last quorum the server belonged to, C(blank) says that there was none.
  returned: success
  type: dict
  sample: {epoch: 3, blank: false, id: 0}
configuration:
  description: Whether there is a C(zoo.cfg), and the members that it points to.
  returned: success
  type: dict
  sample: {exists: true, members: ["server.0=10.0.8.233:2888:3888:participant;2181"], member_ids: [0]}
running:
  description: Whether C(zookeeper.service) has a process.
  returned: success
  type: bool
started_at:
  description: When that process was started.
  returned: success
  type: str
restart_reasons:
  description: How the files on disk differ from those that the process was started with.
  returned: success
  type: list
  elements: str
  sample: ["tickTime: 1000 -> 2000"]
unit_loaded:
  description: Whether systemd knows C(zookeeper.service).
  returned: success
  type: bool
exporter_restart_reasons:
  description: The same as RV(restart_reasons), of C(zookeeper-exporter.service).
  returned: success
  type: list
  elements: str
exporter_loaded:
  description: Whether systemd knows C(zookeeper-exporter.service).
  returned: success
  type: bool
foreign_pids:
  description: Processes of ZooKeeper servers that C(zookeeper.service) did not start.
  returned: success
  type: list
  elements: int
memory_mb:
  description: The VM's memory in MiB.
  returned: success
  type: int
java:
  description: Path of C(java); empty where there is none.
  returned: success
  type: str
kazoo:
  description: Whether Python's C(kazoo) is installed.
  returned: success
  type: bool
user_exists:
  description: Whether the server's user exists.
  returned: success
  type: bool
apt:
  description: Whether the VM has C(apt-get).
  returned: success
  type: bool
"""

from pathlib import Path

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.lambdafs.cluster.plugins.module_utils.zookeeper_server import Layout, describe


def main() -> None:
    """Look and report."""
    module = AnsibleModule(
        argument_spec={
            "method": {
                "type": "str",
                "choices": ["auto", "package", "archive", "preinstalled"],
                "default": "auto",
            },
            "preinstalled_home": {"type": "path", "default": "/opt/zookeeper"},
            "archive_home": {"type": "path", "default": "/opt/zookeeper"},
            "conf_dir": {"type": "path", "required": True},
            "data_dir": {"type": "path", "required": True},
            "log_dir": {"type": "path", "required": True},
            "exporter": {"type": "path", "required": True},
            "user": {"type": "str", "default": "zookeeper"},
        },
        supports_check_mode=True,
    )
    values = dict(module.params)
    layout = Layout(
        method=values.pop("method"),
        user=values.pop("user"),
        **{name: Path(value) for name, value in values.items()},
    )
    try:
        found = describe(layout, lambda unit: module.run_command(["systemctl", "show", unit], check_rc=True)[1])
    except ValueError as error:
        module.fail_json(msg=str(error))
    module.exit_json(**found)


if __name__ == "__main__":
    main()
