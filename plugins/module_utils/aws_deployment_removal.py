# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Removes the resources of a cluster from AWS, stage by stage, and finds out what keeps the ones that stay."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

with suppress(ImportError):  # AnsibleAWSModule says that botocore is missing
    from botocore.exceptions import ClientError

from ansible_collections.amazon.aws.plugins.module_utils.errors import AWSErrorHandler
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.amazon.aws.plugins.module_utils.retries import AWSRetry
from ansible_collections.lambdafs.cluster.plugins.module_utils.aws_deployment_calls import Call, removal_phases
from ansible_collections.lambdafs.cluster.plugins.module_utils.aws_deployment_holders import QUERIES, Holder, holds
from ansible_collections.lambdafs.cluster.plugins.module_utils.aws_deployment_kinds import (
    KINDS_BY_NAME,
    Owner,
    Resource,
    belongs_to,
    to_resource,
)
from ansible_collections.lambdafs.cluster.plugins.module_utils.aws_deployment_listing import (
    THREADS,
    Clients,
    connect,
    list_items,
    list_kind,
    list_resources,
)
from ansible_collections.lambdafs.cluster.plugins.module_utils.aws_deployment_plan import (
    STAGES,
    Step,
    describe,
    lines_of,
    plan_removal,
    summarize,
    untagged_addresses,
)
from ansible_collections.lambdafs.cluster.plugins.module_utils.polling import poll

BUSY_CODES = frozenset(
    {
        "DeleteConflict",
        "DependencyViolation",
        "InvalidIPAddress.InUse",
        "InvalidNetworkInterface.InUse",
        "ResourceInUse",
        "ResourceInUseException",
        "ScalingActivityInProgress",
        "VolumeInUse",
    }
)
GONE_CODES = frozenset(
    {"Gateway.NotAttached", "LoadBalancerNotFound", "NatGatewayNotFound", "NoSuchEntity", "ResourceNotFoundException"}
)
# States that nothing can be deleted in, by kind
UNSETTLED = {
    "eks_clusters": ("CREATING", "PENDING", "UPDATING"),
    "eks_nodegroups": ("CREATING", "UPDATING"),
    "nat_gateways": ("pending",),
}
POLL_INTERVAL = 5.0


@dataclass(frozen=True)
class Removal:
    """How a cluster is removed.

    clients: boto3 clients by service.
    owner: what says that a resource may be touched.
    wait_timeout: seconds that instances, gateways and groups get to end.
    release_timeout: seconds that a resource in use gets to become free.
    """

    clients: Clients
    owner: Owner
    wait_timeout: float
    release_timeout: float


@dataclass(frozen=True)
class Left:
    """A resource that could not be removed, and why."""

    kind: str
    resource: Resource
    reason: str

    def as_dict(self) -> dict[str, str]:
        """Return it as a module returns it."""
        return {
            "kind": self.kind,
            "id": self.resource["id"],
            "name": self.resource["name"],
            "reason": self.reason,
            "text": f"{describe(self.kind, self.resource)}: {self.reason}",
        }


@dataclass(frozen=True)
class Outcome:
    """What came of a call: final says whether repeating it is useless, reason is empty when it succeeded."""

    final: bool
    reason: str


def remove_stages(removal: Removal, stages: Iterable[str]) -> list[Left]:
    """Remove what the stages name and return what stays; a stage that leaves something does not stop the next.

    Raises AnsibleAWSError when AWS cannot be reached or listed.
    """
    return [left for stage in STAGES if stage in set(stages) for left in remove_stage(removal, stage)]


def remove_stage(removal: Removal, stage: str) -> list[Left]:
    """Remove what one stage names, as AWS lists it now, all kinds at the same time."""
    listed = list_resources(removal.clients, {*STAGES[stage], "vpcs"}, removal.owner)
    steps = [step for step in plan_removal(listed, [stage]) if not step.goes_with]
    with ThreadPoolExecutor(max_workers=THREADS) as pool:
        found = pool.map(lambda kind: remove_kind(removal, kind, resources_of(steps, kind)), STAGES[stage])
        return [left for lefts in found for left in lefts]


def resources_of(steps: Iterable[Step], kind: str) -> list[Resource]:
    """Return the resources of one kind among steps."""
    return [step.resource for step in steps if step.kind == kind]


def remove_kind(removal: Removal, kind: str, resources: Sequence[Resource]) -> list[Left]:
    """Remove resources of one kind, wait until AWS lists them no more, and return what stays."""
    if not resources:
        return []
    left: dict[str, Left] = {}
    for phase in removal_phases(kind, settled(removal, kind, resources)):
        calls = [call for call in phase if not any(resource["id"] in left for resource in call.resources)]
        with ThreadPoolExecutor(max_workers=THREADS) as pool:
            outcomes = list(pool.map(lambda call: make_call(removal, kind, call), calls))
        left |= {
            resource["id"]: Left(kind, resource, outcome.reason)
            for call, outcome in zip(calls, outcomes, strict=True)
            if outcome.reason
            for resource in call.resources
        }
    expected = {resource["id"] for resource in resources} - left.keys()
    return [*left.values(), *wait_until_gone(removal, kind, expected)]


def settled(removal: Removal, kind: str, resources: Sequence[Resource]) -> list[Resource]:
    """Return the resources once none of them is being made or changed, when AWS may refuse to delete it."""
    if kind not in UNSETTLED:
        return list(resources)
    return poll(
        read=lambda: list_kind(removal.clients, KINDS_BY_NAME[kind], removal.owner),
        done=lambda found: all(resource["state"] not in UNSETTLED[kind] for resource in found),
        timeout=removal.wait_timeout,
        interval=POLL_INTERVAL,
    )


def make_call(removal: Removal, kind: str, call: Call) -> Outcome:
    """Make a call, again while what it needs is still in use but about to become free."""
    describing = AWSErrorHandler.common_error_handler(f"call {call.operation} with {dict(call.arguments)}")
    attempt: Callable[[], Outcome] = partial(describing(try_call), removal, kind, call)
    return poll(
        read=attempt,
        done=lambda outcome: outcome.final,
        timeout=removal.release_timeout,
        interval=POLL_INTERVAL,
    )


def try_call(removal: Removal, kind: str, call: Call) -> Outcome:
    """Make a call once; one for something that is gone already counts as a success.

    Raises botocore's BotoCoreError when AWS cannot be reached.
    """
    client = removal.clients[KINDS_BY_NAME[kind].service]
    try:
        AWSRetry.jittered_backoff()(getattr(client, call.operation))(**call.arguments)
    except ClientError as error:
        return refused(removal, kind, call, error.response["Error"])
    return Outcome(final=True, reason="")


def refused(removal: Removal, kind: str, call: Call, error: Mapping[str, Any]) -> Outcome:
    """Judge AWS's refusal of a call and name what it is about."""
    code, message = error["Code"], error.get("Message", "no message")
    if code.endswith(".NotFound") or code in GONE_CODES or "group name not found" in message.lower():
        return Outcome(final=True, reason="")
    holders = [holder for resource in call.resources for holder in find_holders(removal, kind, resource)]
    held = f", held by {'; '.join(holder.text for holder in holders)}" if holders else ""
    # What holds it and is ours goes in the same stage, and then holds it no more
    lasting = [holder for holder in holders if holder.lasting and not leaves(removal.owner, holder)]
    final = code not in BUSY_CODES or bool(lasting)
    return Outcome(final, f"{call.operation}: {code}: {message}{held}")


def leaves(owner: Owner, holder: Holder) -> bool:
    """Say whether a holder is a security group of ours, or one that Kubernetes made for us."""
    marks = (owner, owner.tags_of(KINDS_BY_NAME["kubernetes_security_groups"]))
    return holder.kind == "security_groups" and any(belongs_to(holder.resource, tags) for tags in marks)


def find_holders(removal: Removal, kind: str, held: Resource) -> list[Holder]:
    """Return what keeps a resource in use, whoever owns it."""
    candidates = [
        Holder(query.kind, to_resource(KINDS_BY_NAME[query.kind], item))
        for query in QUERIES.get(kind, ())
        for item in list_items(removal.clients, KINDS_BY_NAME[query.kind], {query.filter: held["id"]})
    ]
    return [holder for holder in candidates if holds(holder, held)]


def wait_until_gone(removal: Removal, kind: str, ids: Iterable[str]) -> list[Left]:
    """Wait until AWS lists none of the resources any more, and return those that it still lists at the end."""
    expected = set(ids)
    if not expected:
        return []
    remaining = poll(
        read=lambda: [
            resource
            for resource in list_kind(removal.clients, KINDS_BY_NAME[kind], removal.owner)
            if resource["id"] in expected
        ],
        done=lambda resources: not resources,
        timeout=removal.wait_timeout,
        interval=POLL_INTERVAL,
    )
    reason = f"still listed {removal.wait_timeout:.0f} s after its removal was asked for"
    return [Left(kind, resource, reason) for resource in remaining]


def teardown(module: AnsibleAWSModule, owner: Owner) -> dict[str, Any]:
    """Remove a cluster as the module's parameters ask for it, or in check mode tell what would go.

    Returns the module's result. Raises AnsibleAWSError when AWS cannot be reached or listed.
    """
    stages = module.params["stages"] or list(STAGES)
    clients = connect(module, KINDS_BY_NAME)
    before = list_resources(clients, {*(kind for stage in stages for kind in STAGES[stage]), "vpcs"}, owner)
    steps = plan_removal(before, stages)
    result: dict[str, Any] = {
        "changed": any(not step.goes_with for step in steps),
        "plan": [step.as_dict() for step in steps],
        "stages": summarize(steps),
        "untagged_addresses": untagged_addresses(before),
        "diff": {"before": lines_of((step.kind, step.resource) for step in steps), "after": ""},
    }
    if not module.check_mode:
        removal = Removal(clients, owner, module.params["wait_timeout"], module.params["release_timeout"])
        left = remove_stages(removal, stages)
        result["left"] = [item.as_dict() for item in left]
        result["diff"]["after"] = lines_of((item.kind, item.resource) for item in left)
    return result
