"""RunInstances: all or nothing, with everything that a launch template asks for."""

from __future__ import annotations

from typing import Any

from moto.ec2.models.instances import Instance, InstanceBackend, Reservation
from moto.ec2.utils import convert_tag_spec

from lab.moto_fixes.patching import replace


def from_template(template: dict[str, Any], request: dict[str, Any]) -> dict[str, Any]:
    """What a launch template adds to a request that does not say it itself.

    Args:
        template: the data of a launch template's version.
        request: keyword arguments of moto's run_instances.

    Returns:
        The keyword arguments to set.
    """
    added: dict[str, Any] = {}
    interface: dict[str, Any] = next(iter(template.get("NetworkInterfaces") or []), {})
    # Else moto makes a root volume of its own first, which nothing deletes
    if not request.get("block_device_mappings") and template.get("BlockDeviceMappings"):
        added["block_device_mappings"] = template["BlockDeviceMappings"]
    if not request.get("metadata_options") and template.get("MetadataOptions"):
        added["metadata_options"] = template["MetadataOptions"]
    if not request.get("security_group_ids") and interface.get("Groups"):
        added["security_group_ids"] = list(interface["Groups"])
    if request.get("associate_public_ip") is None and interface.get("AssociatePublicIpAddress") is not None:
        added["associate_public_ip"] = interface["AssociatePublicIpAddress"]
    if not request.get("subnet_id") and not request.get("nics") and interface.get("SubnetId"):
        added["subnet_id"] = interface["SubnetId"]
    volume_tags = convert_tag_spec(template.get("TagSpecifications") or []).get("volume", {})
    if volume_tags:
        tags = request.get("tags") or {}
        added["tags"] = {**tags, "volume": {**volume_tags, **tags.get("volume", {})}}
    return added


def delete_with_instance(interfaces: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Interfaces made by a launch are deleted with the instance unless the request says otherwise."""
    return [
        entry if entry.get("NetworkInterfaceId") else {"DeleteOnTermination": True, **entry} for entry in interfaces
    ]


def default_subnet(subnets: dict[str, Any], zone: str | None) -> str | None:
    """The id of the default VPC's subnet in a zone, in the first zone if none is asked for, or None."""
    subnet = subnets.get(zone or min(subnets, default=""))
    return str(subnet.id) if subnet else None


def apply() -> None:
    """Mend launches."""
    original_run = InstanceBackend.run_instances
    original_interfaces = Instance.prep_nics

    def run_instances(self: Any, *args: Any, **kwargs: Any) -> Reservation:
        if kwargs.get("launch_template"):
            version = self._get_template_from_args(kwargs["launch_template"])
            kwargs.update(from_template(version.data, kwargs))
        if not kwargs.get("subnet_id") and not kwargs.get("nics"):
            kwargs["subnet_id"] = default_subnet(self.get_default_subnets(), kwargs.get("placement"))
        before = set(self.reservations)
        try:
            return original_run(self, *args, **kwargs)
        except Exception:
            for reservation_id in set(self.reservations) - before:
                for instance in self.reservations.pop(reservation_id).instances:
                    instance.terminate()
            raise

    def prep_nics(self: Instance, nic_spec: list[dict[str, Any]], *args: Any, **kwargs: Any) -> None:
        own = nic_spec or [{"DeviceIndex": 0}]
        original_interfaces(self, delete_with_instance(own), *args, **kwargs)

    replace(InstanceBackend, "run_instances", run_instances)
    replace(Instance, "prep_nics", prep_nics)
