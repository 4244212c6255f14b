# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the modules for EKS and for IAM's OIDC providers share: calls, waits, tags, results."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

with suppress(ImportError):  # AnsibleAWSModule says that botocore is missing
    from botocore.exceptions import ClientError

from ansible.module_utils.common.dict_transformations import camel_dict_to_snake_dict
from ansible_collections.amazon.aws.plugins.module_utils.errors import AWSErrorHandler
from ansible_collections.amazon.aws.plugins.module_utils.exceptions import AnsibleAWSError
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.amazon.aws.plugins.module_utils.retries import AWSRetry
from ansible_collections.amazon.aws.plugins.module_utils.tagging import compare_aws_tags
from ansible_collections.lambdafs.cluster.plugins.module_utils.polling import poll

Item = dict[str, Any]
Read = Callable[[], "Item | None"]

POLL_INTERVAL = 10.0
THREADS = 8
# Seconds that IAM gets to make a new role known everywhere, and how EKS says that it does not know it
ROLE_TIMEOUT = 120.0
ROLE_UNKNOWN = re.compile(
    r"InvalidParameter.*\brole\b.*(?:could not be assumed|does not exist|trusted entity)", re.I | re.S
)
MISSING = ("ResourceNotFoundException", "NoSuchEntity")
# Keys of an answer whose content is the user's and not to be renamed
VERBATIM = ["tags", "labels"]

TAG_SPEC: dict[str, dict[str, Any]] = {
    "tags": {"type": "dict", "aliases": ["resource_tags"]},
    "purge_tags": {"type": "bool", "default": True},
}
STATE_SPEC: dict[str, dict[str, Any]] = {
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"}
}


def wait_spec(seconds: int) -> dict[str, dict[str, Any]]:
    """Options that say whether and how long, in seconds, to wait."""
    return {"wait": {"type": "bool", "default": True}, "wait_timeout": {"type": "int", "default": seconds}}


@dataclass(frozen=True)
class Call:
    """One call of AWS's API that changes something.

    operation: the boto3 client's method.
    arguments: its keyword arguments.
    update: whether EKS carries it out in the background and refuses a second one meanwhile.
    """

    operation: str
    arguments: Mapping[str, Any]
    update: bool = False


@dataclass(frozen=True)
class Result:
    """What a module did.

    changed: whether anything differs, or would outside check mode.
    found: the resource as AWS describes it now, None when there is none.
    before: the compared settings as they were.
    after: the compared settings as they are wanted.
    """

    changed: bool
    found: Item | None
    before: Mapping[str, Any]
    after: Mapping[str, Any]

    def as_dict(self, key: str) -> dict[str, Any]:
        """Return the result as a module returns it, with the resource below a key."""
        return {"changed": self.changed, key: spelled(self.found), "diff": {"before": self.before, "after": self.after}}


Work = Callable[[Any, Mapping[str, Any], bool], Result]
Listing = Callable[[Any, Mapping[str, Any]], list[Item]]


def call(client: Any, operation: str, **arguments: Any) -> Item:
    """Make a call, again while AWS throttles it.

    Raises AnsibleAWSError, which names the call, when AWS refuses it or cannot be reached.
    """
    describing = AWSErrorHandler.common_error_handler(f"call {operation}")
    answer: Item = describing(AWSRetry.jittered_backoff()(getattr(client, operation)))(**arguments)
    return answer


def answer_or_none(client: Any, operation: str, **arguments: Any) -> Item | None:
    """Return an answer, or None when AWS says that there is no such resource.

    Raises AnsibleAWSError for every other refusal.
    """
    try:
        return call(client, operation, **arguments)
    except AnsibleAWSError as error:
        if code_of(error) in MISSING:
            return None
        raise


def read(client: Any, operation: str, key: str, **arguments: Any) -> Item | None:
    """Return what an answer holds below a key, or None when there is no such resource."""
    answer = answer_or_none(client, operation, **arguments)
    return None if answer is None else answer[key]


def list_all(client: Any, operation: str, key: str, **arguments: Any) -> list[Any]:
    """Return all that a listing holds below a key, page after page; nothing when its cluster is gone."""
    found: list[Any] = []
    token: dict[str, str] = {}
    while True:
        page = answer_or_none(client, operation, **arguments, **token)
        if page is None:
            return found
        found += page[key]
        if not page.get("nextToken"):
            return found
        token = {"nextToken": page["nextToken"]}


def code_of(error: AnsibleAWSError) -> str:
    """Return AWS's code of the refusal that an error stands for, or an empty text."""
    refusal = error.exception
    return str(refusal.response["Error"]["Code"]) if isinstance(refusal, ClientError) else ""


def describe_all(describe: Callable[[str], Item | None], wanted: Iterable[str]) -> list[Item]:
    """Describe several resources, some at a time; those that are gone meanwhile are left out."""
    with ThreadPoolExecutor(max_workers=THREADS) as pool:
        return [item for item in pool.map(describe, wanted) if item is not None]


def spelled(item: Item | None) -> Item | None:
    """Return a resource in snake_case; tags and labels keep the user's spelling."""
    return None if item is None else camel_dict_to_snake_dict(item, ignore_list=VERBATIM)


def tag_calls(arn: str, found: Mapping[str, str], tags: Mapping[str, str] | None, purge: bool) -> list[Call]:
    """Return the calls that bring the tags of an EKS resource in step; tags None are left as they are."""
    added, removed = tag_changes(found, tags, purge)
    calls = [Call("tag_resource", {"resourceArn": arn, "tags": added})] if added else []
    return calls + ([Call("untag_resource", {"resourceArn": arn, "tagKeys": removed})] if removed else [])


def tag_changes(
    found: Mapping[str, str], tags: Mapping[str, str] | None, purge: bool
) -> tuple[dict[str, str], list[str]]:
    """Return the tags to set and the keys of those to remove; AWS's own tags are nobody's to remove."""
    if tags is None:
        return {}, []
    added, removed = compare_aws_tags(dict(found), {key: str(value) for key, value in tags.items()}, purge)
    return added, sorted(key for key in removed if not key.startswith("aws:"))


def wanted_tags(found: Mapping[str, str], tags: Mapping[str, str] | None, purge: bool) -> dict[str, str]:
    """Return the tags that a resource has when they are in step."""
    added, removed = tag_changes(found, tags, purge)
    return {key: value for key, value in {**found, **added}.items() if key not in removed}


def without_empty(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return arguments without those that were not given: None; False, 0 and empty lists count as given."""
    return {key: value for key, value in arguments.items() if value is not None}


def health_issues(item: Mapping[str, Any]) -> str:
    """Return what EKS says is wrong with a resource, as text."""
    issues = item.get("health", {}).get("issues", [])
    return "; ".join(f"{issue.get('code', 'unknown')}: {issue.get('message', 'no message')}" for issue in issues)


def wait_for(
    what: str, describe: Read, done: Callable[[Item | None], bool], expected: str, timeout: float
) -> Item | None:
    """Wait until a resource is as expected, at most for a number of seconds, and return it.

    Raises AnsibleAWSError, which says what was found instead, when it fails or the time is over.
    """
    found = poll(
        read=describe,
        done=lambda item: done(item) or status_of(item).endswith("FAILED"),
        timeout=timeout,
        interval=POLL_INTERVAL,
    )
    if done(found):
        return found
    issues = health_issues(found or {})
    raise AnsibleAWSError(
        f"{what} is {status_of(found)}{f' ({issues})' if issues else ''} after at most {timeout:g} s; "
        f"expected {expected}; "
        + ("mend the cause, delete it and run again" if issues else "run again, or raise wait_timeout")
    )


def status_of(item: Item | None) -> str:
    """Return a resource's status; one that does not exist is absent."""
    return "absent" if item is None else str(item.get("status", "present"))


def wait_until_active(what: str, describe: Read, timeout: float) -> Item | None:
    """Wait until a resource is made, whole, and no update is under way."""
    return wait_for(what, describe, lambda item: status_of(item) == "ACTIVE", "ACTIVE", timeout)


def wait_until_settled(what: str, describe: Read, timeout: float) -> Item | None:
    """Wait until a resource takes an update, be it in order or not, or does not exist."""
    return wait_for(what, describe, lambda item: not status_of(item).endswith("ING"), "one that takes changes", timeout)


def wait_until_gone(what: str, describe: Read, timeout: float) -> None:
    """Wait until a resource is deleted."""
    wait_for(what, describe, lambda item: item is None, "that it is deleted", timeout)


def apply(client: Any, calls: Sequence[Call], owner: Mapping[str, str], timeout: float, wait: bool) -> None:
    """Make calls one after another. An update is waited for before the next update, the last one only if asked.

    owner: the arguments, besides the update's id, by which DescribeUpdate finds an update.
    """
    for number, one in enumerate(calls, start=1):
        answer = call(client, one.operation, **one.arguments)
        if one.update and (wait or any(later.update for later in calls[number:])):
            wait_for_update(client, one.operation, answer["update"]["id"], owner, timeout)


def wait_for_update(client: Any, operation: str, update: str, owner: Mapping[str, str], timeout: float) -> None:
    """Wait until EKS has carried an update out.

    Raises AnsibleAWSError with EKS's own words when it fails, or is not done in time.
    """
    found = poll(
        read=lambda: call(client, "describe_update", updateId=update, **owner)["update"],
        done=lambda item: item["status"] != "InProgress",
        timeout=timeout,
        interval=POLL_INTERVAL,
    )
    if found["status"] != "Successful":
        errors = "; ".join(f"{item.get('errorCode')}: {item.get('errorMessage')}" for item in found.get("errors", []))
        raise AnsibleAWSError(
            f"{operation} of {', '.join(owner.values())}: update {update} is {found['status']}"
            f"{f' ({errors})' if errors else ''} after at most {timeout:g} s; expected Successful; "
            "mend the cause and run again"
        )


def create(client: Any, operation: str, arguments: Mapping[str, Any], describe: Read) -> None:
    """Ask for a resource, again while IAM has not told EKS yet of a role that was just made.

    An answer may be lost on the way: when AWS says that the name is taken and the resource is there, it is the one.
    """
    refusal = poll(
        read=lambda: refusal_of(client, operation, arguments),
        done=lambda error: error is None or not ROLE_UNKNOWN.search(str(error)),
        timeout=ROLE_TIMEOUT,
        interval=POLL_INTERVAL,
    )
    taken = refusal is not None and code_of(refusal) in ("ResourceInUseException", "EntityAlreadyExists")
    if refusal is not None and not (taken and describe()):
        raise refusal


def refusal_of(client: Any, operation: str, arguments: Mapping[str, Any]) -> AnsibleAWSError | None:
    """Make a call and return the error that it ends with, or None."""
    try:
        call(client, operation, **arguments)
    except AnsibleAWSError as error:
        return error
    return None


def delete(client: Any, operation: str, **arguments: Any) -> None:
    """Ask for a deletion; what is gone already is no error."""
    try:
        call(client, operation, **arguments)
    except AnsibleAWSError as error:
        if code_of(error) not in MISSING:
            raise


def run(service: str, key: str, spec: Mapping[str, Any], work: Work, **options: Any) -> None:
    """Run a module that brings one resource in step, and end it with its result or its error.

    service: the boto3 client's name.
    key: the key of the resource in the result.
    spec: the argument spec, without state and tags.
    options: further options of AnsibleAWSModule, such as required_if.
    """
    module = AnsibleAWSModule(argument_spec={**spec, **STATE_SPEC, **TAG_SPEC}, supports_check_mode=True, **options)
    try:
        result = work(module.client(service), module.params, module.check_mode)
    except AnsibleAWSError as error:
        module.fail_json(msg=str(error))
    module.exit_json(**result.as_dict(key))


def run_info(service: str, key: str, spec: Mapping[str, Any], work: Listing) -> None:
    """Run a module that only reads, and end it with a list below a key."""
    module = AnsibleAWSModule(argument_spec=dict(spec), supports_check_mode=True)
    try:
        items = work(module.client(service), module.params)
    except AnsibleAWSError as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=False, **{key: [spelled(item) for item in items]})
