# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Server certificates of IAM below one path: what is there, what to upload, what is left of earlier ones."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.exceptions import AnsibleAWSError
from ansible_collections.amazon.aws.plugins.module_utils.tagging import ansible_dict_to_boto3_tag_list
from ansible_collections.lambdafs.cluster.plugins.module_utils.eks_common import (
    Item,
    Result,
    call,
    create,
    delete,
    without_empty,
)

Params = Mapping[str, Any]

DIGEST_LENGTH = 12


def certificate_name(prefix: str, body: str) -> str:
    """Name of a certificate: IAM lets none change, so another content is another name."""
    content = "".join(body.split())
    return f"{prefix}-{hashlib.sha256(content.encode()).hexdigest()[:DIGEST_LENGTH]}"


def certificates(client: Any, path: str, prefix: str) -> list[Item]:
    """The certificates of this path whose name begins with the prefix, as IAM lists them, by name."""
    found: list[Item] = []
    marker: dict[str, str] = {}
    while True:
        page = call(client, "list_server_certificates", PathPrefix=path, **marker)
        found += [
            item
            for item in page["ServerCertificateMetadataList"]
            if item["Path"] == path and item["ServerCertificateName"].startswith(f"{prefix}-")
        ]
        if not page.get("IsTruncated"):
            return sorted(found, key=lambda item: str(item["ServerCertificateName"]))
        marker = {"Marker": page["Marker"]}


def read_file(path: str) -> str:
    """The text of a file.

    Raises:
        AnsibleAWSError: it cannot be read.
    """
    try:
        return Path(path).read_text(encoding="utf-8")
    except OSError as error:
        raise AnsibleAWSError(
            f"{path} cannot be read: {error.strerror}; expected a PEM file; correct the path"
        ) from error


def ensure_certificate(client: Any, params: Params, check_mode: bool) -> Result:
    """Upload the certificate unless it is there, or delete all of the prefix; with purge, delete earlier ones."""
    present = {item["ServerCertificateName"]: item for item in certificates(client, params["path"], params["prefix"])}
    body = read_file(params["certificate_file"]) if params["state"] == "present" else ""
    name = certificate_name(params["prefix"], body) if body else ""
    surplus = [other for other in present if other != name] if params["purge"] or not body else []
    found = present.get(name)
    changed = bool(surplus) or (bool(body) and found is None)
    if body and found is None and not check_mode:
        create(client, "upload_server_certificate", _upload(params, name, body), lambda: _find(client, params, name))
        found = _find(client, params, name)
    if not check_mode:
        for other in surplus:
            delete(client, "delete_server_certificate", ServerCertificateName=other)
    kept = sorted({*present, *([name] if name else [])} - {*surplus})
    item = _described(found, [other for other in kept if other != name]) if body else None
    return Result(changed, item, {"certificates": sorted(present)}, {"certificates": kept})


def _find(client: Any, params: Params, name: str) -> Item | None:
    listed = certificates(client, params["path"], params["prefix"])
    return next((item for item in listed if item["ServerCertificateName"] == name), None)


def _described(found: Item | None, others: list[str]) -> Item:
    """What is returned; without an ARN in check mode before the upload."""
    told = {"name": found["ServerCertificateName"], "arn": found["Arn"]} if found else {}
    return {**told, "others": others}


def _upload(params: Params, name: str, body: str) -> dict[str, Any]:
    return without_empty(
        {
            "ServerCertificateName": name,
            "Path": params["path"],
            "CertificateBody": body,
            "CertificateChain": read_file(params["chain_file"]) if params["chain_file"] else None,
            "PrivateKey": read_file(params["key_file"]),
            "Tags": ansible_dict_to_boto3_tag_list(params["tags"]) if params["tags"] else None,
        }
    )
