"""Machine images: upstream's in its region, and official Ubuntu LTS ones in every region."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from moto.ec2.models.amis import Ami, AmiBackend

from lab.moto_fixes.patching import replace
from lab.settings import REGION

CANONICAL = "099720109477"
UPSTREAM_OWNER = "000000000001"
UPSTREAM = {
    "ami-079ac4c46055b2bdf": "lambdafs-client",
    "ami-0700bf4465e5fd16d": "lambdafs-zookeeper",
    "ami-0ef872c16032b2aeb": "ndb-manager",
    "ami-02b05337b4142f447": "ndb-datanode-type1",
    "ami-0a3d55fdd1fe9a6b8": "ndb-datanode-type2",
    "ami-093cb0299f0b291e6": "hopsfs",
}
UBUNTU = {
    "ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-20260901": "2026-09-01T08:00:00.000",
    "ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-20260301": "2026-03-01T08:00:00.000",
    "ubuntu/images/hvm-ssd/ubuntu-jammy-22.04-amd64-server-20260801": "2026-08-01T08:00:00.000",
    "ubuntu/images/hvm-ssd/ubuntu-jammy-22.04-amd64-server-20260201": "2026-02-01T08:00:00.000",
}


def image_id(region: str, name: str) -> str:
    """An AMI id that is the same on every run and differs between regions."""
    return f"ami-{hashlib.sha256(f'{region} {name}'.encode()).hexdigest()[:17]}"


def images_of(region: str) -> list[dict[str, str]]:
    """Id, name, owner and creation date (ISO 8601) of every image of a region."""
    images = [
        {"ami_id": image_id(region, name), "name": name, "owner_id": CANONICAL, "created": created}
        for name, created in UBUNTU.items()
    ]
    if region == REGION:
        images += [
            {"ami_id": ami_id, "name": name, "owner_id": UPSTREAM_OWNER, "created": "2023-03-01T08:00:00.000"}
            for ami_id, name in UPSTREAM.items()
        ]
    return images


def _load(self: Any) -> None:
    """Stands in for AmiBackend._load_amis."""
    for image in images_of(self.region_name):
        self.amis[image["ami_id"]] = Ami(
            self,
            image["ami_id"],
            name=image["name"],
            description=f"{image['name']} (a stand-in of the lab)",
            owner_id=image["owner_id"],
            public=True,
            virtualization_type="hvm",
            architecture="x86_64",
            hypervisor="xen",
            root_device_type="ebs",
            root_device_name="/dev/sda1",
            creation_date=datetime.fromisoformat(image["created"]),
        )


def apply() -> None:
    """Mend the list of images."""
    replace(AmiBackend, "_load_amis", _load)
