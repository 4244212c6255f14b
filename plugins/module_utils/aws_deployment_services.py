# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Reads what a cluster has that cannot be asked for by tag: in EKS, IAM, load balancers and subnets.

Every function returns items as AWS spells them, with Tags as EC2 has them. What is inside of a resource of ours, and
what is below its path in IAM, is ours as well and carries the owner's tags here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.tagging import (
    ansible_dict_to_boto3_tag_list,
    ansible_dict_to_tag_filter_dict,
    boto3_tag_list_to_ansible_dict,
)
from ansible_collections.amazon.aws.plugins.module_utils.transformation import ansible_dict_to_boto3_filter_list
from ansible_collections.lambdafs.cluster.plugins.module_utils.aws_deployment_kinds import (
    KINDS_BY_NAME,
    Owner,
    items_of,
)
from ansible_collections.lambdafs.cluster.plugins.module_utils.ec2_address_reservations import reservations_of
from ansible_collections.lambdafs.cluster.plugins.module_utils.eks_access_entry import describe_entry
from ansible_collections.lambdafs.cluster.plugins.module_utils.eks_addon import describe_addon
from ansible_collections.lambdafs.cluster.plugins.module_utils.eks_cluster import describe_cluster
from ansible_collections.lambdafs.cluster.plugins.module_utils.eks_common import call, describe_all, list_all
from ansible_collections.lambdafs.cluster.plugins.module_utils.eks_nodegroup import describe_nodegroup
from ansible_collections.lambdafs.cluster.plugins.module_utils.iam_oidc_provider import provider_arns

Item = dict[str, Any]
Describe = Callable[[Any, str, str], "Item | None"]
# Load balancers that one DescribeTags takes
TAGS_AT_ONCE = 20


def with_tags(item: Item, tags: Mapping[str, str]) -> Item:
    """Return an item with its tags, and those given, as EC2 has them."""
    own = item.get("tags") or {}
    bare = {key: value for key, value in item.items() if key != "tags"}
    return {**bare, "Tags": ansible_dict_to_boto3_tag_list({**own, **tags})}


def clusters(client: Any, owner: Owner) -> list[Item]:
    """Return the EKS clusters that carry the owner's tags."""
    found = describe_all(lambda name: describe_cluster(client, name), list_all(client, "list_clusters", "clusters"))
    return [with_tags(item, {}) for item in found if owner.items() <= (item.get("tags") or {}).items()]


def inside(client: Any, owner: Owner, operation: str, key: str, describe: Describe) -> list[Item]:
    """Return what the owner's EKS clusters hold of one kind, whoever made it."""
    return [
        with_tags(item, owner)
        for cluster in clusters(client, owner)
        for item in describe_all(
            lambda name, cluster=cluster["name"]: describe(client, cluster, name),  # type: ignore[misc]
            list_all(client, operation, key, clusterName=cluster["name"]),
        )
    ]


def nodegroups(client: Any, owner: Owner) -> list[Item]:
    """Return the node groups of the owner's EKS clusters."""
    return inside(client, owner, "list_nodegroups", "nodegroups", describe_nodegroup)


def addons(client: Any, owner: Owner) -> list[Item]:
    """Return the add-ons of the owner's EKS clusters."""
    return inside(client, owner, "list_addons", "addons", describe_addon)


def access_entries(client: Any, owner: Owner) -> list[Item]:
    """Return the access entries of the owner's EKS clusters; those that know access by a ConfigMap have none."""
    with_entries = [
        cluster["name"]
        for cluster in clusters(client, owner)
        if cluster.get("accessConfig", {}).get("authenticationMode") != "CONFIG_MAP"
    ]
    return [
        with_tags(item, owner)
        for cluster in with_entries
        for item in describe_all(
            lambda principal, cluster=cluster: describe_entry(client, cluster, principal),  # type: ignore[misc]
            list_all(client, "list_access_entries", "accessEntries", clusterName=cluster),
        )
    ]


def oidc_providers(client: Any, owner: Owner) -> list[Item]:
    """Return the OIDC providers that carry the owner's tags and name the region."""
    wanted = {**owner, "Region": owner.region}

    def describe(arn: str) -> Item:
        return {"Arn": arn, **call(client, "get_open_id_connect_provider", OpenIDConnectProviderArn=arn)}

    found = describe_all(describe, provider_arns(client))
    return [item for item in found if wanted.items() <= boto3_tag_list_to_ansible_dict(item.get("Tags", [])).items()]


def below_path(client: Any, owner: Owner, kind: str) -> list[Item]:
    """Return what the owner has of one kind in IAM."""
    row = KINDS_BY_NAME[kind]
    pages = client.get_paginator(row.operation).paginate(PathPrefix=owner.path)
    return [with_tags(item, owner) for page in pages for item in items_of(page, row.path)]


def roles(client: Any, owner: Owner) -> list[Item]:
    """Return the owner's roles, each with what must be taken from it before it can be deleted."""

    def with_holds(role: Item) -> Item:
        name = {"RoleName": role["RoleName"]}
        return {
            **role,
            "AttachedPolicies": call(client, "list_attached_role_policies", **name)["AttachedPolicies"],
            "InlinePolicies": call(client, "list_role_policies", **name)["PolicyNames"],
            "InstanceProfiles": [
                profile["InstanceProfileName"]
                for profile in call(client, "list_instance_profiles_for_role", **name)["InstanceProfiles"]
            ],
        }

    return [with_holds(role) for role in below_path(client, owner, "iam_roles")]


def load_balancers(client: Any, owner: Owner) -> list[Item]:
    """Return the classic load balancers that carry the mark of the owner's EKS cluster."""
    kind = KINDS_BY_NAME["load_balancers"]
    pages = client.get_paginator(kind.operation).paginate()
    found = {item["LoadBalancerName"]: item for page in pages for item in items_of(page, kind.path)}
    tagged = []
    for names in chunks(sorted(found), TAGS_AT_ONCE):
        for answer in call(client, "describe_tags", LoadBalancerNames=names)["TagDescriptions"]:
            tagged.append({**found[answer["LoadBalancerName"]], "Tags": answer["Tags"]})
    return tagged


def subnet_reservations(client: Any, owner: Owner) -> list[Item]:
    """Return the reservations in the owner's subnets, whoever made them."""
    filters = ansible_dict_to_boto3_filter_list(ansible_dict_to_tag_filter_dict(owner))
    pages = client.get_paginator("describe_subnets").paginate(Filters=filters)
    subnets = [subnet["SubnetId"] for page in pages for subnet in page["Subnets"]]
    return [reservation for subnet in subnets for reservation in reservations_of(client, subnet)]


def chunks(items: list[str], size: int) -> Iterable[list[str]]:
    """Return a list in parts of a size."""
    return (items[start : start + size] for start in range(0, len(items), size))


LISTERS: Mapping[str, Callable[[Any, Owner], list[Item]]] = {
    "eks_access_entries": access_entries,
    "eks_addons": addons,
    "eks_clusters": clusters,
    "eks_nodegroups": nodegroups,
    "iam_roles": roles,
    "instance_profiles": lambda client, owner: below_path(client, owner, "instance_profiles"),
    "load_balancers": load_balancers,
    "oidc_providers": oidc_providers,
    "subnet_reservations": subnet_reservations,
    "server_certificates": lambda client, owner: below_path(client, owner, "server_certificates"),
}
"""The function that lists a kind, of each that its service cannot list by tag."""


def is_foreign(client: Any, owner: Owner) -> bool:
    """Say whether the EKS cluster whose mark is looked for is somebody else's."""
    found = describe_cluster(client, owner.eks_cluster)
    return found is not None and not owner.items() <= (found.get("tags") or {}).items()
