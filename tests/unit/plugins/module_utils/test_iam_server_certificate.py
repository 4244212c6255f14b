"""Server certificates: uploaded once under a name that follows their content."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.amazon.aws.plugins.module_utils.exceptions import AnsibleAWSError
from ansible_collections.lambdafs.cluster.plugins.module_utils.iam_server_certificate import (
    certificate_name,
    ensure_certificate,
)

PATH = "/LambdaFS/lambdafs/us-east-1/"


class Iam:
    """Server certificates in memory, as boto3's client answers; a list has one on a page."""

    def __init__(self, *names: str, path: str = PATH) -> None:
        self.found = dict.fromkeys(names, path)
        self.uploads: list[dict[str, Any]] = []

    def list_server_certificates(self, PathPrefix: str, Marker: str = "0") -> dict[str, Any]:  # noqa: N803
        everything = sorted(self.found.items())
        page = everything[int(Marker) : int(Marker) + 1]
        listed = [{"ServerCertificateName": name, "Path": path, "Arn": f"arn:{name}"} for name, path in page]
        following = int(Marker) + 1
        more = {"IsTruncated": True, "Marker": str(following)} if following < len(everything) else {}
        return {"ServerCertificateMetadataList": listed, **more}

    def upload_server_certificate(self, **given: Any) -> dict[str, Any]:
        self.uploads.append(given)
        self.found[given["ServerCertificateName"]] = given["Path"]
        return {}

    def delete_server_certificate(self, ServerCertificateName: str) -> dict[str, Any]:  # noqa: N803
        del self.found[ServerCertificateName]
        return {}


@pytest.fixture
def params(tmp_path: Path) -> dict[str, Any]:
    (tmp_path / "tls.crt").write_text("CERTIFICATE\n")
    (tmp_path / "tls.key").write_text("KEY\n")
    return {
        "path": PATH,
        "prefix": "own",
        "state": "present",
        "certificate_file": str(tmp_path / "tls.crt"),
        "chain_file": None,
        "key_file": str(tmp_path / "tls.key"),
        "purge": False,
        "tags": {"Project": "LambdaFS"},
    }


NAME = certificate_name("own", "CERTIFICATE\n")


def test_a_certificate_is_uploaded_once_with_its_tags(params: dict[str, Any]) -> None:
    iam = Iam("own-0123", "foreign")
    first = ensure_certificate(iam, params, check_mode=False)
    assert (first.changed, first.found) == (True, {"name": NAME, "arn": f"arn:{NAME}", "others": ["own-0123"]})
    (upload,) = iam.uploads
    assert upload["Tags"] == [{"Key": "Project", "Value": "LambdaFS"}]
    assert "CertificateChain" not in upload
    assert not ensure_certificate(iam, params, check_mode=False).changed
    assert len(iam.uploads) == 1


def test_check_mode_uploads_and_deletes_nothing(params: dict[str, Any]) -> None:
    iam = Iam("own-0123")
    result = ensure_certificate(iam, params | {"purge": True}, check_mode=True)
    assert (result.changed, result.after) == (True, {"certificates": [NAME]})
    assert (iam.uploads, set(iam.found)) == ([], {"own-0123"})


def test_earlier_certificates_go_only_when_asked_and_foreign_ones_never(params: dict[str, Any]) -> None:
    iam = Iam("own-0123", "foreign", NAME)
    assert not ensure_certificate(iam, params, check_mode=False).changed
    assert ensure_certificate(iam, params | {"purge": True}, check_mode=False).changed
    assert set(iam.found) == {"foreign", NAME}


def test_absent_deletes_all_of_the_prefix_on_this_path_alone(params: dict[str, Any]) -> None:
    iam = Iam("own-0123", NAME)
    iam.found["own-elsewhere"] = "/"
    result = ensure_certificate(iam, params | {"state": "absent"}, check_mode=False)
    assert (result.changed, result.found) == (True, None)
    assert set(iam.found) == {"own-elsewhere"}


def test_white_space_is_no_other_certificate() -> None:
    assert certificate_name("own", "A B\n") == certificate_name("own", "A\nB")
    assert certificate_name("own", "A C") != certificate_name("own", "A B")


def test_a_file_that_is_missing_is_named(params: dict[str, Any]) -> None:
    with pytest.raises(AnsibleAWSError, match=r"/nothing cannot be read: No such file"):
        ensure_certificate(Iam(), params | {"certificate_file": "/nothing"}, check_mode=False)
