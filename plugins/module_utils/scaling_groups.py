# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Reads launch templates and auto-scaling groups from AWS, and waits for the groups' VMs. What it means is judged in
scaling_plan.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ansible.module_utils.common.dict_transformations import camel_dict_to_snake_dict
from ansible_collections.amazon.aws.plugins.module_utils.errors import AWSErrorHandler
from ansible_collections.amazon.aws.plugins.module_utils.exceptions import AnsibleAWSError
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.amazon.aws.plugins.module_utils.retries import AWSRetry
from ansible_collections.lambdafs.cluster.plugins.module_utils.aws_deployment_kinds import (
    KINDS_BY_NAME,
    Owner,
    Resource,
    belongs_to,
    items_of,
    to_resource,
)
from ansible_collections.lambdafs.cluster.plugins.module_utils.aws_deployment_listing import (
    THREADS,
    Clients,
    connect,
    list_resources,
    read_pages,
)
from ansible_collections.lambdafs.cluster.plugins.module_utils.polling import poll
from ansible_collections.lambdafs.cluster.plugins.module_utils.scaling_plan import waited_for

POLL_INTERVAL = 3.0
ACTIVITIES_LOOKED_AT = 20
GROUPS = "auto_scaling_groups"
TEMPLATES = "launch_templates"
PLACES = ("subnets", "security_groups")


def ask(client: Any, operation: str, arguments: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the pages of an operation that lists.

    Raises AnsibleAWSError, which names the operation, when AWS refuses or cannot be reached.
    """
    asking = AWSErrorHandler.common_error_handler(f"call {operation} with {dict(arguments)}")
    pages: list[dict[str, Any]] = asking(AWSRetry.jittered_backoff()(read_pages))(client, operation, arguments)
    return pages


def named(clients: Clients, kind_name: str, names: Sequence[str]) -> list[Resource]:
    """Return the templates or groups of these names, whoever owns them."""
    kind = KINDS_BY_NAME[kind_name]
    arguments: dict[str, Any] = {"AutoScalingGroupNames": list(names)}
    if kind_name == TEMPLATES:
        arguments = {"Filters": [{"Name": "launch-template-name", "Values": list(names)}]}
    pages = ask(clients[kind.service], kind.operation, arguments)
    found = [to_resource(kind, item) for page in pages for item in items_of(page, kind.path)]
    return sorted(found, key=lambda resource: (resource["name"], resource["id"]))


def with_latest(clients: Clients, template: Resource) -> Resource:
    """Return a template with the data of its latest version as `latest`."""
    arguments = {"LaunchTemplateId": template["id"], "Versions": ["$Latest"]}
    pages = ask(clients["ec2"], "describe_launch_template_versions", arguments)
    data = pages[0]["LaunchTemplateVersions"][0]["LaunchTemplateData"]
    return {**template, "latest": camel_dict_to_snake_dict(data)}


def group_of(clients: Clients, name: str) -> Resource | None:
    """Return the group of a name, or None."""
    return next(iter(named(clients, GROUPS, [name])), None)


def latest_refresh(clients: Clients, name: str) -> Resource | None:
    """Return the latest instance refresh of a group, or None when it never had one."""
    arguments = {"AutoScalingGroupName": name, "MaxRecords": 1}
    answer = ask_once(clients["autoscaling"], "describe_instance_refreshes", arguments)
    found = answer["InstanceRefreshes"]
    return camel_dict_to_snake_dict(found[0]) if found else None


def ask_once(client: Any, operation: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return the first page of an operation.

    Raises AnsibleAWSError, which names the operation, when AWS refuses or cannot be reached.
    """
    asking = AWSErrorHandler.common_error_handler(f"call {operation} with {dict(arguments)}")
    answer: dict[str, Any] = asking(AWSRetry.jittered_backoff()(getattr(client, operation)))(**arguments)
    return answer


def last_failure(clients: Clients, name: str) -> str:
    """Return what AWS says of the latest activity of a group that failed, or an empty text."""
    arguments = {"AutoScalingGroupName": name, "MaxRecords": ACTIVITIES_LOOKED_AT}
    answer = ask_once(clients["autoscaling"], "describe_scaling_activities", arguments)
    failed = [one for one in answer["Activities"] if one["StatusCode"] in ("Failed", "Cancelled")]
    return " ".join(failed[0].get("StatusMessage", "").split()) if failed else ""


def listing(module: AnsibleAWSModule) -> dict[str, Any]:
    """Carry the module scaling_groups_info out and return its result.

    Raises AnsibleAWSError when AWS refuses or cannot be reached.
    """
    params = module.params
    owner = Owner(params["cluster_name"], params["project"])
    clients = connect(module, [TEMPLATES, GROUPS, *PLACES])
    with ThreadPoolExecutor(max_workers=THREADS) as pool:
        places = pool.submit(list_resources, clients, PLACES, owner)
        lists = {
            kind: pool.submit(named, clients, kind, params[option])
            for kind, option in ((TEMPLATES, "templates"), (GROUPS, "groups"))
        }
        found = {kind: answer.result() for kind, answer in lists.items()}
        own = [one for one in found[TEMPLATES] if belongs_to(one, owner)]
        templates = list(pool.map(lambda template: with_latest(clients, template), own))
        return {
            TEMPLATES: templates,
            GROUPS: [one for one in found[GROUPS] if belongs_to(one, owner)],
            "taken": [
                {"kind": KINDS_BY_NAME[kind].label, "name": one["name"], "tags": one["tags"]}
                for kind, resources in found.items()
                for one in resources
                if not belongs_to(one, owner)
            ],
            **places.result(),
        }


def state_of(clients: Clients, owner: Owner, name: str) -> dict[str, Any]:
    """Return how a group is: the group, its latest refresh, and what it still lacks of being settled."""
    group = group_of(clients, name)
    if group is None or not belongs_to(group, owner):
        raise AnsibleAWSError(
            message=f"Found no auto-scaling group {name} with the tags {dict(owner)}, expected it to be made: "
            "run the role aws_scaling"
        )
    refresh = latest_refresh(clients, name)
    return {"group": group, "refresh": refresh or {}, "lacks": waited_for(group, refresh=refresh)}


def wait(module: AnsibleAWSModule) -> dict[str, Any]:
    """Carry the module scaling_groups_wait out and return its result; in check mode it waits for nothing.

    Raises AnsibleAWSError when AWS refuses or cannot be reached, or when a group is not settled in time.
    """
    params = module.params
    owner = Owner(params["cluster_name"], params["project"])
    clients = connect(module, [GROUPS])
    states = poll(
        read=lambda: {name: state_of(clients, owner, name) for name in params["groups"]},
        done=lambda found: module.check_mode or not any(state["lacks"] for state in found.values()),
        timeout=params["timeout"],
        interval=POLL_INTERVAL,
    )
    late = {name: state["lacks"] for name, state in states.items() if state["lacks"]}
    if late and not module.check_mode:
        lines = [
            f"Found {lacks} in {name} after {params['timeout']} s, expected its VMs to be in service; AWS says: "
            f"{last_failure(clients, name) or 'nothing'}; mend that and run again"
            for name, lacks in late.items()
        ]
        raise AnsibleAWSError(message="; ".join(lines))
    return {"states": states}
