"""Service quotas of EC2, which moto does not know."""

from __future__ import annotations

import os
from typing import Any

from moto.servicequotas.models import ServiceQuotasBackend

from lab.moto_fixes.patching import replace

EC2_QUOTAS = {
    "L-1216C47A": (
        "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances",
        float(os.environ.get("LAMBDAFS_LAB_VCPU_QUOTA", "1152")),
    ),
    "L-0263D0A3": ("EC2-VPC Elastic IPs", 5.0),
}


def ec2_quota(code: str, region: str) -> dict[str, Any] | None:
    """One quota as the Service Quotas API describes it, or None for a code that the lab does not know."""
    if code not in EC2_QUOTAS:
        return None
    name, value = EC2_QUOTAS[code]
    return {
        "Adjustable": True,
        "GlobalQuota": False,
        "QuotaArn": f"arn:aws:servicequotas:{region}::ec2/{code}",
        "QuotaCode": code,
        "QuotaName": name,
        "ServiceCode": "ec2",
        "ServiceName": "Amazon Elastic Compute Cloud (Amazon EC2)",
        "Unit": "None",
        "Value": value,
    }


def apply() -> None:
    """Mend Service Quotas."""
    original = ServiceQuotasBackend.get_service_quota

    def get_service_quota(self: Any, service_code: str, quota_code: str) -> dict[str, Any]:
        quota = ec2_quota(quota_code, self.region_name) if service_code == "ec2" else None
        return quota if quota is not None else original(self, service_code, quota_code)

    replace(ServiceQuotasBackend, "get_service_quota", get_service_quota)
