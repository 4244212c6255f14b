"""Addresses: real errors, AWS's reserved ones, one book of what is taken, and nothing on the internet."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection
from typing import Any

from moto.ec2.models import elastic_ip_addresses, elastic_network_interfaces
from moto.ec2.models.elastic_network_interfaces import NetworkInterface, NetworkInterfaceBackend
from moto.ec2.models.subnets import Subnet, SubnetCidrReservation
from moto.ec2.utils import convert_tag_spec

from lab.moto_fixes.patching import ec2_error, replace

RESERVED_AT_START = 4
ELASTIC = ipaddress.IPv4Network("198.51.100.0/24")


def is_reserved(subnet: ipaddress.IPv4Network, address: ipaddress.IPv4Address) -> bool:
    """Whether AWS keeps the address for itself: the first four and the last of a subnet."""
    place = int(address) - int(subnet.network_address)
    return place < RESERVED_AT_START or address == subnet.broadcast_address


def next_free(subnet: ipaddress.IPv4Network, taken: Collection[str], after: str | None) -> str | None:
    """The next free address after the one last given out, from the start again at the end; None if all are taken."""
    size = subnet.num_addresses
    first = RESERVED_AT_START if after is None else int(ipaddress.IPv4Address(after)) - int(subnet.network_address) + 1
    for step in range(size):
        address = subnet.network_address + (first + step) % size
        if not is_reserved(subnet, address) and str(address) not in taken:
            return str(address)
    return None


def taken_addresses(subnet: Subnet) -> set[str]:
    """Every address of the subnet that an interface or anything else holds."""
    taken = set(subnet._subnet_ips)
    for interface in list(subnet.ec2_backend.enis.values()):
        if interface.subnet.id == subnet.id:
            taken.add(str(interface.private_ip_address))
            taken.update(str(entry["PrivateIpAddress"]) for entry in interface.private_ip_addresses)
    return taken


def give_address(self: Subnet, instance: Any) -> str:
    """Stands in for Subnet.get_available_subnet_ip."""
    kept = {str(address) for address in self._reserved_ips}
    taken = taken_addresses(self) | kept
    address = next_free(ipaddress.IPv4Network(self.cidr), taken, getattr(self, "lab_last_given", None))
    if address is None:
        raise ec2_error(
            "InsufficientFreeAddressesInSubnet",
            f"There are not enough free addresses in subnet '{self.id}' to satisfy the request.",
        )
    self.lab_last_given = address  # type: ignore[attr-defined]
    self._subnet_ips[address] = instance
    return address


def request_address(self: Subnet, ip: str, instance: Any) -> None:
    """Stands in for Subnet.request_ip."""
    subnet = ipaddress.IPv4Network(self.cidr)
    try:
        address = ipaddress.IPv4Address(ip)
    except ValueError as error:
        raise ec2_error("InvalidParameterValue", f"invalid value for parameter address: {ip}") from error
    if address not in subnet:
        raise ec2_error("InvalidParameterValue", f"Address {ip} does not fall within the subnet's address range")
    if is_reserved(subnet, address):
        raise ec2_error("InvalidParameterValue", f"Address {ip} is in subnet's reserved address range")
    if ip in taken_addresses(self):
        raise ec2_error("InvalidIPAddress.InUse", f"Address {ip} is in use.")
    self._subnet_ips[ip] = instance


def release_in_subnet(self: Subnet, ip: str) -> None:
    """Stands in for Subnet.del_subnet_ip."""
    self._subnet_ips.pop(ip, None)


def elastic_address(in_use: Collection[str]) -> str:
    """A free address of the documentation range, which is routed nowhere."""
    address = next_free(ELASTIC, in_use, None)
    if address is None:
        raise ec2_error("AddressLimitExceeded", "The maximum number of addresses has been reached.")
    return address


def _assign_public_address(self: NetworkInterface) -> None:
    """Stands in for NetworkInterface.check_auto_public_ip: the public address is the private one."""
    if str(self.public_ip_auto_assign).lower() == "true":
        self.public_ip = self.private_ip_address


def _association(self: NetworkInterface) -> dict[str, Any]:
    """Stands in for NetworkInterface.association: an instance is reached by its private address only."""
    if not self.public_ip:
        return {}
    shown = self.private_ip_address if self.instance else self.public_ip
    association: dict[str, Any] = {
        "natEnabled": True,
        "publicIp": shown,
        "publicDnsName": elastic_network_interfaces.generate_dns_from_ip(shown),
        "ipOwnerId": self.ec2_backend.account_id,
    }
    for address in self.ec2_backend.address_by_ip([self.public_ip], fail_if_not_found=False):
        association["allocationId"] = address.allocation_id
        association["associationId"] = address.association_id
    return association


def apply() -> None:
    """Mend subnets, network interfaces and Elastic IP addresses."""
    replace(Subnet, "get_available_subnet_ip", give_address)
    replace(Subnet, "request_ip", request_address)
    replace(Subnet, "del_subnet_ip", release_in_subnet)
    _mend_reservations()
    replace(NetworkInterface, "check_auto_public_ip", _assign_public_address)
    replace(NetworkInterface, "association", property(_association))
    _mend_interfaces()
    _mend_elastic_addresses()


def _mend_reservations() -> None:
    """Reservations of addresses have tags."""
    original_init = SubnetCidrReservation.__init__

    def init(self: Any, *args: Any, **kwargs: Any) -> None:
        original_init(self, *args, **kwargs)
        self.add_tags(convert_tag_spec(self.tag_specifications).get("subnet-cidr-reservation", {}))

    replace(SubnetCidrReservation, "__init__", init)
    SubnetCidrReservation.tags = property(lambda self: self.get_tags())  # type: ignore[attr-defined]


def _mend_interfaces() -> None:
    original_create = NetworkInterfaceBackend.create_network_interface
    original_delete = NetworkInterfaceBackend.delete_network_interface

    def create_network_interface(
        self: Any, subnet: Any, private_ip_address: Any, private_ip_addresses: Any = None, *args: Any, **kwargs: Any
    ) -> NetworkInterface:
        is_of_launch = "device_index" in kwargs
        if not is_of_launch:
            subnet = self.get_subnet(subnet) if isinstance(subnet, str) else subnet
            entries = private_ip_addresses or []
            primary = next((entry["PrivateIpAddress"] for entry in entries if entry.get("Primary")), None)
            wanted = private_ip_address or primary
            if wanted:
                subnet.request_ip(wanted, None)
            else:
                wanted = subnet.get_available_subnet_ip(None)
            private_ip_address = wanted
        return original_create(self, subnet, private_ip_address, private_ip_addresses, *args, **kwargs)

    def delete_network_interface(self: Any, eni_id: str) -> None:
        interface = self.get_network_interface(eni_id)
        holder = interface.instance
        if holder is not None and holder.state not in ("shutting-down", "terminated"):
            raise ec2_error("InvalidNetworkInterface.InUse", f"The network interface '{eni_id}' is currently in use.")
        original_delete(self, eni_id)
        for entry in interface.private_ip_addresses:
            interface.subnet.del_subnet_ip(entry["PrivateIpAddress"])

    replace(NetworkInterfaceBackend, "create_network_interface", create_network_interface)
    replace(NetworkInterfaceBackend, "delete_network_interface", delete_network_interface)


def _mend_elastic_addresses() -> None:
    backend = elastic_ip_addresses.ElasticAddressBackend
    original_allocate = backend.allocate_address
    original_release = backend.release_address

    def allocate_address(self: Any, domain: str, address: str | None = None, tags: Any = None) -> Any:
        chosen = address or elastic_address({entry.public_ip for entry in self.addresses})
        return original_allocate(self, domain, chosen, tags)

    def release_address(self: Any, address: str | None = None, allocation_id: str | None = None) -> None:
        for entry in self.addresses:
            if entry.association_id and (entry.allocation_id == allocation_id or entry.public_ip == address):
                raise ec2_error("InvalidIPAddress.InUse", f"Address {entry.public_ip} is in use.")
        original_release(self, address, allocation_id)

    replace(backend, "allocate_address", allocate_address)
    replace(backend, "release_address", release_address)
