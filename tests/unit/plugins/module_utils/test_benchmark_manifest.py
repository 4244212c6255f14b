"""The manifest of a benchmark's results."""

from __future__ import annotations

from ansible_collections.lambdafs.cluster.plugins.module_utils import benchmark_manifest as manifest

HOSTVARS = {
    "zookeeper-0": {"ec2_instance_type": "r5.4xlarge", "ec2_image_id": "ami-1"},
    "zookeeper-1": {"ec2_instance_type": "r5.4xlarge", "ec2_image_id": "ami-1"},
    "elsewhere": {},
}


def test_tiers_are_told_by_number_type_and_image() -> None:
    facts = {"benchmark": "write", "tiers": {"zookeeper": ["zookeeper-0", "zookeeper-1", "elsewhere"], "ndb_sql": []}}
    assert manifest.benchmark_manifest(facts, HOSTVARS) == {
        "format": 1,
        "benchmark": "write",
        "tiers": {
            "zookeeper": {"count": 3, "instance_types": ["r5.4xlarge"], "images": ["ami-1"]},
            "ndb_sql": {"count": 0, "instance_types": [], "images": []},
        },
    }


def test_secrets_are_taken_out_at_any_depth() -> None:
    settings = {
        "lambdafs_ndb_password": "hidden",
        "lambdafs_ndb_user": "hops",
        "eks_openwhisk_auth_system": "hidden",
        "lambdafs_eks_authentication_mode": "API",
        "tree": [{"serverless.openwhisk.auth": "hidden", "api_token": "hidden", "name": "x"}],
        "ssh_private_key": "hidden",
        "lambdafs_ssh_private_key_file": "/home/ubuntu/.ssh/id_ed25519",
    }
    assert manifest.without_secrets(settings) == {
        "lambdafs_ndb_user": "hops",
        "lambdafs_eks_authentication_mode": "API",
        "tree": [{"name": "x"}],
        "lambdafs_ssh_private_key_file": "/home/ubuntu/.ssh/id_ed25519",
    }


def test_what_is_given_is_not_changed() -> None:
    given = {"tiers": {}, "settings": {"password": "hidden"}}
    manifest.benchmark_manifest(given, {})
    assert given == {"tiers": {}, "settings": {"password": "hidden"}}
