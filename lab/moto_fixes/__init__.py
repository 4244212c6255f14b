"""Mends for what moto does otherwise than AWS; one file for each area."""

from __future__ import annotations

from functools import cache

from lab.moto_fixes import (
    addresses,
    auto_scaling,
    console_output,
    dependencies,
    eks_api,
    identities,
    images,
    instances,
    launches,
    load_balancers,
    managed_policies,
    nat_gateways,
    oidc_providers,
    quotas,
    tags,
)

_AREAS = (
    addresses,
    auto_scaling,
    console_output,
    dependencies,
    eks_api,
    identities,
    images,
    instances,
    launches,
    load_balancers,
    managed_policies,
    nat_gateways,
    oidc_providers,
    quotas,
    tags,
)


@cache
def apply() -> None:
    """Mend moto in this process, once."""
    for area in _AREAS:
        area.apply()
