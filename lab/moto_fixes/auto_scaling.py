"""Auto-scaling groups: spread over their subnets, by the template's right version, in service when the VM is."""

from __future__ import annotations

from typing import Any

from moto.autoscaling.exceptions import AutoscalingClientError
from moto.autoscaling.models import ASG_NAME_TAG, AutoScalingBackend, FakeAutoScalingGroup, InstanceState
from moto.autoscaling.responses import AutoScalingResponse
from moto.core.responses import ActionResult, EmptyResult

from lab.errors import LabError
from lab.moto_fixes.patching import replace

RESPONSE_METHOD = "disable_metrics_collection"
_IN_USE = (
    "You cannot delete an AutoScalingGroup while there are instances "
    "or pending Spot instance request(s) still in the group."
)


def least_used(subnet_ids: list[str], in_use: list[str]) -> str:
    """The subnet with the fewest instances, the first of equals."""
    return min(subnet_ids, key=lambda subnet_id: (in_use.count(subnet_id), subnet_ids.index(subnet_id)))


def shown_lifecycle(stored: str, instance_state: str) -> str:
    """The life cycle state that AWS shows for a member whose VM is in `instance_state`."""
    if stored == "InService" and instance_state == "pending":
        return "Pending"
    return stored


def _launch(self: Any, count_needed: int, propagated_tags: dict[str, str]) -> None:
    """Stands in for FakeAutoScalingGroup.replace_autoscaling_group_instances."""
    tags = {**self.instance_tags, **propagated_tags, ASG_NAME_TAG: self.name}
    subnet_ids = self.vpc_zone_identifier.split(",") if self.vpc_zone_identifier else []
    template = self.ec2_launch_template
    for _ in range(count_needed):
        members = [member.instance.subnet_id for member in self.instance_states]
        reservation = self.autoscaling_backend.ec2_backend.run_instances(
            self.image_id,
            1,
            self.user_data,
            self.security_groups,
            instance_type=self.instance_type,
            region_name=self.region,
            tags={"instance": tags},
            placement=None if subnet_ids else self.availability_zones[0],
            launch_config=self.launch_config,
            launch_template={"LaunchTemplateId": template.id, "Version": self.launch_template_version}
            if template
            else None,
            is_instance_type_default=False,
            associate_public_ip=self.launch_config.associate_public_ip_address if self.launch_config else None,
            subnet_id=least_used(subnet_ids, members) if subnet_ids else None,
        )
        for instance in reservation.instances:
            instance.autoscaling_group = self
            protected = self.new_instances_protected_from_scale_in
            self.instance_states.append(InstanceState(instance, protected_from_scale_in=protected))


def _active(self: Any) -> list[InstanceState]:
    """Stands in for FakeAutoScalingGroup.active_instances: members on their way count."""
    return [member for member in self.instance_states if member.lifecycle_state in ("InService", "Pending")]


def _disable_metrics(self: Any) -> ActionResult:
    group = self.autoscaling_backend.describe_auto_scaling_groups([self._get_param("AutoScalingGroupName")])[0]
    ended = self._get_param("Metrics") or list(group.metrics)
    group.metrics = [metric for metric in group.metrics if metric not in ended]
    return EmptyResult()


def apply() -> None:
    """Mend auto-scaling groups."""
    replace(FakeAutoScalingGroup, "replace_autoscaling_group_instances", _launch)
    replace(FakeAutoScalingGroup, "active_instances", _active)
    if hasattr(AutoScalingResponse, RESPONSE_METHOD):
        raise LabError("moto has DisableMetricsCollection now, expected the moto of the lock file; remove the mend")
    setattr(AutoScalingResponse, RESPONSE_METHOD, _disable_metrics)
    InstanceState.lifecycle_state = property(  # type: ignore[assignment]
        lambda self: shown_lifecycle(self.__dict__["lifecycle_state"], self.instance.state),
        lambda self, value: self.__dict__.__setitem__("lifecycle_state", value),
    )
    original_delete = AutoScalingResponse.delete_auto_scaling_group

    def delete_auto_scaling_group(self: Any) -> Any:
        backend: AutoScalingBackend = self.autoscaling_backend
        group = backend.autoscaling_groups.get(self._get_param("AutoScalingGroupName"))
        if group is not None and group.instance_states and not self._get_bool_param("ForceDelete", False):
            raise AutoscalingClientError("ResourceInUse", _IN_USE)
        return original_delete(self)

    replace(AutoScalingResponse, "delete_auto_scaling_group", delete_auto_scaling_group)
