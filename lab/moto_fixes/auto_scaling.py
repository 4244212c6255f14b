"""Auto-scaling groups: spread over their subnets, by the template's right version, in service when the VM is.

Instance refreshes, which moto does not have, replace one VM after the other.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from moto.autoscaling.exceptions import AutoscalingClientError
from moto.autoscaling.models import (
    ASG_NAME_TAG,
    AutoScalingBackend,
    FakeAutoScalingGroup,
    InstanceState,
    autoscaling_backends,
)
from moto.autoscaling.responses import AutoScalingResponse
from moto.core.responses import ActionResult, EmptyResult
from moto.core.utils import utcnow

from lab.errors import LabError
from lab.moto_fixes.patching import replace

RESPONSE_METHODS = (
    "cancel_instance_refresh",
    "describe_instance_refreshes",
    "disable_metrics_collection",
    "start_instance_refresh",
)
_IN_USE = (
    "You cannot delete an AutoScalingGroup while there are instances "
    "or pending Spot instance request(s) still in the group."
)


def least_used(subnet_ids: list[str], in_use: list[str]) -> str:
    """The subnet with the fewest instances, the first of equals."""
    return min(subnet_ids, key=lambda subnet_id: (in_use.count(subnet_id), subnet_ids.index(subnet_id)))


def shown_lifecycle(stored: str, instance_state: str) -> str:
    """The life cycle state that AWS shows for a member whose VM is in `instance_state`."""
    if instance_state in ("shutting-down", "terminated"):
        return "Terminating"
    if stored == "InService" and instance_state == "pending":
        return "Pending"
    return stored


@dataclass
class Refresh:
    """One instance refresh of a group.

    Args:
        group: name of the group.
        left: ids of the instances that are still to be replaced, in order.
        total: how many they were in the beginning.
    """

    group: str
    left: list[str]
    total: int
    status: str = "InProgress"
    refresh_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    start_time: datetime = field(default_factory=utcnow)
    end_time: datetime | None = None

    def shown(self) -> dict[str, Any]:
        """The refresh as AWS describes it."""
        done = 100 * (self.total - len(self.left)) // self.total if self.total else 100
        return {
            "InstanceRefreshId": self.refresh_id,
            "AutoScalingGroupName": self.group,
            "Status": self.status,
            "StartTime": self.start_time,
            "EndTime": self.end_time,
            "PercentageComplete": done,
            "InstancesToUpdate": len(self.left),
        }

    def end(self, status: str) -> None:
        """Let the refresh have ended."""
        self.status, self.end_time = status, utcnow()


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
            member = InstanceState(instance, protected_from_scale_in=protected)
            member.lab_launched_by = self.template_now()  # type: ignore[attr-defined]
            self.instance_states.append(member)


def _active(self: Any) -> list[InstanceState]:
    """Stands in for FakeAutoScalingGroup.active_instances: members on their way in count, and on their way out too.

    Those are to be replaced when the group is told of their end.
    """
    return [member for member in self.instance_states if member.__dict__["lifecycle_state"] in ("InService", "Pending")]


def _template_now(self: Any) -> dict[str, Any] | None:
    """The template and the number of the version that the group launches by."""
    template = self.ec2_launch_template
    if template is None:
        return None
    version = template.get_version(self.launch_template_version)
    return {
        "LaunchTemplateId": template.id,
        "LaunchTemplateName": template.name,
        "Version": str(version.number),
    }


def _refreshes(backend: AutoScalingBackend) -> list[Refresh]:
    """All refreshes of a backend, the latest first."""
    found: list[Refresh] = backend.__dict__.setdefault("lab_refreshes", [])
    return found


def _under_way(backend: AutoScalingBackend, group: str) -> Refresh | None:
    return next((one for one in _refreshes(backend) if one.group == group and one.status == "InProgress"), None)


def _named_group(self: Any) -> Any:
    name = self._get_param("AutoScalingGroupName")
    found = self.autoscaling_backend.describe_auto_scaling_groups([name])
    if not found:
        raise AutoscalingClientError("ValidationError", f"AutoScalingGroup name not found - {name}")
    return found[0]


def _start_refresh(self: Any) -> ActionResult:
    group = _named_group(self)
    if _under_way(self.autoscaling_backend, group.name):
        raise AutoscalingClientError(
            "InstanceRefreshInProgress", "An Instance Refresh is already in progress and blocks the execution."
        )
    skip = str((self._get_param("Preferences", {}) or {}).get("SkipMatching", False)).lower() == "true"
    now = group.template_now()
    old = [member.instance.id for member in group.instance_states if not skip or member.launch_template != now]
    refresh = Refresh(group.name, old, len(old))
    _refreshes(self.autoscaling_backend).insert(0, refresh)
    return ActionResult({"InstanceRefreshId": refresh.refresh_id})


def _cancel_refresh(self: Any) -> ActionResult:
    refresh = _under_way(self.autoscaling_backend, _named_group(self).name)
    if refresh is None:
        raise AutoscalingClientError(
            "ActiveInstanceRefreshNotFound", "No in progress or pending Instance Refresh found."
        )
    refresh.end("Cancelled")
    return ActionResult({"InstanceRefreshId": refresh.refresh_id})


def _describe_refreshes(self: Any) -> ActionResult:
    group, ids = _named_group(self).name, self._get_param("InstanceRefreshIds", [])
    found = [
        one.shown()
        for one in _refreshes(self.autoscaling_backend)
        if one.group == group and (not ids or one.refresh_id in ids)
    ]
    return ActionResult({"InstanceRefreshes": found[: self._get_int_param("MaxRecords", 50)]})


def settle() -> None:
    """Go on with every refresh: where all members are in service, the next old one is terminated and replaced."""
    for account in list(autoscaling_backends.values()):
        for backend in list(account.values()):
            for refresh in _refreshes(backend):
                if refresh.status == "InProgress":
                    _go_on(backend, refresh)


def _go_on(backend: AutoScalingBackend, refresh: Refresh) -> None:
    group = backend.autoscaling_groups.get(refresh.group)
    if group is None:
        refresh.end("Cancelled")
        return
    if any(member.lifecycle_state != "InService" for member in group.instance_states):
        return
    members = {member.instance.id for member in group.instance_states}
    refresh.left = [instance_id for instance_id in refresh.left if instance_id in members]
    if refresh.left:
        group.ec2_backend.terminate_instances([refresh.left[0]])
        backend.notify_terminate_instances([refresh.left[0]])
    else:
        refresh.end("Successful")


def _disable_metrics(self: Any) -> ActionResult:
    group = self.autoscaling_backend.describe_auto_scaling_groups([self._get_param("AutoScalingGroupName")])[0]
    ended = self._get_param("Metrics") or list(group.metrics)
    group.metrics = [metric for metric in group.metrics if metric not in ended]
    return EmptyResult()


def apply() -> None:
    """Mend auto-scaling groups."""
    replace(FakeAutoScalingGroup, "replace_autoscaling_group_instances", _launch)
    replace(FakeAutoScalingGroup, "active_instances", _active)
    FakeAutoScalingGroup.template_now = _template_now  # type: ignore[attr-defined]
    InstanceState.launch_template = property(lambda self: self.__dict__.get("lab_launched_by"))  # type: ignore[assignment]
    answers = (_cancel_refresh, _describe_refreshes, _disable_metrics, _start_refresh)
    for method, answer in zip(RESPONSE_METHODS, answers, strict=True):
        if hasattr(AutoScalingResponse, method):
            raise LabError(f"moto has {method} now, expected the moto of the lock file; remove the mend")
        setattr(AutoScalingResponse, method, answer)
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
