# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which subnets a deployment has, and which of them are to be made or mended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

ROLE_TAGS = {"public": "kubernetes.io/role/elb", "private": "kubernetes.io/role/internal-elb"}
"""Tags by which Kubernetes finds subnets for load balancers (AWS Load Balancer Controller, subnet discovery)."""


def wanted_subnets(
    cidrs: Mapping[str, Sequence[str]], zones: Sequence[str], cluster: str, tags: Mapping[str, str]
) -> list[dict[str, Any]]:
    """The subnets as they should be; `cidrs` has the CIDRs of the sides public and private, zones are taken in turn."""
    return [
        {
            "cidr": cidr,
            "zone": zones[number % len(zones)],
            "public": side == "public",
            "tags": {**tags, "Name": f"{cluster}-{side}-{number}", role: "1"},
        }
        for side, role in ROLE_TAGS.items()
        for number, cidr in enumerate(cidrs[side])
    ]


def is_as_wanted(wanted: Mapping[str, Any], subnet: Mapping[str, Any]) -> bool:
    """Whether an existing subnet needs no change; its zone is never changed, so it does not count."""
    has_tags = all(subnet["tags"].get(key) == value for key, value in wanted["tags"].items())
    return has_tags and subnet["map_public_ip_on_launch"] == wanted["public"]


def subnet_plan(
    cidrs: Mapping[str, Sequence[str]],
    found: Sequence[Mapping[str, Any]],
    zones: Sequence[str],
    cluster: str,
    tags: Mapping[str, str],
) -> list[dict[str, Any]]:
    """The subnets to make or mend: those not among `found`, or found with other tags or public addresses.

    Args:
        cidrs: CIDRs by side, public and private.
        found: the deployment's subnets: `cidr_block`, `map_public_ip_on_launch`, `tags`.
        zones: names of the zones to spread each side over.
        cluster: name of the deployment, for the subnets' names.
        tags: tags that every resource of the deployment carries.
    """
    existing = {subnet["cidr_block"]: subnet for subnet in found}
    return [
        wanted
        for wanted in wanted_subnets(cidrs, zones, cluster, tags)
        if wanted["cidr"] not in existing or not is_as_wanted(wanted, existing[wanted["cidr"]])
    ]
