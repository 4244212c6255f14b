"""One call of an EKS operation, and what all operations share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lab.moto_fixes import eks_store

MOST_RESULTS = 100


@dataclass(frozen=True)
class Call:
    """A call: who asks for what, where.

    Attributes:
        caller: ARN of the IAM principal that makes the call.
    """

    account: str
    region: str
    caller: str
    params: dict[str, Any]

    @property
    def cluster(self) -> eks_store.Cluster:
        """The cluster that the call names; EKS's error where there is none."""
        return eks_store.get_cluster(
            self.account, self.region, str(self.params.get("clusterName") or self.params["name"])
        )


def page(call: Call, key: str, items: list[Any]) -> dict[str, Any]:
    """One page of a list, by `maxResults` and `nextToken`, which is the number of the first item."""
    token = call.params.get("nextToken") or "0"
    if not str(token).isdigit():
        raise eks_store.invalid_parameter("Invalid next token")
    first = int(token)
    after = first + int(call.params.get("maxResults") or MOST_RESULTS)
    answer: dict[str, Any] = {key: items[first:after]}
    if after < len(items):
        answer["nextToken"] = str(after)
    return answer
