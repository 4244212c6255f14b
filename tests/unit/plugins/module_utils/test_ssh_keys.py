# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from ansible_collections.lambdafs.cluster.plugins.module_utils import ssh_keys


def make_pair(directory: Path, *options: str) -> tuple[Path, Path]:
    private = directory / "key"
    keygen = shutil.which("ssh-keygen")
    if keygen is None:
        pytest.skip("ssh-keygen is not installed")
    subprocess.run([keygen, "-q", "-f", str(private), "-C", "me@here", *options], check=True)
    return private, private.with_suffix(".pub")


def problems(private: Path | str, public: Path | str) -> list[str]:
    return ssh_keys.key_pair_problems(ssh_keys.read_key_file(str(private)), ssh_keys.read_key_file(str(public)))


@pytest.mark.parametrize(
    "options",
    [
        ("-t", "ed25519", "-N", ""),
        ("-t", "ed25519", "-N", "passphrase"),
        ("-t", "rsa", "-b", "2048", "-m", "PEM", "-N", ""),
        ("-t", "rsa", "-b", "2048", "-m", "PEM", "-N", "passphrase"),
    ],
)
def test_a_pair_is_accepted(tmp_path: Path, options: tuple[str, ...]) -> None:
    private, public = make_pair(tmp_path, *options)
    assert problems(private, public) == []


@pytest.mark.parametrize("options", [("-N", ""), ("-N", "passphrase")])
def test_openssh_keys_carry_their_public_half_in_clear(tmp_path: Path, options: tuple[str, ...]) -> None:
    private, public = make_pair(tmp_path, "-t", "ed25519", *options)
    assert ssh_keys.public_key_of(private.read_text()) == ssh_keys.parse_public_key(public.read_text())


def test_two_halves_of_different_pairs(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    private, public = make_pair(tmp_path, "-t", "ed25519", "-N", "")
    _, foreign = make_pair(tmp_path / "other", "-t", "ed25519", "-N", "")
    assert problems(private, public) == []
    (problem,) = problems(private, foreign)
    assert f"holds another key than {private}" in problem
    assert f"run ssh-keygen -y -f {private} > {foreign}" in problem


@pytest.mark.parametrize(("mode", "found"), [(0o644, "0644"), (0o640, "0640"), (0o604, "0604")])
def test_a_key_that_others_can_read(tmp_path: Path, mode: int, found: str) -> None:
    private, public = make_pair(tmp_path, "-t", "ed25519", "-N", "")
    private.chmod(mode)
    (problem,) = problems(private, public)
    assert f"has mode {found}" in problem
    assert f"run chmod 600 {private}" in problem


def test_a_missing_pair_is_one_line(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path / "none", tmp_path / "none.pub")
    assert "none cannot be read (No such file or directory)" in problem
    assert "make a pair with ssh-keygen -t ed25519" in problem


def test_a_missing_public_key(tmp_path: Path) -> None:
    private, _ = make_pair(tmp_path, "-t", "ed25519", "-N", "")
    (problem,) = problems(private, tmp_path / "none.pub")
    assert f"run ssh-keygen -y -f {private} > {tmp_path / 'none.pub'}" in problem


def test_files_that_hold_something_else(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("PuTTY-User-Key-File-3: ssh-ed25519\n")
    (tmp_path / "key").chmod(0o600)
    (tmp_path / "key.pub").write_text("ssh-ed25519 ???\n")
    private, public = problems(tmp_path / "key", tmp_path / "key.pub")
    assert "holds no private key in OpenSSH or PEM format" in private
    assert "holds no public key in OpenSSH format" in public


def test_a_type_that_ec2_does_not_take(tmp_path: Path) -> None:
    private, public = make_pair(tmp_path, "-t", "ecdsa", "-N", "")
    (problem,) = problems(private, public)
    assert "EC2 expects ssh-ed25519 or ssh-rsa" in problem


def test_a_private_key_in_the_agent_needs_no_file(tmp_path: Path) -> None:
    _, public = make_pair(tmp_path, "-t", "ed25519", "-N", "")
    assert problems("", public) == []


@pytest.mark.parametrize("body", ["", "AAAA", "b3BlbnNzaC1rZXktdjEAAAAA"])
def test_a_broken_private_key_has_no_public_one(body: str) -> None:
    text = f"-----BEGIN OPENSSH PRIVATE KEY-----\n{body}\n-----END OPENSSH PRIVATE KEY-----\n"
    assert ssh_keys.public_key_of(text) is None
