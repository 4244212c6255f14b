"""The lab's EKS in the place of moto's: routes and operations."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from botocore import xform_name
from moto.core.responses import ActionResult
from moto.eks import urls
from moto.eks.responses import EKSResponse

from lab.moto_fixes import eks_access, eks_addons, eks_clusters, eks_node_groups, eks_updates, identities
from lab.moto_fixes.eks_call import Call

Operation = Callable[[Call], dict[str, Any]]

OPERATIONS: dict[str, Operation] = {
    "CreateCluster": eks_clusters.create,
    "DescribeCluster": eks_clusters.describe,
    "ListClusters": eks_clusters.list_names,
    "DeleteCluster": eks_clusters.delete,
    "UpdateClusterConfig": eks_clusters.update_config,
    "UpdateClusterVersion": eks_clusters.update_version,
    "DescribeClusterVersions": eks_clusters.describe_versions,
    "TagResource": eks_clusters.tag,
    "UntagResource": eks_clusters.untag,
    "ListTagsForResource": eks_clusters.list_tags,
    "CreateNodegroup": eks_node_groups.create,
    "DescribeNodegroup": eks_node_groups.describe,
    "ListNodegroups": eks_node_groups.list_names,
    "DeleteNodegroup": eks_node_groups.delete,
    "UpdateNodegroupConfig": eks_node_groups.update_config,
    "UpdateNodegroupVersion": eks_node_groups.update_version,
    "CreateAddon": eks_addons.create,
    "DescribeAddon": eks_addons.describe,
    "ListAddons": eks_addons.list_names,
    "UpdateAddon": eks_addons.update,
    "DeleteAddon": eks_addons.delete,
    "DescribeAddonVersions": eks_addons.describe_versions,
    "CreateAccessEntry": eks_access.create,
    "DescribeAccessEntry": eks_access.describe,
    "ListAccessEntries": eks_access.list_arns,
    "UpdateAccessEntry": eks_access.update,
    "DeleteAccessEntry": eks_access.delete,
    "AssociateAccessPolicy": eks_access.associate,
    "DisassociateAccessPolicy": eks_access.disassociate,
    "ListAssociatedAccessPolicies": eks_access.list_associated,
    "ListAccessPolicies": eks_access.list_policies,
    "DescribeUpdate": eks_updates.describe,
    "ListUpdates": eks_updates.list_ids,
}


def apply() -> None:
    """Put the lab's operations in the place of moto's, and route every path of the API to them."""
    for name, operation in OPERATIONS.items():
        setattr(EKSResponse, xform_name(name), _method(operation))
    urls.url_paths["{0}/(?P<rest>.+)$"] = EKSResponse.dispatch


def _method(operation: Operation) -> Callable[[Any], ActionResult]:
    """An operation as a method of moto's class."""

    def method(self: Any) -> ActionResult:
        self.parse_parameters(self.normalized_request)
        caller = identities.principal_arn(identities.caller_arn(self.access_key))
        answer = operation(Call(self.current_account, self.region, caller, dict(self.params)))
        return ActionResult(copy.deepcopy(answer))

    return method
