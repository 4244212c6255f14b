# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from ansible_collections.lambdafs.cluster.plugins.module_utils.vm_known_hosts import vm_known_hosts

HOSTS = [
    {"id": "i-0b", "addresses": ["10.0.1.8"]},
    {"id": "i-0a", "addresses": ["10.0.1.7", "driver"]},
    {"id": "i-0c", "addresses": ["10.0.1.9"]},
]
TEXT = """# a comment i-0c
i-0a ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA0 comment
other,i-0b ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB0
i-0b ecdsa-sha2-nistp256 AAAAE2VjZHNh
@revoked i-0c ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIC0
"""


def test_keys_by_id_become_keys_by_address() -> None:
    assert vm_known_hosts(TEXT, HOSTS) == (
        "10.0.1.7,driver ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA0\n"
        "10.0.1.8 ecdsa-sha2-nistp256 AAAAE2VjZHNh\n"
        "10.0.1.8 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB0\n"
    )


@pytest.mark.parametrize("text", ["", "i-0a", "|1|no|base64! ssh-ed25519 AAAA", "|1|one ssh-ed25519 AAAA"])
def test_lines_that_say_nothing_are_left_out(text: str) -> None:
    assert vm_known_hosts(text, HOSTS) == ""


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="no ssh-keygen found, expected OpenSSH's client")
def test_ids_that_openssh_hashed_are_found(tmp_path: Path) -> None:
    path = tmp_path / "known_hosts"
    path.write_text(TEXT, encoding="ascii")
    subprocess.run(["ssh-keygen", "-H", "-f", str(path)], check=True, capture_output=True)
    hashed = path.read_text(encoding="ascii")
    assert "i-0a" not in hashed
    assert vm_known_hosts(hashed, HOSTS[:2]) == vm_known_hosts(TEXT, HOSTS[:2])
