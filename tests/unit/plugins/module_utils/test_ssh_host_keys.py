"""Host keys, from a console to a known_hosts file."""

from __future__ import annotations

from ansible_collections.lambdafs.cluster.plugins.module_utils.ssh_host_keys import (
    console_key,
    known_hosts,
    known_keys,
)

CONSOLE = """\
[   12.1] cloud-init[900]: -----BEGIN SSH HOST KEY KEYS-----\r
[   12.1] cloud-init[900]: ecdsa-sha2-nistp256 AAAAE2VjZHNh= root@ip-10-0-8-233\r
[   12.1] cloud-init[900]: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 root@ip-10-0-8-233\r
[   12.1] cloud-init[900]: ssh-rsa AAAAB3NzaC1yc2E root@ip-10-0-8-233\r
[   12.1] cloud-init[900]: -----END SSH HOST KEY KEYS-----\r
login:
"""


def test_the_preferred_key_is_read_from_the_console() -> None:
    assert console_key(CONSOLE) == "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5"


def test_the_next_best_key_serves() -> None:
    lines = [line for line in CONSOLE.splitlines() if "ed25519" not in line]
    assert console_key("\n".join(lines)) == "ecdsa-sha2-nistp256 AAAAE2VjZHNh="


def test_the_last_block_counts() -> None:
    later = CONSOLE.replace("AAAAC3NzaC1lZDI1NTE5", "AAAAnew")
    assert console_key(CONSOLE + later) == "ssh-ed25519 AAAAnew"


def test_a_console_without_a_whole_block_has_no_key() -> None:
    assert console_key("") is None
    assert console_key(CONSOLE.split("-----END", maxsplit=1)[0]) is None


def test_a_key_outside_the_block_is_not_believed() -> None:
    assert console_key("ssh-ed25519 AAAAforged user@elsewhere") is None


def test_the_file_is_sorted_and_read_back() -> None:
    keys = {"i-2": "ssh-ed25519 BBBB", "i-1": "ssh-ed25519 AAAA"}
    text = known_hosts(keys)
    assert text == "i-1 ssh-ed25519 AAAA\ni-2 ssh-ed25519 BBBB\n"
    assert known_keys("# comment\n\n" + text) == keys
