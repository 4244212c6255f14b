# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The work of the module ec2_host_keys: EC2's consoles and tags on one side, a known_hosts file on the other."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

with contextlib.suppress(ImportError):  # AnsibleAWSModule reports the missing library
    import botocore.exceptions

from ansible_collections.amazon.aws.plugins.module_utils.botocore import is_boto3_error_code
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.amazon.aws.plugins.module_utils.retries import AWSRetry
from ansible_collections.amazon.aws.plugins.module_utils.tagging import boto3_tag_list_to_ansible_dict
from ansible_collections.lambdafs.cluster.plugins.module_utils.polling import poll
from ansible_collections.lambdafs.cluster.plugins.module_utils.ssh_host_keys import (
    console_key,
    known_hosts,
    known_keys,
)

TAG = "SshHostKey"


def tagged_keys(client: Any, project: str, cluster: str) -> dict[str, str | None]:
    """Instance id to the host key in its tag, or None, of all VMs of the deployment that are not gone."""
    filters = [
        {"Name": "tag:Project", "Values": [project]},
        {"Name": "tag:Cluster", "Values": [cluster]},
        {"Name": "instance-state-name", "Values": ["pending", "running", "stopping", "stopped"]},
    ]
    pages = client.get_paginator("describe_instances").paginate(Filters=filters)
    return {
        instance["InstanceId"]: boto3_tag_list_to_ansible_dict(instance.get("Tags", [])).get(TAG)
        for page in pages
        for reservation in page["Reservations"]
        for instance in reservation["Instances"]
    }


def console_output(client: Any, instance: str) -> str:
    """What the console of an instance shows: the latest output, or the stored one where the type has no other.

    The API's base64 is undone by botocore already.
    """
    try:
        answer = client.get_console_output(InstanceId=instance, Latest=True, aws_retry=True)
    except is_boto3_error_code("UnsupportedOperation"):
        answer = client.get_console_output(InstanceId=instance, aws_retry=True)
    output: str = answer.get("Output", "")
    return output


def learn(client: Any, instances: list[str], timeout: float) -> dict[str, str]:
    """Host keys from the consoles of `instances`; those not shown within `timeout` seconds are missing."""
    learnt: dict[str, str] = {}

    def look() -> dict[str, str]:
        for instance in instances:
            if instance not in learnt:
                key = console_key(console_output(client, instance))
                if key:
                    learnt[instance] = key
                    tags = [{"Key": TAG, "Value": key}]
                    client.create_tags(Resources=[instance], Tags=tags, aws_retry=True)
        return learnt

    return poll(look, lambda found: len(found) == len(instances), timeout, interval=10)


def write(module: AnsibleAWSModule, path: Path, text: str) -> None:
    """Replace the file at once, readable by its owner only."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = Path(module.tmpdir) / "known_hosts"
    draft.touch(mode=0o600)
    draft.write_text(text, encoding="ascii")
    module.atomic_move(str(draft), str(path))
    path.chmod(0o600)


def run(module: AnsibleAWSModule) -> dict[str, Any]:
    """Carry the module out and return its result."""
    params = module.params
    path = Path(params["path"])
    before = path.read_text(encoding="ascii") if path.exists() else ""
    client = module.client("ec2", retry_decorator=AWSRetry.jittered_backoff())
    try:
        tagged = tagged_keys(client, params["project"], params["cluster_name"])
        have = known_keys(before)
        keys = {instance: tag or have.get(instance) for instance, tag in tagged.items()}
        unknown = sorted(instance for instance, key in keys.items() if not key)
        if unknown and not module.check_mode:
            keys.update(learn(client, unknown, params["timeout"]))
    except (botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError) as error:
        module.fail_json_aws(error, msg="Found no way to read the VMs' host keys")
    missing = sorted(instance for instance, key in keys.items() if not key)
    if missing and not module.check_mode:
        module.fail_json(
            msg=f"Found no SSH host key on the console of {', '.join(missing)} within {params['timeout']} s, expected "
            "the block that cloud-init prints at the first start: look at the console output, or set "
            "lambdafs_host_keys to first_contact."
        )
    after = known_hosts({instance: key for instance, key in keys.items() if key})
    changed = after != before or bool(unknown)
    if after != before and not module.check_mode:
        write(module, path, after)
    return {
        "changed": changed,
        "learnt": unknown,
        "path": str(path),
        "diff": {"before": before, "after": after, "before_header": str(path), "after_header": str(path)},
    }
