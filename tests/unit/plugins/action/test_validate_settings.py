# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from ansible.errors import AnsibleError
from ansible.parsing.dataloader import DataLoader
from ansible.playbook.task import Task
from ansible.template import Templar, trust_as_template
from ansible_collections.lambdafs.cluster.plugins.action import validate_settings


class HostVars:
    """Stand-in for Ansible's own: raw variables by host."""

    def __init__(self, hosts: dict[str, dict[str, Any]]) -> None:
        self._hosts = hosts

    def raw_get(self, host: str) -> dict[str, Any]:
        return self._hosts[host]


@pytest.fixture
def variables(tmp_path: Path) -> dict[str, Any]:
    """Settings as a user writes them, with a key pair that exists."""
    private = tmp_path / "key"
    private.write_text("-----BEGIN PRIVATE KEY-----\n\n-----END PRIVATE KEY-----\n", encoding="utf-8")
    private.chmod(0o600)
    private.with_suffix(".pub").write_text("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA\n", encoding="utf-8")
    return {
        "lambdafs_region": "us-east-1",
        "lambdafs_availability_zones": [trust_as_template("{{ lambdafs_region }}a"), "us-east-1b"],
        "lambdafs_public_subnet_cidrs": ["10.0.0.0/20", "10.0.16.0/20"],
        "lambdafs_zookeeper_count": trust_as_template("{{ 1 + 2 }}"),
        "lambdafs_zookeeper_private_ips": ["10.0.8.233", "10.0.4.113", "10.0.14.89"],
        "lambdafs_ssh_private_key_file": str(private),
        "lambdafs_ssh_public_key_file": trust_as_template("{{ lambdafs_ssh_private_key_file }}.pub"),
    }


def run(variables: dict[str, Any]) -> dict[str, Any]:
    loader = DataLoader()
    action = validate_settings.ActionModule(
        task=Task(),
        connection=Mock(),
        play_context=None,
        loader=loader,
        templar=Templar(loader=loader, variables=variables),
        shared_loader_obj=None,
    )
    return dict(action.run(task_vars=variables))


def test_settings_in_order(variables: dict[str, Any]) -> None:
    result = run(variables)
    assert result["problems"] == []
    assert result["changed"] is False
    assert "failed" not in result


def test_all_problems_come_at_once_and_plain(variables: dict[str, Any]) -> None:
    variables |= {
        "lambdafs_zookeeper_count": 4,
        "lambdafs_ndb_datanode_count": "3",
        "lambdafs_cluster_name": trust_as_template("{{ nosuch }}"),
        "lambdafs_zookeper_count": trust_as_template("{{ never_looked_at }}"),
    }
    result = run(variables)
    assert result["failed"] is True
    assert result["msg"] == "\n".join(result["problems"])
    assert [line.split()[:3] for line in result["problems"]] == [
        ["lambdafs_zookeper_count", "is", "no"],
        ["lambdafs_cluster_name", "has", "no"],
        ["lambdafs_zookeeper_count", "is", "4;"],
        ["lambdafs_ndb_datanode_count", "is", "3;"],
    ]
    assert {type(line) for line in result["problems"]} == {str}


def test_names_of_other_hosts_are_looked_at(variables: dict[str, Any]) -> None:
    variables |= {
        "groups": {"all": ["a"]},
        "hostvars": HostVars({"a": {"lambdafs_regoin": "x", "lambdafs_index": "0"}}),
    }
    assert run(variables)["problems"] == [
        "lambdafs_regoin is no variable of this collection: did you mean lambdafs_region?"
    ]


def test_an_open_ssh_port_is_a_warning(variables: dict[str, Any]) -> None:
    result = run(variables | {"lambdafs_operator_cidrs": ["0.0.0.0/0"]})
    assert result["problems"] == []
    assert "whole Internet" in result["warnings"][0]


def test_a_collection_without_its_specs_says_so(tmp_path: Path) -> None:
    with pytest.raises(AnsibleError, match=r"argument_specs\.yml is missing"):
        validate_settings.read_role_options(tmp_path)
