# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What has to be done to launch templates and auto-scaling groups, decided from settings and from what AWS lists.

Nothing here talks to AWS: tiers, templates and groups come in as plain data, a plan goes out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.lambdafs.cluster.plugins.module_utils.instance_plan import volume

Resource = Mapping[str, Any]
Tier = Mapping[str, Any]
Found = Mapping[str, Sequence[Resource]]

LEAVING_STATES = ("Terminating", "Terminated", "Detach")
"""Beginnings of the life cycle states of members that are on their way out."""

REFRESHING_STATES = frozenset({"Pending", "InProgress", "Cancelling", "RollbackInProgress", "Baking"})
"""States of an instance refresh that has not ended."""

KEPT = ("health_check_type", "default_cooldown", "termination_policies")
"""What an update has to send, and nobody sets here: a group keeps what it has."""


def template_data(tier: Tier, network: Mapping[str, Any], tags: Mapping[str, str]) -> dict[str, Any]:
    """What a tier's launch template holds, in the words of the module ec2_launch_template.

    Args:
        tier: as of scaling_plan.
        network: as of scaling_plan.
        tags: tags of the instances and their volumes, without Component.
    """
    tagged = {**tags, "Component": tier["component"]}
    return {
        "image_id": tier["image"]["id"],
        "instance_type": tier["instance_type"],
        "key_name": network["key_name"],
        "network_interfaces": [
            {
                "device_index": 0,
                "associate_public_ip_address": True,
                "delete_on_termination": True,
                "groups": [network["security_group"]],
            }
        ],
        "block_device_mappings": [volume(tier["image"]["root_device_name"], tier["root_volume_gib"])],
        "metadata_options": {"http_endpoint": "enabled", "http_tokens": "required"},
        "tag_specifications": [{"resource_type": kind, "tags": tagged} for kind in ("instance", "volume")],
    }


def comparable(data: Mapping[str, Any]) -> dict[str, Any]:
    """A template's data with its tags by resource type, in place of the lists that AWS and the module have."""
    specifications = {
        entry["resource_type"]: entry["tags"]
        if isinstance(entry["tags"], Mapping)
        else {tag["key"]: tag["value"] for tag in entry["tags"]}
        for entry in data.get("tag_specifications", [])
    }
    return {**data, "tag_specifications": specifications}


def differences(wanted: Any, live: Any, path: str = "") -> list[str]:
    """A text for each wanted value that is not there; what is there beyond it is nobody's to judge.

    Args:
        wanted: a value, a list whose every element is wanted, or a dict whose every key is wanted.
        live: what is there, None for nothing.
        path: where both are, for the text.
    """
    if isinstance(wanted, Mapping):
        there = live if isinstance(live, Mapping) else {}
        return [
            text
            for key, value in wanted.items()
            for text in differences(value, there.get(key), f"{path}.{key}" if path else key)
        ]
    if isinstance(wanted, list) and isinstance(live, list) and len(wanted) == len(live):
        return [
            text
            for index, (value, other) in enumerate(zip(wanted, live, strict=True))
            for text in differences(value, other, path if len(wanted) == 1 else f"{path}.{index}")
        ]
    return [] if wanted == live else [f"{path} is {'nothing' if live is None else live}, becomes {wanted}"]


def is_leaving(member: Resource) -> bool:
    """Whether a member of a group is on its way out."""
    return bool(member["lifecycle_state"].startswith(LEAVING_STATES))


def launched_by(group_or_member: Resource) -> tuple[str, str]:
    """Id and version of the launch template that a group, or a member of it, has; empty where it has none."""
    template = group_or_member.get("launch_template") or {}
    return template.get("launch_template_id", ""), str(template.get("version", ""))


def old_members(group: Resource, current: tuple[str, str]) -> list[Resource]:
    """The members that were not launched by `current`, id and version of a template; those that leave are left out."""
    return [
        member for member in group.get("instances", []) if not is_leaving(member) and launched_by(member) != current
    ]


def missing_tags(resource: Resource, tags: Mapping[str, str]) -> dict[str, str]:
    """The tags that a resource has not, or has with another value."""
    return {key: value for key, value in tags.items() if resource["tags"].get(key) != value}


def size_problems(tier: Tier, group: Resource | None) -> list[str]:
    """A line for each size of a tier's group that cannot be had.

    Args:
        tier: as of scaling_plan.
        group: the group as AWS lists it, or None when it is not made yet.
    """
    count, setting = tier["count"], f"lambdafs_{tier['setting']}"
    if count and int(count) > tier["max_count"]:
        return [
            f"Found {setting}_count {count}, expected {tier['max_count']} or less: correct it, or raise "
            f"{setting}_max_count."
        ]
    if group is None:
        return []
    if not count and group["desired_capacity"] > tier["max_count"]:
        return [
            f"Found group {tier['group']} of {group['desired_capacity']} VMs and {setting}_max_count "
            f"{tier['max_count']}, expected as many at least: raise it, or set {setting}_count to scale the group down."
        ]
    size = int(count) if count else group["desired_capacity"]
    if size < group["min_size"]:
        return [
            f"Found {setting}_count {count} and group {tier['group']} with the minimum {group['min_size']}, expected "
            "as many at least: raise the count, or lower the group's minimum, which was set by hand."
        ]
    if tier["max_count"] < group["min_size"]:
        return [
            f"Found {setting}_max_count {tier['max_count']} and group {tier['group']} with the minimum "
            f"{group['min_size']}, expected as many at least: raise it, or lower the group's minimum."
        ]
    return []


def taken_problems(tier: Tier, taken: Sequence[Resource]) -> list[str]:
    """A line for a template or group of the tier's name that belongs to somebody else."""
    return [
        f"Found {one['kind']} {one['name']}, which carries {one['tags']}, expected it to be free or this deployment's: "
        "delete or rename it, or choose another lambdafs_cluster_name."
        for one in taken
        if (one["kind"], one["name"]) in (("launch template", tier["template"]), ("auto-scaling group", tier["group"]))
    ]


def group_settings(tier: Tier, group: Resource | None, subnets: Sequence[str]) -> dict[str, Any]:
    """What the module autoscaling_group is to be told: sizes, subnets, and what the group has and keeps."""
    wanted: dict[str, Any] = {
        "name": tier["group"],
        "template": tier["template"],
        "min_size": group["min_size"] if group else 0,
        "max_size": tier["max_count"],
        "subnets": list(subnets),
        "kept": {},
    }
    if tier["count"] or group is None:
        wanted["desired_capacity"] = int(tier["count"] or 0)
    if group is not None:
        wanted["kept"] = {key: group[key] for key in KEPT if key in group}
        if "health_check_grace_period" in group:
            wanted["kept"]["health_check_period"] = group["health_check_grace_period"]
        wanted["kept"]["suspend_processes"] = [one["process_name"] for one in group.get("suspended_processes", [])]
        metrics = [one["metric"] for one in group.get("enabled_metrics", [])]
        if metrics:
            wanted["kept"] |= {"metrics_collection": True, "metrics_list": metrics}
    return wanted


def group_lines(
    wanted: Mapping[str, Any], group: Resource | None, current: tuple[str, str] | None, tags: Mapping[str, str]
) -> list[str]:
    """A line for each thing that is to change about a group.

    Args:
        wanted: as of group_settings.
        group: the group as AWS lists it, or None when it is not made yet.
        current: id and version of the template to launch by, or None when the version is still to be made.
        tags: tags that the group must have.
    """
    name = wanted["name"]
    if group is None:
        return [f"{name}: auto-scaling group is made, of {wanted['desired_capacity']} VMs"]
    lines = [
        f"{name}: {key} is {group[key]}, becomes {wanted[key]}"
        for key in ("desired_capacity", "min_size", "max_size")
        if key in wanted and group[key] != wanted[key]
    ]
    subnets = [subnet for subnet in (group.get("vpc_zone_identifier") or "").split(",") if subnet]
    if set(subnets) != set(wanted["subnets"]):
        lines.append(f"{name}: subnets are {', '.join(subnets)}, become {', '.join(wanted['subnets'])}")
    if current is None or launched_by(group) != current:
        version = "a new version" if current is None else f"version {current[1]}"
        lines.append(f"{name}: launches by {version} of {wanted['template']}")
    missing = missing_tags(group, tags)
    return lines + [f"{name}: gets the tags {missing}"] * bool(missing)


def stale_lines(tier: Tier, group: Resource, current: tuple[str, str] | None, members: Sequence[Resource]) -> list[str]:
    """A line for each member that an older template launched."""
    now = "a new version" if current is None else f"version {current[1]}"
    lines = []
    for member in members:
        template, version = launched_by(member)
        mine = current is None or template == current[0]
        had = f"version {version}" if template and mine else template or "no template"
        lines.append(
            f"{member['instance_id']} of {group['auto_scaling_group_name']} was launched by {had} of "
            f"{tier['template']}, new VMs are by {now}; it is kept: name {tier['name']} in aws_scaling_refresh to "
            "have it replaced"
        )
    return lines


def scaling_plan(
    tiers: Sequence[Tier], found: Found, network: Mapping[str, Any], tags: Mapping[str, str]
) -> dict[str, Any]:
    """What to do so that each tier has its launch template and its auto-scaling group.

    A tier without an image is left alone, with a line in `skipped`: a group of no VMs needs none.

    Args:
        tiers: dicts with `name`, `component`, `setting` (what its settings begin with, after lambdafs_), `template`
            and `group` (their names), `count` (a number as text; empty to keep the group's), `max_count`,
            `instance_type`, `image` (dict with `id` and `root_device_name`), `root_volume_gib`.
        found: `launch_templates` (each with `latest`, the data of its latest version), `auto_scaling_groups`, and
            `taken` (`kind`, `name`, `tags` of what has one of the names and is somebody else's).
        network: `subnets` (ids), `security_group` (id), `key_name`.
        tags: tags of everything of the deployment.

    Returns:
        `templates` (`name`, `data`, `tags`: to be made, or to get a version), `groups` (group_settings() dicts with
        `tags`: to be made or changed), `retag` (`id`, `tags`), `changes` (a line for each change), `stale` (a line
        for each VM that an older template launched), `refresh` (tier to group of those), `present` (tier to group of
        the groups that exist), `wait` (names of the groups whose VMs will come or go), `members` (number of VMs in
        the groups now), `skipped` (lines), and `problems` (lines: with any of them nothing of the plan may be done).
    """
    plan: dict[str, Any] = {
        key: [] for key in ("templates", "groups", "retag", "changes", "stale", "wait", "skipped", "problems")
    }
    plan |= {"refresh": {}, "present": {}, "members": 0}
    templates = {one["launch_template_name"]: one for one in found["launch_templates"]}
    groups = {one["auto_scaling_group_name"]: one for one in found["auto_scaling_groups"]}
    for tier in tiers:
        plan["problems"] += taken_problems(tier, found["taken"])
        _plan_tier(plan, tier, templates.get(tier["template"]), groups.get(tier["group"]), network, tags)
    return plan


def _plan_tier(
    plan: dict[str, Any],
    tier: Tier,
    template: Resource | None,
    group: Resource | None,
    network: Mapping[str, Any],
    tags: Mapping[str, str],
) -> None:
    """Add to `plan` what one tier needs."""
    if group is not None and group.get("state"):
        plan["problems"].append(
            f"Found group {tier['group']} in state {group['state']}, expected it to be there or gone: run again when "
            "it is gone."
        )
        return
    plan["problems"] += size_problems(tier, group)
    if group is not None:
        plan["present"][tier["name"]] = tier["group"]
        plan["members"] += len(group.get("instances", []))
    if not tier["image"]["id"]:
        plan["skipped"].append(
            f"{tier['name']}: found no AMI, its scaling group stays as it is: set lambdafs_{tier['setting']}_ami"
        )
        return
    own_tags = {**tags, "Component": tier["component"]}
    current = _plan_template(plan, tier, template, template_data(tier, network, tags), own_tags)
    wanted = group_settings(tier, group, network["subnets"])
    lines = group_lines(wanted, group, current, own_tags)
    if lines:
        # The launch template gives VMs and volumes their tags
        group_tags = [{key: value, "propagate_at_launch": False} for key, value in own_tags.items()]
        plan["groups"].append({**wanted, "tags": group_tags})
        plan["changes"] += lines
    if _unsettled_size(group, wanted.get("desired_capacity")):
        plan["wait"].append(tier["group"])
    if group is not None:
        old = old_members(group, current or ("", ""))
        plan["stale"] += stale_lines(tier, group, current, old)
        if old:
            plan["refresh"][tier["name"]] = tier["group"]


def _plan_template(
    plan: dict[str, Any], tier: Tier, template: Resource | None, data: Mapping[str, Any], tags: Mapping[str, str]
) -> tuple[str, str] | None:
    """Add to `plan` what a tier's template needs; returns its id and version, or None when a version is to be made."""
    entry = {"name": tier["template"], "data": data, "tags": tags}
    if template is None:
        plan["templates"].append(entry)
        plan["changes"].append(f"{tier['template']}: launch template is made, of {data['image_id']}")
        return None
    missing = missing_tags(template, tags)
    if missing:
        plan["retag"].append({"id": template["id"], "tags": missing})
        plan["changes"].append(f"{tier['template']}: gets the tags {missing}")
    texts = differences(comparable(data), comparable(template["latest"]))
    if texts:
        plan["templates"].append(entry)
        plan["changes"] += [f"{tier['template']}: {text}" for text in texts]
        return None
    return template["id"], str(template["latest_version_number"])


def _unsettled_size(group: Resource | None, desired: int | None) -> bool:
    """Whether a group has not, or not yet, just the VMs that it is to have; None stands for the size that it has."""
    return bool(desired) if group is None else bool(waited_for(group, desired))


def waited_for(group: Resource, desired: int | None = None, refresh: Resource | None = None) -> str:
    """What a group still lacks of being settled, as a text; empty when it lacks nothing.

    Args:
        group: the group as AWS lists it.
        desired: the number of VMs that it is to have, by default what the group says.
        refresh: its latest instance refresh, if it has one.
    """
    size = group["desired_capacity"] if desired is None else desired
    members = group.get("instances", [])
    serving = [one for one in members if one["lifecycle_state"] == "InService" and one["health_status"] == "Healthy"]
    moving = [one for one in members if one not in serving and one["lifecycle_state"] != "Standby"]
    if refresh and refresh["status"] in REFRESHING_STATES:
        return f"an instance refresh at {refresh.get('percentage_complete', 0)} %"
    if len(serving) == size and not moving:
        return ""
    states = ", ".join(f"{one['instance_id']} {one['lifecycle_state']} {one['health_status']}" for one in moving)
    return f"{len(serving)} of {size} VMs in service{'; ' if states else ''}{states}"
