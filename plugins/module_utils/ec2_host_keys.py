# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The work of the module ec2_host_keys: EC2's consoles and tags on one side, a known_hosts file on the other."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

with contextlib.suppress(ImportError):  # AnsibleAWSModule reports the missing library
    import botocore.exceptions

from ansible_collections.amazon.aws.plugins.module_utils.botocore import is_boto3_error_code
from ansible_collections.amazon.aws.plugins.module_utils.exceptions import AnsibleAWSError
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.lambdafs.cluster.plugins.module_utils.aws_deployment_kinds import Owner
from ansible_collections.lambdafs.cluster.plugins.module_utils.aws_deployment_listing import (
    Clients,
    connect,
    list_resources,
)
from ansible_collections.lambdafs.cluster.plugins.module_utils.instance_plan import LIVE_STATES
from ansible_collections.lambdafs.cluster.plugins.module_utils.polling import poll
from ansible_collections.lambdafs.cluster.plugins.module_utils.ssh_host_keys import (
    console_key,
    known_hosts,
    known_keys,
)

TAG = "SshHostKey"


def tagged_keys(clients: Clients, owner: Owner) -> dict[str, str | None]:
    """Instance id to the host key in its tag, or None, of all VMs of the deployment that are not on their way out."""
    found = list_resources(clients, ["instances"], owner)["instances"]
    return {one["id"]: one["tags"].get(TAG) for one in found if one["state"] in LIVE_STATES}


def console_output(client: Any, instance: str) -> str:
    """What the console of an instance shows: the latest output, or the stored one where the type has no other.

    The API's base64 is undone by botocore already.
    """
    try:
        answer = client.get_console_output(InstanceId=instance, Latest=True)
    except is_boto3_error_code("UnsupportedOperation"):
        answer = client.get_console_output(InstanceId=instance)
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
                    client.create_tags(Resources=[instance], Tags=tags)
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
    clients = connect(module, ["instances"])
    try:
        tagged = tagged_keys(clients, Owner(params["cluster_name"], params["project"]))
        have = known_keys(before)
        keys = {instance: tag or have.get(instance) for instance, tag in tagged.items()}
        unknown = sorted(instance for instance, key in keys.items() if not key)
        if unknown and not module.check_mode:
            keys.update(learn(clients["ec2"], unknown, params["timeout"]))
    except AnsibleAWSError as error:
        module.fail_json(msg=str(error))
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
