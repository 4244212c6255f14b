"""Resource types as AWS spells them in DescribeTags."""

from __future__ import annotations

from moto.ec2.models.tags import EC2_PREFIX_TO_RESOURCE

SPELLINGS = {"nat": "natgateway", "eipalloc": "elastic-ip"}


def apply() -> None:
    """Mend the names of resource types."""
    EC2_PREFIX_TO_RESOURCE.update(SPELLINGS)
