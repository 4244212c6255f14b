"""Makes access policies that hold in certain namespaces count there."""

from __future__ import annotations

from lab.kubernetes.api import Api, path_of
from lab.kubernetes.defaults import binding
from lab.moto_fixes.eks_access import POLICY_PREFIX, POLICY_ROLES
from lab.moto_fixes.eks_store import Cluster

_BINDINGS = "apis/rbac.authorization.k8s.io/v1/rolebindings"
_NAMESPACES = "api/v1/namespaces"


class Access:
    """Binds the holders of an access policy in a namespace; who they are is said by their tokens' groups."""

    def __init__(self, cluster: Cluster, api: Api) -> None:
        self._cluster = cluster
        self._api = api

    def round(self) -> None:
        """Look once, and do what is to do."""
        wanted = namespaced(self._cluster)
        if not wanted:
            return
        present = {entry["metadata"]["name"] for entry in self._api.list_all(path_of(_NAMESPACES))}
        bound = {
            (entry["metadata"]["namespace"], entry["metadata"]["name"])
            for entry in self._api.list_all(path_of(_BINDINGS))
        }
        for policy, namespace in sorted(wanted):
            body = binding(policy, POLICY_ROLES[policy], namespace)
            if namespace in present and (namespace, body["metadata"]["name"]) not in bound:
                self._api.create(path_of(_BINDINGS, namespace), body)


def namespaced(cluster: Cluster) -> set[tuple[str, str]]:
    """Policy and namespace of every association that holds in certain namespaces only."""
    return {
        (arn.removeprefix(POLICY_PREFIX), namespace)
        for entry in list(cluster.entries.values())
        for arn, association in list(entry.policies.items())
        for namespace in association["accessScope"]["namespaces"]
    }
