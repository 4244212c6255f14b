# Copyright: (c) lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""SSH key files: reading them, and what is wrong with a pair."""

from __future__ import annotations

import base64
import binascii
import re
import stat
import struct
from dataclasses import dataclass
from pathlib import Path

try:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives import serialization
except ImportError:
    HAS_CRYPTOGRAPHY = False
else:
    HAS_CRYPTOGRAPHY = True

PRIVATE_KEY = re.compile(
    r"-----BEGIN ([A-Z]+ )?PRIVATE KEY-----(?P<body>.*?)-----END ([A-Z]+ )?PRIVATE KEY-----", re.DOTALL
)
OPENSSH_HEADER = "-----BEGIN OPENSSH PRIVATE KEY-----"
OPENSSH_MAGIC = b"openssh-key-v1\0"
EC2_KEY_TYPES = ("ssh-ed25519", "ssh-rsa")

# Type and base64 body, as the first two words of a public key file
PublicKey = tuple[str, str]


@dataclass(frozen=True)
class KeyFile:
    """A file as it was found: its text, its mode's permission bits, or why it cannot be read."""

    path: str
    text: str = ""
    mode: int = 0
    error: str = ""


def read_key_file(path: str) -> KeyFile:
    """Read a file; a failure becomes the ``error`` of the answer. ``~`` is expanded."""
    if not path:
        return KeyFile("", error="no path is given")
    file = Path(path).expanduser()
    try:
        return KeyFile(str(file), file.read_text(encoding="utf-8", errors="replace"), stat.S_IMODE(file.stat().st_mode))
    except OSError as error:
        return KeyFile(str(file), error=error.strerror or str(error))


def key_pair_problems(private: KeyFile, public: KeyFile) -> list[str]:
    """What is wrong with the files of ``lambdafs_ssh_private_key_file`` and ``..._public_key_file``.

    A private key without a path is none: ssh's agent holds it.
    """
    problems = _private_problems(private) if private.path else []
    # Where neither half is there, the line about the private one says how to make both
    if not (private.error and public.error and public.path == f"{private.path}.pub"):
        problems += _public_problems(public, private)
    if not problems and private.path:
        derived = public_key_of(private.text)
        if derived is not None and derived != parse_public_key(public.text):
            problems.append(
                f"lambdafs_ssh_public_key_file {public.path} holds another key than {private.path}; expected a pair; "
                f"run ssh-keygen -y -f {private.path} > {public.path}"
            )
    return problems


def parse_public_key(text: str) -> PublicKey | None:
    """The key of a public key file, or None when the text is no such file."""
    words = text.split(None, 2)
    if len(words) < 2:
        return None
    try:
        blob = base64.b64decode(words[1], validate=True)
    except binascii.Error:
        return None
    return (words[0], words[1]) if blob[4:].startswith(words[0].encode()) else None


def public_key_of(private_text: str) -> PublicKey | None:
    """The public key of a private one.

    OpenSSH's own format carries it in clear. The other formats need the cryptography library
    and a key without passphrase: where one of the two is missing, the answer is None.
    """
    if OPENSSH_HEADER in private_text:
        return _openssh_public_key(private_text)
    if not HAS_CRYPTOGRAPHY:
        return None
    try:
        key = serialization.load_pem_private_key(private_text.encode(), password=None).public_key()
        line = key.public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
    except (TypeError, ValueError, UnsupportedAlgorithm):
        return None
    return parse_public_key(line.decode())


def _private_problems(private: KeyFile) -> list[str]:
    name = f"lambdafs_ssh_private_key_file {private.path}"
    if private.error:
        return [
            f"{name} cannot be read ({private.error}); expected the private key that opens the VMs; "
            "correct the path, or make a pair with ssh-keygen -t ed25519"
        ]
    problems = []
    if private.mode & (stat.S_IRWXG | stat.S_IRWXO):
        problems.append(
            f"{name} has mode {private.mode:04o}, so that others can read it and ssh refuses it; "
            f"expected 0600; run chmod 600 {private.path}"
        )
    if not PRIVATE_KEY.search(private.text):
        problems.append(f"{name} holds no private key in OpenSSH or PEM format; expected one; correct the path")
    return problems


def _public_problems(public: KeyFile, private: KeyFile) -> list[str]:
    name = f"lambdafs_ssh_public_key_file {public.path}"
    advice = f"run ssh-keygen -y -f {private.path} > {public.path}" if private.path else "correct the path"
    if public.error:
        return [f"{name} cannot be read ({public.error}); expected the public half of the key pair; {advice}"]
    key = parse_public_key(public.text)
    if key is None:
        return [f"{name} holds no public key in OpenSSH format; expected one; {advice}"]
    if key[0] not in EC2_KEY_TYPES:
        return [f"{name} holds a key of type {key[0]}; EC2 expects {' or '.join(EC2_KEY_TYPES)}; make one"]
    return []


def _openssh_public_key(private_text: str) -> PublicKey | None:
    match = PRIVATE_KEY.search(private_text)
    try:
        raw = base64.b64decode(match["body"] if match else "")
        if not raw.startswith(OPENSSH_MAGIC):
            return None
        offset = len(OPENSSH_MAGIC)
        for _unused in ("cipher", "key derivation", "its options"):
            offset += 4 + struct.unpack_from(">I", raw, offset)[0]
        offset += 4  # the number of keys, always 1
        size = struct.unpack_from(">I", raw, offset)[0]
        blob = raw[offset + 4 : offset + 4 + size]
        type_size = struct.unpack_from(">I", blob)[0]
    except (binascii.Error, struct.error):
        return None
    return blob[4 : 4 + type_size].decode("ascii", "replace"), base64.b64encode(blob).decode()
