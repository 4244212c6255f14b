"""Replacing a part of moto, loudly where moto no longer has it."""

from __future__ import annotations

from typing import Any

from moto.ec2.exceptions import EC2ClientError

from lab.errors import LabError


def replace(owner: Any, name: str, substitute: Any) -> Any:
    """Put `substitute` in the place of an attribute of a class or module; returns what was there.

    Raises:
        LabError: the owner has no such attribute, so the installed moto is another one.
    """
    if not hasattr(owner, name):
        raise LabError(
            f"moto has no {owner.__name__}.{name}, expected the moto of the lock file; "
            "install requirements-dev.txt again"
        )
    original = getattr(owner, name)
    setattr(owner, name, substitute)
    return original


def ec2_error(code: str, message: str) -> EC2ClientError:
    """An EC2 error of AWS, sent with HTTP status 400."""
    return EC2ClientError(code, message)
