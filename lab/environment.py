"""The shell variables that point AWS clients, Ansible and podman at a lab."""

from __future__ import annotations

import json
import os
import shlex

from lab import ndb_archive
from lab.kubernetes import clients
from lab.settings import CHECKOUT, REGION, LabSettings

UNSET = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN", "AWS_REGION")


def variables(lab: LabSettings) -> dict[str, str]:
    """Names and values."""
    files = lab.files
    return {
        "AWS_ENDPOINT_URL": lab.endpoint,
        "AWS_ACCESS_KEY_ID": "LABONLYNOTAREALKEY00",
        "AWS_SECRET_ACCESS_KEY": "LABONLYNOTAREALKEY00",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_CONFIG_FILE": str(files.aws_config),
        "AWS_SHARED_CREDENTIALS_FILE": str(files.aws_credentials),
        "AWS_EC2_METADATA_DISABLED": "true",
        "ANSIBLE_INVENTORY": str(CHECKOUT / "inventory" / "lab"),
        "LAMBDAFS_LAB_NAME": lab.name,
        "LAMBDAFS_LAB_SUBNET": lab.subnet,
        "LAMBDAFS_LAB_PORT": str(lab.port),
        "LAMBDAFS_LAB_STATE": str(files.state_dir),
        "LAMBDAFS_LAB_NDB_ARCHIVE": str(ndb_archive.cached() or ""),
        "LAMBDAFS_LAB_CHARTS": str(CHECKOUT / "lab" / "charts"),
        "CONTAINERS_CONF": str(files.containers_conf),
    }


def path(current: str) -> str:
    """The search path with the lab's kubectl and helm in front."""
    own = str(clients.directory())
    return os.pathsep.join([own, *(entry for entry in current.split(os.pathsep) if entry != own)])


def shell(lab: LabSettings) -> str:
    """Lines for `eval` in a POSIX shell."""
    lines = [f"unset {name}" for name in UNSET]
    lines += [f"export {name}={shlex.quote(value)}" for name, value in _with_path(lab).items()]
    return "\n".join(lines) + "\n"


def as_json(lab: LabSettings) -> str:
    """The same variables as a JSON object, for programs that hand them on; what `UNSET` names is not in it."""
    return json.dumps(_with_path(lab), indent=2) + "\n"


def _with_path(lab: LabSettings) -> dict[str, str]:
    return variables(lab) | {"PATH": path(os.environ.get("PATH", os.defpath))}
