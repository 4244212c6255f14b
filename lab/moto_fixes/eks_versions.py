"""Kubernetes versions that the lab's EKS offers, with the dates of EKS's release calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

CALENDAR = {
    "1.31": ("2024-09-26", "2025-11-26"),
    "1.32": ("2025-01-23", "2026-03-23"),
    "1.33": ("2025-05-29", "2026-07-29"),
    "1.34": ("2025-10-02", "2026-12-02"),
    "1.35": ("2026-01-27", "2027-03-27"),
}
"""Version → days (ISO 8601) on which EKS released it and ends its standard support."""

EXTENDED = timedelta(days=365)


@dataclass(frozen=True)
class Version:
    """A Kubernetes version on a given day; `status` as in the member versionStatus of EKS's answer."""

    name: str
    status: str
    released: datetime
    end_of_standard: datetime
    end_of_extended: datetime


def versions(now: datetime) -> list[Version]:
    """Every version of the calendar, the newest first."""
    found = []
    for name, (released, ends) in CALENDAR.items():
        end = _day(ends)
        found.append(Version(name, _status(now, end), _day(released), end, end + EXTENDED))
    return sorted(found, key=lambda version: minor(version.name), reverse=True)


def offered(now: datetime) -> list[str]:
    """The versions with which a cluster can be made, the newest first."""
    return [version.name for version in versions(now) if version.status != "UNSUPPORTED"]


def minor(version: str) -> int:
    """The minor version: 35 of 1.35."""
    return int(version.split(".")[1])


def platform_version(version: str) -> str:
    """The platform version that a new cluster gets."""
    return f"eks.{max(1, 40 - minor(version))}"


def release_version(version: str) -> str:
    """The release version of the node image for a Kubernetes version."""
    return f"{version}.1-20260901"


def _status(now: datetime, end_of_standard: datetime) -> str:
    if now < end_of_standard:
        return "STANDARD_SUPPORT"
    return "EXTENDED_SUPPORT" if now < end_of_standard + EXTENDED else "UNSUPPORTED"


def _day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
