"""NAT gateways: pending and deleting take time, filters filter, and a deleted one lets go of its address."""

from __future__ import annotations

import os
from datetime import datetime
from typing import Any

from moto.core.utils import utcnow
from moto.ec2.models import ec2_backends, nat_gateways
from moto.ec2.models.nat_gateways import NatGateway, NatGatewayBackend
from moto.ec2.utils import tag_filter_matches

from lab.moto_fixes.patching import ec2_error, replace

PENDING_SECONDS = float(os.environ.get("LAMBDAFS_LAB_NAT_SECONDS", "8"))


def next_state(state: str, seconds: float, pending_seconds: float) -> str:
    """The state of a gateway that has been in `state` for so many seconds; deleting takes half as long as making."""
    if state == "pending" and seconds >= pending_seconds:
        return "available"
    if state == "deleting" and seconds >= pending_seconds / 2:
        return "deleted"
    return state


def settle(now: datetime) -> None:
    """Let every gateway whose time has come change its state."""
    for account in list(ec2_backends.values()):
        for backend in list(account.values()):
            for gateway in list(backend.nat_gateways.values()):
                _settle_one(gateway, now)


def _settle_one(gateway: Any, now: datetime) -> None:
    state = next_state(gateway.state, (now - gateway.lab_state_since).total_seconds(), PENDING_SECONDS)
    if state == gateway.state:
        return
    gateway.state = state
    gateway.lab_state_since = now
    if state == "deleted":
        backend = gateway.ec2_backend
        for address in backend.addresses:
            if address.eni is gateway._eni:
                backend.disassociate_address(association_id=address.association_id)
        backend.delete_network_interface(gateway._eni.id)


def apply() -> None:
    """Mend NAT gateways."""
    original_init = NatGateway.__init__
    original_describe = NatGatewayBackend.describe_nat_gateways

    def init(self: Any, *args: Any, **kwargs: Any) -> None:
        original_init(self, *args, **kwargs)
        self.state = "pending"
        self.lab_state_since = utcnow()

    def describe_nat_gateways(self: Any, filters: Any, nat_gateway_ids: list[str] | None) -> list[NatGateway]:
        for wanted in nat_gateway_ids or []:
            _find(self, wanted)
        tag_filters = {name: values for name, values in (filters or {}).items() if name.startswith("tag")}
        return [
            gateway
            for gateway in original_describe(self, filters, nat_gateway_ids)
            if all(tag_filter_matches(gateway, name, values) for name, values in tag_filters.items())
        ]

    def delete_nat_gateway(self: Any, nat_gateway_id: str) -> Any:
        gateway = _find(self, nat_gateway_id)
        if gateway.state not in ("deleting", "deleted"):
            gateway.state = "deleting"
            gateway.lab_state_since = utcnow()
        return gateway

    replace(NatGateway, "__init__", init)
    replace(NatGatewayBackend, "describe_nat_gateways", describe_nat_gateways)
    replace(NatGatewayBackend, "delete_nat_gateway", delete_nat_gateway)
    replace(nat_gateways, "random_private_ip", lambda: None)


def _find(backend: Any, gateway_id: str) -> Any:
    if gateway_id not in backend.nat_gateways:
        raise ec2_error("NatGatewayNotFound", f"The Nat Gateway {gateway_id} was not found")
    return backend.nat_gateways[gateway_id]
