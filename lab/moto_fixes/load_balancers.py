"""Classic load balancers: interfaces in their subnets while they exist, and names that no public resolver knows."""

from __future__ import annotations

import zlib
from typing import Any

from moto.ec2.models import ec2_backends
from moto.elb.models import ELBBackend

from lab.moto_fixes.patching import replace

DOMAIN = "elb.internal"
"""In the top-level domain that is reserved for private use."""

INTERFACES = "lab_interfaces"


def dns_name(name: str, region: str, is_internal: bool) -> str:
    """The host name of a load balancer."""
    prefix = "internal-" if is_internal else ""
    return f"{prefix}{name}-{zlib.crc32(name.encode())}.{region}.{DOMAIN}".lower()


def address_of(balancer: Any) -> str:
    """The private address at which a load balancer answers: that of its first interface."""
    return str(getattr(balancer, INTERFACES)[0].private_ip_address)


def apply() -> None:
    """Mend making and deleting."""
    original_create = ELBBackend.create_load_balancer
    original_delete = ELBBackend.delete_load_balancer

    def create_load_balancer(self: Any, name: str, *args: Any, **kwargs: Any) -> Any:
        balancer = original_create(self, name, *args, **kwargs)
        ec2 = ec2_backends[self.account_id][self.region_name]
        balancer.dns_name = dns_name(name, self.region_name, balancer.scheme == "internal")
        interfaces = [
            ec2.create_network_interface(
                ec2.get_subnet(subnet_id), "", group_ids=list(balancer.security_groups), description=f"ELB {name}"
            )
            for subnet_id in balancer.subnets
        ]
        setattr(balancer, INTERFACES, interfaces)
        return balancer

    def delete_load_balancer(self: Any, load_balancer_name: str) -> None:
        balancer = self.load_balancers.get(load_balancer_name)
        original_delete(self, load_balancer_name)
        if balancer is not None:
            ec2 = ec2_backends[self.account_id][self.region_name]
            for interface in getattr(balancer, INTERFACES):
                if interface.id in ec2.enis:
                    ec2.delete_network_interface(interface.id)

    replace(ELBBackend, "create_load_balancer", create_load_balancer)
    replace(ELBBackend, "delete_load_balancer", delete_load_balancer)
