# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What is written beside the results of a benchmark, so that it can be repeated."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

SECRET = re.compile(
    r"(?i)password|passphrase|secret|token|credential|private_key$|access_key|(?:^|[._])auth(?:_system|_guest)?$"
)


def without_secrets(value: Any) -> Any:
    """A copy without the entries whose name says that they are secret, at any depth."""
    if isinstance(value, Mapping):
        return {key: without_secrets(entry) for key, entry in value.items() if not SECRET.search(str(key))}
    if isinstance(value, (list, tuple)):
        return [without_secrets(entry) for entry in value]
    return value


def benchmark_manifest(facts: Mapping[str, Any], hostvars: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The manifest.

    Args:
        facts: what was run, when, with what settings, and how it ended; secrets are taken out. `tiers` maps the
            name of a tier to its hosts, of which number and instance types are told.
        hostvars: variables of every host: ec2_instance_type, ec2_image_id.
    """
    tiers = {
        tier: {
            "count": len(hosts),
            "instance_types": sorted({str(hostvars[host].get("ec2_instance_type", "")) for host in hosts} - {""}),
            "images": sorted({str(hostvars[host].get("ec2_image_id", "")) for host in hosts} - {""}),
        }
        for tier, hosts in facts["tiers"].items()
    }
    return {
        "format": 1,
        **without_secrets({key: value for key, value in facts.items() if key != "tiers"}),
        "tiers": tiers,
    }
