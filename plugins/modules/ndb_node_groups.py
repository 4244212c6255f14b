#!/usr/bin/python
# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: ndb_node_groups
version_added: 0.1.0
short_description: Put new data nodes of an NDB cluster to use
description:
  - Makes node groups of started data nodes that have none, and then moves every table's rows to all node groups with
    C(ALTER TABLE … REORGANIZE PARTITION), while the tables are in use.
  - What is left to do is read from the live cluster, so an interrupted run is finished by the next one, and one with
    nothing to do sends a single query.
  - Runs where a management server and an SQL node can be reached.
author:
  - lambdafs.cluster developers (@lambdafs)
options:
  connectstring:
    description: Management servers as C(host:port), several with commas.
    type: str
    required: true
  replicas:
    description: Data nodes of a node group.
    type: int
    default: 2
  answer_timeout:
    description: Seconds to wait for each answer of a management server.
    type: float
    default: 60
  patience:
    description: Seconds for which a statement is tried again after temporary errors, such as a data node's restart.
    type: float
    default: 300
extends_documentation_fragment:
  - lambdafs.cluster.attributes
  - lambdafs.cluster.ndb_login
"""

EXAMPLES = r"""
- name: Use the new data nodes
  lambdafs.cluster.ndb_node_groups:
    connectstring: 10.0.6.227:1186
    login_socket: /run/lambdafs-mysqld/mysqld.sock
"""

RETURN = r"""
reason:
  description: Why check mode cannot tell what would be done.
  returned: in check mode, when the cluster cannot grow as it is
  type: str
created_groups:
  description: Ids of the data nodes of each node group that was made; in check mode the groups are called new.
  returned: success
  type: dict
  sample: {"1": [5, 6]}
moved_tables:
  description: Tables whose rows were moved.
  returned: success
  type: list
  elements: str
  sample: [vanilla_hopsfs.hdfs_inodes]
fixed_tables:
  description: Tables that NDB cannot move, since they were made with a number of partitions of their own.
  returned: success
  type: list
  elements: str
unmoved_indexes:
  description: Unique indexes that are not on all node groups; making them anew moves them.
  returned: success
  type: list
  elements: str
  sample: [vanilla_hopsfs.hdfs_users index name]
"""

from collections.abc import Callable

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_cluster_view import (
    Cluster,
    ask_cluster,
    complaints,
    node_groups,
)
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_management import (
    Management,
    ManagementError,
    parse_connectstring,
)
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_node_groups import (
    SPREAD_QUERY,
    NotReady,
    Place,
    Spread,
    as_result,
    move_all,
    new_groups,
    parse_places,
    sort_out,
)
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_sql_connection import (
    LOGIN_CHOICE,
    LOGIN_SPEC,
    PYMYSQL_ERROR,
    SqlError,
    SqlServer,
    login_of,
    patiently,
    require_pymysql,
)

# The server's error for a table whose partitions were counted by its maker
NOT_REORGANIZED = 1511


def make_groups(cluster: Cluster, groups: list[list[int]], timeout: float) -> dict[str, list[int]]:
    """Make the node groups; returns each one's ids by its number."""
    made: dict[str, list[int]] = {}
    if groups and cluster.view:
        with Management(cluster.view.address, timeout) as server:
            for ids in groups:
                made[str(server.create_node_group(ids))] = ids
    return made


def group_count(cluster: Cluster) -> int:
    """The number of node groups that have a node in contact."""
    return len(set(node_groups(cluster.nodes)) - {"none"})


def plan(module: AnsibleModule, cluster: Cluster, groups: list[list[int]], read: Callable[[], list[Place]]) -> None:
    """Say what would be made and moved; ends the module."""
    left = sort_out(read(), group_count(cluster) + len(groups))
    moved = [place.name for place in left.to_move]
    planned = {f"new {number}": ids for number, ids in enumerate(groups, start=1)}
    module.exit_json(changed=bool(groups or moved), **as_result(planned, moved, left))


def grow(module: AnsibleModule) -> None:
    """Look, make groups, move tables; ends the module."""
    values = module.params
    addresses = parse_connectstring(values["connectstring"])
    cluster = ask_cluster(addresses, values["answer_timeout"])
    missing = complaints(cluster, "answering", [])
    if missing:
        raise NotReady(missing[0])
    groups = new_groups(cluster.nodes, values["replicas"])
    server = SqlServer(login_of(values))

    def read() -> list[Place]:
        return parse_places(patiently(lambda: server.query(SPREAD_QUERY), values["patience"]))

    if module.check_mode:
        plan(module, cluster, groups, read)
    made = make_groups(cluster, groups, values["answer_timeout"])

    def execute(statement: str) -> bool:
        try:
            patiently(lambda: server.execute(statement), values["patience"])
        except SqlError as error:
            if error.number != NOT_REORGANIZED:
                raise
            return False
        return True

    moved, left = move_all(read, execute, group_count(cluster) + len(made))
    module.exit_json(changed=bool(made or moved), **as_result(made, moved, left))


def main() -> None:
    """Grow, or say why not."""
    module = AnsibleModule(
        argument_spec={
            "connectstring": {"type": "str", "required": True},
            "replicas": {"type": "int", "default": 2},
            "answer_timeout": {"type": "float", "default": 60},
            "patience": {"type": "float", "default": 300},
            **LOGIN_SPEC,
        },
        required_one_of=LOGIN_CHOICE,
        mutually_exclusive=LOGIN_CHOICE,
        supports_check_mode=True,
    )
    if not module.check_mode:
        require_pymysql(module)
    try:
        if PYMYSQL_ERROR:
            raise NotReady("Python's PyMySQL is not installed yet")
        grow(module)
    except (NotReady, SqlError, ManagementError, OSError, ValueError) as error:
        if not module.check_mode:
            module.fail_json(msg=str(error))
        # Before a first run there is neither manager nor SQL node, and what would start has not started
        module.exit_json(changed=False, reason=str(error), **as_result({}, [], Spread([], [], [])))


if __name__ == "__main__":
    main()
