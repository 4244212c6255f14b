"""Templates and variables of driver_vm and hopsfs_namenode."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.unit.roles.role_templates import Roles

CHECKSUM = "sha256:" + "0123456789ab" + "c" * 52
ADDRESSES = {"driver": "10.0.1.7", "client": "10.0.1.8", "zk-1": "10.0.2.2", "zk-0": "10.0.2.1", "manager": "10.0.3.1"}
GROUPS = {
    "driver_lambdafs": ["driver"],
    "client_lambdafs": ["client"],
    "zookeeper": ["zk-1", "zk-0"],
    "ndb_mgmd": ["manager"],
    "namenode_hopsfs": [],
}
FOUND = {
    "method": "archive",
    "hadoop_home": "/opt/hadoop-lambdafs",
    "java_home": "/usr/lib/jvm/java 8",
    "unlinked": [],
    "own_clock": True,
    "time_service": "",
}


def roles(host: str = "driver", system: str = "lambdafs", **given: Any) -> Roles:
    """The roles on one host of a small deployment."""
    hostvars = {
        name: {"private_ip_address": address, "instance_id": f"i-{name}", "lambdafs_index": "0"}
        for name, address in ADDRESSES.items()
    }
    return Roles(
        "settings",
        "driver_vm",
        **{
            "inventory_hostname": host,
            "groups": GROUPS,
            "hostvars": {**hostvars, "localhost": {"lambdafs_openwhisk_api_host": "balancer.example"}},
            "private_ip_address": ADDRESSES[host],
            "driver_vm_system": system,
            "lambdafs_ndb_password": "secret",
            "lambdafs_state_dir": "/nonexistent/state",
            "lambdafs_hopsfs_database": "hopsfs",
            "__driver_vm_found": FOUND,
            **given,
        },
    )


def login(profile: str, tmp_path: Path, *names: str) -> list[str]:
    """Variables of a shell that has read the profile."""
    path = tmp_path / "lambdafs.sh"
    path.write_text(profile, encoding="utf-8")
    shell = subprocess.run(
        ["sh", "-eu", "-c", '. "$0"; for name; do eval "echo \\"\\$$name\\""; done', str(path), *names],
        env={"PATH": "/bin:/usr/bin"},
        capture_output=True,
        check=True,
        text=True,
    )
    return shell.stdout.splitlines()


def test_a_login_shell_finds_hadoop_and_java(tmp_path: Path) -> None:
    profile = roles(driver_vm_ndb_client_archive="x.tar", driver_vm_library_path=["/own"]).render(
        "driver_vm", "lambdafs.sh.j2"
    )
    home, conf, java, path, libraries, classes = login(
        profile, tmp_path, "HADOOP_HOME", "HADOOP_CONF_DIR", "JAVA_HOME", "PATH", "LD_LIBRARY_PATH", "CLASSPATH"
    )
    assert (home, conf, java) == ("/opt/hadoop-lambdafs", "/opt/hadoop-lambdafs/etc/hadoop", "/usr/lib/jvm/java 8")
    assert path == "/usr/lib/jvm/java 8/bin:/opt/hadoop-lambdafs/bin:/opt/hadoop-lambdafs/sbin:/bin:/usr/bin"
    assert libraries == "/opt/ndb-client-lambdafs/lib:/opt/hadoop-lambdafs/lib/native:/own"
    assert classes.split(":")[:3] == [conf, f"{home}/share/hadoop/common/lib/*", f"{home}/share/hadoop/common/*"]


def test_ssh_reaches_the_other_vms_by_the_deployments_key(tmp_path: Path) -> None:
    path = tmp_path / "config"
    path.write_text(roles().render("driver_vm", "ssh_config.j2"), encoding="utf-8")
    shown = {
        address: subprocess.run(
            ["ssh", "-G", "-F", str(path), address], capture_output=True, check=True, text=True
        ).stdout.splitlines()
        for address in (ADDRESSES["client"], ADDRESSES["driver"])
    }
    ours = {
        "user ubuntu",
        "identityfile /home/ubuntu/.ssh/id_lambdafs",
        "identitiesonly yes",
        "userknownhostsfile /home/ubuntu/.ssh/known_hosts_lambdafs",
        "stricthostkeychecking true",
    }
    assert ours <= set(shown[ADDRESSES["client"]])
    assert not ours & set(shown[ADDRESSES["driver"]]) - {"user ubuntu"}


def test_the_configuration_follows_the_inventory() -> None:
    facts = roles().value("__driver_vm_facts")
    assert facts["zookeeper"] == ["10.0.2.1:2181", "10.0.2.2:2181"]
    assert facts["endpoint"] == "https://balancer.example/api/v1/web/whisk.system/default/namenode"
    assert facts["ndb_connectstring"] == "10.0.3.1:1186"
    assert (facts["ndb_sql_host"], facts["ndb_password"]) == ("10.0.3.1", "secret")
    assert facts["ndb_database"] == "vanilla_hopsfs"
    assert facts["namenodes"] == []
    assert roles(system="hopsfs").value("__driver_vm_facts.ndb_database") == "hopsfs"


def test_an_address_that_is_not_known_gives_no_endpoint() -> None:
    assert roles(driver_vm_openwhisk_api_host="").value("__driver_vm_facts.endpoint") == ""


def test_an_archive_has_a_directory_by_its_checksum() -> None:
    made = roles(driver_vm_lambdafs_archive="/a.tar.gz", driver_vm_lambdafs_archive_checksum=CHECKSUM)
    assert made.value("__driver_vm_link_targets") == {"/opt/hadoop-lambdafs": "/opt/hadoop-lambdafs-0123456789ab"}
    assert made.value("__driver_vm_missing_archives") == []
    made.variables["__driver_vm_found"] = {**FOUND, "unlinked": ["/opt/hadoop-lambdafs"]}
    assert [item["setting"] for item in made.value("__driver_vm_missing_archives")] == ["driver_vm_lambdafs_archive"]


@pytest.mark.parametrize(
    ("host", "system", "programs"),
    [
        ("driver", "lambdafs", ["driver_vm_basic_test_archive", "driver_vm_kubectl"]),
        ("client", "lambdafs", ["driver_vm_basic_test_archive"]),
        ("driver", "hopsfs", []),
    ],
)
def test_programs_go_where_they_are_used(host: str, system: str, programs: list[str]) -> None:
    made = roles(host, system, driver_vm_kubectl="/kubectl", driver_vm_basic_test_archive="/BasicTest.jar")
    assert [item["setting"] for item in made.value("__driver_vm_single_files")] == programs


@pytest.mark.parametrize(
    ("service", "own_clock", "runs"),
    [("", True, True), ("chrony.service", True, True), ("ntp.service", True, False), ("", False, False)],
)
def test_a_time_service_that_runs_is_left_alone(service: str, own_clock: bool, runs: bool) -> None:
    made = roles(__driver_vm_found={**FOUND, "time_service": service, "own_clock": own_clock})
    assert made.value("__driver_vm_runs_chrony") is runs


def test_the_vms_kubeconfig_names_nothing_of_the_control_node(tmp_path: Path) -> None:
    kubeconfig = tmp_path / "kubeconfig"
    kubeconfig.write_text(
        """
        clusters: [{name: c, cluster: {server: "https://api.example"}}]
        users:
          - name: c
            user:
              exec:
                command: /somebody/bin/aws
                args: [eks, get-token]
                env: [{name: AWS_PROFILE, value: own}]
        """,
        encoding="utf-8",
    )
    made = roles(lambdafs_kubeconfig=str(kubeconfig)).value("__driver_vm_kubeconfig")
    assert made["users"] == [
        {"name": "c", "user": {"exec": {"command": "aws", "args": ["eks", "get-token"], "env": []}}}
    ]
    assert made["clusters"][0]["cluster"]["server"] == "https://api.example"


def unit(**given: Any) -> dict[str, list[str]]:
    """The settings of a NameNode's unit; a name may have several values."""
    made = roles(system="hopsfs")
    namenode = Roles("hopsfs_namenode").variables
    text = Roles(**{**made.variables, **namenode, **given}).render("hopsfs_namenode", "hopsfs-namenode.service.j2")
    settings: dict[str, list[str]] = {}
    for line in text.splitlines():
        name, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            settings.setdefault(name, []).append(value)
    return settings


def test_a_namenode_runs_in_the_foreground_of_its_unit() -> None:
    settings = unit()
    assert settings["ExecStart"] == ["/opt/hadoop-lambdafs/bin/hdfs namenode"]
    assert settings["User"] == ["root"]
    assert settings["Restart"] == ["on-failure"]
    assert '"JAVA_HOME=/usr/lib/jvm/java 8"' in settings["Environment"]
    assert not [value for value in settings["Environment"] if "HDFS_NAMENODE_OPTS" in value]
    [copied] = settings["ExecStartPre"]
    assert copied.split()[2:] == [
        *(
            f"/opt/hadoop-lambdafs/etc/hadoop/{name}"
            for name in ("hdfs-site.xml", "core-site.xml", "ndb-config.properties")
        ),
        "/etc/systemd/system/hopsfs-namenode.service",
    ]
    assert settings["RuntimeDirectoryMode"] == ["0700"]


def test_a_namenodes_unit_has_javas_options_and_tells_its_versions() -> None:
    settings = unit(
        hopsfs_namenode_heap_mb=4096,
        hopsfs_namenode_jvm_options=["-XX:+UseG1GC"],
        driver_vm_hopsfs_archive="/a.tar.gz",
        driver_vm_hopsfs_archive_checksum=CHECKSUM,
    )
    assert '"HDFS_NAMENODE_OPTS=-Xmx4096m -XX:+UseG1GC"' in settings["Environment"]
    assert settings["X-Versions"] == ["/opt/hadoop-hopsfs-0123456789ab"]
