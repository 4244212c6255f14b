"""The operator's SSH key pair of a lab."""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lab.files import write_atomically


def ensure(private: Path, public: Path, comment: str) -> None:
    """Write an ed25519 key pair (OpenSSH format, both 0600) unless the private key is there."""
    if not private.exists():
        key = Ed25519PrivateKey.generate()
        text = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, serialization.NoEncryption()
        )
        write_atomically(private, text.decode("ascii"))
    loaded = serialization.load_ssh_private_key(private.read_bytes(), password=None)
    line = loaded.public_key().public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
    write_atomically(public, f"{line.decode('ascii')} {comment}\n")
