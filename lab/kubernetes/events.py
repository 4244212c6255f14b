"""Events about objects, each told once."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from lab.kubernetes.api import Api, Thing, path_of


class Events:
    """Tells events about the objects of one cluster.

    Args:
        source: the component in whose name they are told.
    """

    def __init__(self, api: Api, source: str) -> None:
        self._api = api
        self._source = source
        self._told: dict[str, tuple[str, str]] = {}

    def tell(self, thing: Thing, reason: str, message: str, is_warning: bool = True) -> None:
        """Tell an event, unless it is the last one that was told about the object."""
        metadata = thing["metadata"]
        if self._told.get(metadata["uid"]) == (reason, message):
            return
        self._told[metadata["uid"]] = (reason, message)
        now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        namespace = metadata.get("namespace", "default")
        self._api.create(
            path_of("api/v1/events", namespace),
            {
                "apiVersion": "v1",
                "kind": "Event",
                "metadata": {"name": f"{metadata['name']}.{uuid.uuid4().hex[:16]}", "namespace": namespace},
                "involvedObject": {
                    "kind": thing.get("kind"),
                    "apiVersion": thing.get("apiVersion"),
                    "name": metadata["name"],
                    "namespace": metadata.get("namespace"),
                    "uid": metadata["uid"],
                },
                "reason": reason,
                "message": message,
                "type": "Warning" if is_warning else "Normal",
                "source": {"component": self._source},
                "firstTimestamp": now,
                "lastTimestamp": now,
                "count": 1,
            },
        )

    def forget(self, uid: str) -> None:
        """The object is gone."""
        self._told.pop(uid, None)
