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
    Owner,
    Resource,
    Resources,
    items_of,
    to_resources,
)
from ansible_collections.lambdafs.cluster.plugins.module_utils.aws_deployment_services import LISTERS, is_foreign

Clients = Mapping[str, Any]
THREADS = 8


def connect(module: AnsibleAWSModule, kinds: Iterable[str]) -> Clients:
    """Return one boto3 client for each service that lists the kinds."""
    rows = [KINDS_BY_NAME[name] for name in kinds]
    services = sorted({*(row.service for row in rows), *("eks" for row in rows if row.mark)})
    return {service: module.client(service) for service in services}


def owner_of(module: AnsibleAWSModule) -> Owner:
    """Return whose resources a module works on."""
    params = module.params
    return Owner(params["cluster_name"], params["project"], module.region or "", params["eks_cluster_name"])


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


def list_kind(clients: Clients, kind: Kind, owner: Owner) -> list[Resource]:
    """Return the owner's resources of one kind.

    Raises AnsibleAWSError, which names the kind, when it cannot be listed.
    """
    tags = owner.tags_of(kind)
    if kind.mark and (not tags or is_foreign(clients["eks"], owner)):
        return []
    if kind.name in LISTERS:
        listing = AWSErrorHandler.common_error_handler(f"list the {kind.plural} of cluster {owner['Cluster']}")
        items = listing(AWSRetry.jittered_backoff()(LISTERS[kind.name]))(clients[kind.service], owner)
    else:
        items = list_items(clients, kind, ansible_dict_to_tag_filter_dict(tags))
    return to_resources(kind, items, tags)


def list_resources(clients: Clients, kinds: Iterable[str], owner: Owner) -> Resources:
    """Return the owner's resources by kind.

    Raises AnsibleAWSError when a kind cannot be listed.
    """
    names = list(kinds)
    with ThreadPoolExecutor(max_workers=THREADS) as pool:
        found = pool.map(lambda name: list_kind(clients, KINDS_BY_NAME[name], owner), names)
        return dict(zip(names, found, strict=True))
