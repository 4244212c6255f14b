from __future__ import annotations

from typing import Any

from ansible_collections.lambdafs.cluster.plugins.module_utils.aws_deployment_kinds import KIND_NAMES
from ansible_collections.lambdafs.cluster.plugins.module_utils.status_page import status_page
from ansible_collections.lambdafs.cluster.plugins.module_utils.status_report import status_report

EMPTY: dict[str, list[dict[str, Any]]] = {kind: [] for kind in KIND_NAMES}


def vm(component: str, index: int, state: str = "running", **more: Any) -> dict[str, Any]:
    return {
        "id": f"i-{component}-{index}",
        "name": f"vm-{index}",
        "state": state,
        "tags": {"Component": component, "Index": str(index)},
        "instance_type": "t3.micro",
        "image_id": "ami-1",
        "private_ip_address": f"10.0.0.{index}",
        **more,
    }


def answer(name: str, **more: Any) -> dict[str, Any]:
    silent = {"problem": "", "servers": [], "leader": "", "quorum": False, "wanted": 0, "missing": [], "roots": 20}
    return {"name": name, **silent, **more}


def server(name: str, state: str) -> dict[str, Any]:
    return {
        "name": name,
        "state": state,
        "detail": "",
        "version": "3.8.0",
        "zxid": "0x10",
        "connections": 1,
        "znodes": 105,
    }


def ensemble(missing: list[str], *states: str) -> list[dict[str, Any]]:
    servers = [server(f"vm-{index}", state) for index, state in enumerate(states)]
    return [
        answer("vm-0", servers=servers, leader="vm-1", quorum=True),
        answer("vm-1", servers=servers, leader="vm-1", quorum=True, wanted=100, missing=missing),
        answer("vm-2", problem="no SSH: timed out"),
    ]


def report(
    resources: dict[str, Any],
    answers: list[dict[str, Any]],
    ndb: list[dict[str, Any]] | None = None,
    openwhisk: dict[str, Any] | None = None,
) -> dict[str, Any]:
    return status_report(EMPTY | resources, "lambdafs", "us-east-1", answers, ndb or [], openwhisk)


def page(resources: dict[str, Any], answers: list[dict[str, Any]]) -> str:
    return status_page(report(resources, answers))


def test_nothing_deployed_is_said_in_one_line() -> None:
    assert page({}, []) == "Cluster lambdafs in us-east-1: nothing is deployed"


def test_the_page_of_a_running_ensemble() -> None:
    instances = [vm("ZooKeeperVM", index) for index in (2, 0, 1)]
    text = page({"instances": instances}, ensemble([], "follower", "leader", "follower"))
    assert text == "\n".join(
        [
            "Cluster lambdafs in us-east-1",
            "",
            "Network: none",
            "",
            "VMs: ZooKeeper 3 running",
            "  VM    state    private   public  type      AMI    id",
            "  vm-0  running  10.0.0.0  -       t3.micro  ami-1  i-ZooKeeperVM-0",
            "  vm-1  running  10.0.0.1  -       t3.micro  ami-1  i-ZooKeeperVM-1",
            "  vm-2  running  10.0.0.2  -       t3.micro  ami-1  i-ZooKeeperVM-2",
            "",
            "ZooKeeper: 3 servers, quorum, leader vm-1",
            "  server  address   mode      version  zxid  connections  note",
            "  vm-0    10.0.0.0  follower  3.8.0    0x10  1            -",
            "  vm-1    10.0.0.1  leader    3.8.0    0x10  1            -",
            "  vm-2    10.0.0.2  follower  3.8.0    0x10  1            no SSH: timed out",
            "  100 znodes below 20 roots",
            "",
            "NDB: none",
        ]
    )


def test_missing_znodes_are_named_up_to_five() -> None:
    missing = ["/namenode3", *[f"/namenode3/{name}" for name in ("permanent", "guest", "ACK", "INV")], "/namenode4/INV"]
    lines = page({"instances": [vm("ZooKeeperVM", 1)]}, ensemble(missing, "leader", "leader")).splitlines()
    assert lines[-3] == (
        "  94 znodes below 19 roots, expected 100; missing: /namenode3, /namenode3/permanent, /namenode3/guest,"
        " /namenode3/ACK, /namenode3/INV and 1 more"
    )


def openwhisk(**changes: Any) -> dict[str, Any]:
    release = {"name": "owdev", "namespace": "openwhisk", "revision": "2", "status": "deployed", "chart": "openwhisk-1"}
    deployment = {"version": "0.0.1", "kind": "generic-namenode:10", "memory": 20000, "concurrency": 4}
    deployments = [{"name": f"namenode{number}", **deployment} for number in range(2)]
    return {"release": release, "api_host": "h", "wanted": 2, "deployments": deployments, "problem": ""} | changes


def openwhisk_lines(answer: dict[str, Any]) -> list[str]:
    resources = {"instances": [vm("ZooKeeperVM", 0)]}
    return status_page(report(resources, [], openwhisk=answer)).partition("\n\nOpenWhisk")[2].splitlines()


def test_the_page_tells_release_api_and_deployments() -> None:
    assert openwhisk_lines(openwhisk()) == [
        ": 2 NameNode deployments registered: 2 with 20000 MB for 4 requests at a time",
        "  release  owdev in openwhisk, revision 2 deployed",
        "  chart    openwhisk-1",
        "  API      h",
    ]


def test_a_number_of_deployments_that_differs_is_told_with_the_reason() -> None:
    lines = openwhisk_lines(openwhisk(deployments=[], problem="Read the deployments:\n no route"))
    assert lines[0] == ": 0 NameNode deployments registered, expected 2"
    assert lines[-1] == "  note     Read the deployments: no route"


def test_an_openwhisk_that_could_not_be_asked_says_why_and_an_absent_one_nothing() -> None:
    assert openwhisk_lines(openwhisk(release={}, problem="no access")) == [": no access"]
    assert openwhisk_lines(openwhisk(release={})) == []


def test_a_stopped_vm_is_down_and_an_unasked_one_unreachable() -> None:
    instances = [vm("ZooKeeperVM", 0, "stopped"), vm("ZooKeeperVM", 1)]
    found = report({"instances": instances}, [answer("vm-1", problem="no SSH:\n  timed out")])["zookeeper"]
    assert [(item["mode"], item["note"]) for item in found["servers"]] == [
        ("down", "the VM is stopped"),
        ("unreachable", "no SSH: timed out"),
    ]
    assert (found["asked"], found["znodes"]["known"]) == (False, False)


def test_without_an_answer_the_page_says_that_none_could_be_asked() -> None:
    text = page({"instances": [vm("ZooKeeperVM", 0)]}, [])
    assert "ZooKeeper: 1 server, none could be asked" in text
    assert "znodes unknown" in text


def test_servers_without_a_leader_are_no_quorum() -> None:
    answers = [answer("vm-0", servers=[server("vm-0", "electing")])]
    assert "ZooKeeper: 1 server, no quorum" in page({"instances": [vm("ZooKeeperVM", 0)]}, answers)


NDB_VMS = [
    vm("NDB_MGM_VM", 0, name="mgm-0"),
    vm("NDB_DataNodeVM", 0, name="data-0"),
    vm("NDB_DataNodeVM", 1, name="data-1"),
]
NDB_NODES = [
    {"id": 1, "state": "connected", "node_group": None, "version": "9.7.4"},
    {"id": 3, "state": "started", "node_group": 0, "version": "9.7.4"},
    {"id": 4, "state": "started", "node_group": 0, "version": "9.7.4"},
    {"id": 145, "state": "connected", "node_group": None, "version": "9.7.4"},
]
SCHEMA = {"database": "vanilla_hopsfs", "version": "3.2.0.4", "tables": 105, "deployments": 20, "problems": []}


def ndb_page(ndb: list[dict[str, Any]], vms: list[dict[str, Any]] | None = None) -> list[str]:
    found = report({"instances": NDB_VMS if vms is None else vms}, [], ndb)
    lines = status_page(found).splitlines()
    return lines[next(number for number, line in enumerate(lines) if line.startswith("NDB")) :]


def test_the_page_of_a_running_database() -> None:
    memory = {"data_memory_bytes": 80 << 20, "data_memory_used_bytes": 12 << 20}
    nodes = [node | memory if node["id"] == 3 else node for node in NDB_NODES]
    assert ndb_page([{"name": "mgm-0", "problem": "", "nodes": nodes, "schema": SCHEMA}]) == [
        "NDB: 1 management server, 2 data nodes in 1 group, 1 SQL node; all in order",
        "  node    kind               id   address   state      group  memory        version  note",
        "  mgm-0   management server  1    10.0.0.0  connected  -      -             9.7.4    -",
        "  data-0  data node          3    10.0.0.0  started    0      12 of 80 MiB  9.7.4    -",
        "  data-1  data node          4    10.0.0.1  started    0      -             9.7.4    -",
        "  mgm-0   SQL node           145  10.0.0.0  connected  -      -             9.7.4    -",
        "  schema of vanilla_hopsfs: version 3.2.0.4, 105 tables, 20 deployments",
    ]


def test_nodes_that_are_not_in_order_are_counted() -> None:
    nodes = [node | {"state": "starting"} if node["id"] == 4 else node for node in NDB_NODES]
    schema = SCHEMA | {"problems": ["hdfs_inodes is missing"]}
    lines = ndb_page([{"name": "mgm-0", "problem": "", "nodes": nodes, "schema": schema}])
    assert lines[0].endswith("; 1 node not in order")
    assert lines[-1].endswith("20 deployments; hdfs_inodes is missing")


def test_a_database_that_nobody_could_ask() -> None:
    vms = [*NDB_VMS[:2], NDB_VMS[2] | {"state": "stopped"}, vm("NDB_SQL_VM", 2, name="sql-2")]
    lines = ndb_page([{"name": "mgm-0", "problem": "no SSH", "nodes": [], "schema": {}}], vms)
    assert lines[0].endswith("1 management server, 2 data nodes, 1 SQL node; none could be asked")
    assert [line.split("  ")[-1] for line in lines[2:6]] == ["no SSH", "-", "the VM is stopped", "-"]
    assert "147" in lines[5]
    assert lines[-1] == "  schema unknown: no SQL node told it"


def test_tiers_stand_in_their_order_and_by_index() -> None:
    instances = [vm("Other", 0), vm("NDB_MGM_VM", 0), vm("ZooKeeperVM", 10), vm("ZooKeeperVM", 9)]
    tiers = report({"instances": instances}, [])["tiers"]
    assert [(tier["name"], [item["name"] for item in tier["vms"]]) for tier in tiers] == [
        ("ZooKeeper", ["vm-9", "vm-10"]),
        ("NDB manager", ["vm-0"]),
        ("other VMs", ["vm-0"]),
    ]


def test_a_vpc_that_is_used_but_not_the_clusters_own_is_shown_as_existing() -> None:
    subnet = {
        "id": "subnet-1",
        "name": "",
        "state": "available",
        "vpc_id": "vpc-9",
        "cidr_block": "10.0.0.0/20",
        "availability_zone": "us-east-1a",
    }
    text = page({"subnets": [subnet]}, [])
    assert "  VPC     vpc-9     -  existing, not the cluster's" in text
    assert "  subnet  subnet-1  -  10.0.0.0/20 us-east-1a private" in text


def test_a_nat_gateway_that_is_being_made_has_no_address_yet() -> None:
    gateway = {"id": "nat-1", "name": "", "state": "pending", "nat_gateway_addresses": [{"allocation_id": "e"}]}
    assert "NAT gateway  nat-1  -  pending" in page({"nat_gateways": [gateway]}, [])


def test_an_eks_cluster_is_shown_with_its_own_node_groups_and_addons() -> None:
    sizes = {"min_size": 0, "desired_size": 3, "max_size": 6}
    group = {
        "cluster_name": "eks",
        "nodegroup_name": "core-nodes",
        "state": "DEGRADED",
        "version": "1.35",
        "scaling_config": sizes,
        "instance_types": ["r5.xlarge"],
        "health": {"issues": [{"code": "x", "message": "no\nroom"}]},
    }
    addon = {"cluster_name": "eks", "addon_name": "coredns", "state": "ACTIVE", "addon_version": "v1"}
    resources = {
        "eks_clusters": [{"name": "eks", "state": "ACTIVE", "version": "1.35", "endpoint": "https://e"}],
        "eks_nodegroups": [group, group | {"cluster_name": "other"}],
        "eks_addons": [addon],
    }
    lines = page(resources, []).splitlines()
    assert lines[-4] == "EKS: cluster eks ACTIVE, Kubernetes 1.35, https://e"
    assert lines[-3:] == [
        "  part        name        state     version  nodes       type       note",
        "  node group  core-nodes  DEGRADED  1.35     3 (0 to 6)  r5.xlarge  no room",
        "  add-on      coredns     ACTIVE    v1       -           -          -",
    ]


def scaling_group(size: int, *versions: str, **more: Any) -> dict[str, Any]:
    template = {"launch_template_id": "lt-1", "launch_template_name": "lambda_fs_clients"}
    return {
        "auto_scaling_group_name": "lambda_fs_clients_ags",
        "state": "",
        "min_size": 0,
        "desired_capacity": size,
        "max_size": 8,
        "launch_template": {**template, "version": "2"},
        "instances": [
            {
                "instance_id": f"i-{number}",
                "lifecycle_state": "InService",
                "health_status": "Healthy",
                "launch_template": {**template, "version": version},
            }
            for number, version in enumerate(versions)
        ],
    } | more


def test_a_scaling_group_is_one_line_with_its_sizes_and_its_old_vms() -> None:
    resources = {
        "instances": [vm("LambdaFSClientVM", 0), vm("HopsFSNameNodeVM", 0)],
        "auto_scaling_groups": [scaling_group(3, "1", "2")],
    }
    lines = page(resources, []).splitlines()
    start = lines.index("Scaling groups: 2 of 3 VMs in service")
    columns = {"group", "desired", "min", "max", "running", "template", "old template", "note"}
    assert columns <= {cell.strip() for cell in lines[start + 1].split("  ")}
    assert lines[start + 2].split() == [
        *("lambda_fs_clients_ags", "3", "0", "8", "2", "lambda_fs_clients", "version", "2", "i-0", "-")
    ]
    assert "VMs: λFS clients 1 running; HopsFS NameNodes 1 running" in lines


def test_vms_that_leave_and_a_group_that_takes_the_latest_version_have_no_old_vm() -> None:
    leaving = scaling_group(0, "1")
    leaving["instances"][0]["lifecycle_state"] = "Terminating"
    latest = scaling_group(1, "1", launch_template={"launch_template_id": "lt-1", "version": "$Latest"})
    found = report({"auto_scaling_groups": [leaving, latest]}, [])["scaling_groups"]
    assert [group["old"] for group in found] == [[], []]
    assert [group["running"] for group in found] == [0, 1]
