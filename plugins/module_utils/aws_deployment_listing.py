# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Reads from AWS what a cluster is made of: one paginated call a kind, several kinds at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.errors import AWSErrorHandler
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.amazon.aws.plugins.module_utils.retries import AWSRetry
from ansible_collections.amazon.aws.plugins.module_utils.tagging import ansible_dict_to_tag_filter_dict
from ansible_collections.amazon.aws.plugins.module_utils.transformation import ansible_dict_to_boto3_filter_list
from ansible_collections.lambdafs.cluster.plugins.module_utils.aws_deployment_kinds import (
    KINDS_BY_NAME,
    Kind,
    Resource,
    Resources,
    items_of,
    to_resources,
)

Clients = Mapping[str, Any]
THREADS = 8


def connect(module: AnsibleAWSModule, kinds: Iterable[str]) -> Clients:
    """Return one boto3 client for each service that lists the kinds."""
    services = sorted({KINDS_BY_NAME[name].service for name in kinds})
    return {service: module.client(service) for service in services}


def read_pages(client: Any, operation: str, arguments: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return every page of a listing, or its only answer where the operation has no pages.

    Raises botocore's ClientError when AWS refuses.
    """
    if client.can_paginate(operation):
        return list(client.get_paginator(operation).paginate(**arguments))
    return [getattr(client, operation)(**arguments)]


def list_items(clients: Clients, kind: Kind, filters: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the items of one kind that match AWS's filters, as AWS spells them.

    Raises AnsibleAWSError, which names the kind, when it cannot be listed.
    """
    listing = AWSErrorHandler.common_error_handler(f"list the {kind.plural} with {dict(filters)}")
    arguments = {kind.filter_parameter: ansible_dict_to_boto3_filter_list(filters)}
    pages = listing(AWSRetry.jittered_backoff()(read_pages))(clients[kind.service], kind.operation, arguments)
    return [item for page in pages for item in items_of(page, kind.path)]


def list_kind(clients: Clients, kind: Kind, owner: Mapping[str, str]) -> list[Resource]:
    """Return the owner's resources of one kind.

    Raises AnsibleAWSError, which names the kind, when it cannot be listed.
    """
    return to_resources(kind, list_items(clients, kind, ansible_dict_to_tag_filter_dict(owner)), owner)


def list_resources(clients: Clients, kinds: Iterable[str], owner: Mapping[str, str]) -> Resources:
    """Return the owner's resources by kind.

    Raises AnsibleAWSError when a kind cannot be listed.
    """
    names = list(kinds)
    with ThreadPoolExecutor(max_workers=THREADS) as pool:
        found = pool.map(lambda name: list_kind(clients, KINDS_BY_NAME[name], owner), names)
        return dict(zip(names, found, strict=True))
