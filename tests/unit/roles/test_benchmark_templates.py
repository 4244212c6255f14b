"""The templates of the role benchmark, as Ansible renders them."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar, trust_as_template

from tests.repository import ROOT

ROLE = ROOT / "roles/benchmark"
# What the inventory, the settings and the role driver_vm give
AROUND = {
    "inventory_hostname": "lambda-fs-client-driver",
    "private_ip_address": "10.0.0.1",
    "lambdafs_ssh_user": "ubuntu",
    "lambdafs_state_dir": "/state",
    "driver_vm_benchmark_dir": "/opt/lambdafs-benchmark",
    "driver_vm_hadoop_home": "/opt/hadoop",
    "driver_vm_conf_dir": "/opt/hadoop/etc/hadoop",
    "driver_vm_java_home": "/opt/jdk",
    "groups": {"client_lambdafs": ["i-2", "i-1"], "client_hopsfs": [], "namenode_hopsfs": ["i-9"]},
    "hostvars": {
        "i-1": {"private_ip_address": "10.0.0.11"},
        "i-2": {"private_ip_address": "10.0.0.12"},
        "i-9": {"private_ip_address": "10.0.0.19"},
    },
}


def trusted(value: Any) -> Any:
    """A value of a file of the role; its texts are templates."""
    if isinstance(value, dict):
        return {key: trusted(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [trusted(entry) for entry in value]
    return trust_as_template(value) if isinstance(value, str) else value


def role_variables() -> dict[str, Any]:
    files = (ROLE / "defaults/main.yml", ROLE / "vars/main.yml")
    return {name: trusted(value) for file in files for name, value in yaml.safe_load(file.read_text("utf-8")).items()}


def templar(system: str, **changes: Any) -> Templar:
    return Templar(loader=DataLoader(), variables={**role_variables(), **AROUND, "driver_vm_system": system, **changes})


def render(name: str, system: str, **changes: Any) -> str:
    text = (ROLE / "templates" / name).read_text(encoding="utf-8")
    rendered: str = templar(system, **changes).template(trust_as_template(text))
    return rendered


def test_config_of_lambdafs_has_every_client_as_a_follower() -> None:
    assert yaml.safe_load(render("config.yaml.j2", "lambdafs")) == {
        "namenodeEndpoint": "hdfs://10.0.0.1:9000/",
        "hdfsConfigFile": "/opt/hadoop/etc/hadoop/hdfs-site.xml",
        "commanderExecutesToo": True,
        "followers": [{"ip": "10.0.0.11", "user": "ubuntu"}, {"ip": "10.0.0.12", "user": "ubuntu"}],
    }


def test_config_of_hopsfs_names_a_namenode() -> None:
    assert yaml.safe_load(render("config.yaml.j2", "hopsfs")) == {
        "namenodeEndpoint": "hdfs://10.0.0.19:8020/",
        "hdfsConfigFile": "/opt/hadoop/etc/hadoop/hdfs-site.xml",
        "followers": [],
    }


def test_workload_is_yaml_and_java_properties_alike() -> None:
    text = render("workload.yaml.j2", "lambdafs", benchmark_workload_extra={"benchmark.random.seed": 7})
    comment, *lines = text.splitlines()
    assert comment.startswith("# ")
    properties = dict(line.split(": ") for line in lines)
    assert properties == {name: str(value) for name, value in yaml.safe_load(text).items()}
    assert (properties["interleaved.read.files.percentage"], properties["benchmark.random.seed"]) == ("71.84", "7")


@pytest.mark.parametrize(("changes", "option"), [({}, "-m"), ({"benchmark_followers": []}, "-n")])
def test_the_leader_never_starts_followers_itself(changes: dict[str, Any], option: str) -> None:
    variables = templar("lambdafs", benchmark_name="prewarm", **changes)
    plan = variables.template(trust_as_template("{{ __benchmark_plan }}"))
    assert " ".join(plan["argv"]).endswith(
        " com.gmail.benrcarver.distributed.InteractiveTest -l 10.0.0.1 -p 8000"
        f" -y /opt/lambdafs-benchmark/config.yaml {option}"
    )
    assert plan["argv"][:3] == ["/opt/jdk/bin/java", "-Xms2g", "-Xmx2g"]
    assert (plan["number"], plan["answers"]) == (10, ["8", "3072"])
    assert plan["followers"] == len(changes.get("benchmark_followers", ["i-1", "i-2"]))
