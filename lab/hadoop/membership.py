"""A NameNode as a member of its deployment, and the agreement that comes before a write.

Who writes announces the operation below INV; every other live member of the deployment acknowledges it below ACK, and
only then the write goes on. λFS's NameNodes drop cached inodes before they acknowledge; here there are none.
"""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Collection
from typing import Any

from kazoo.exceptions import NodeExistsError, NoNodeError
from kazoo.recipe.watchers import ChildrenWatch

from lab.hadoop.ensemble import Ensemble, deployment_path
from lab.hadoop.errors import IO, HadoopError

_LOOK_AGAIN_SECONDS = 1.0


def outstanding(members: Collection[str], acknowledged: Collection[str], leader: str) -> list[str]:
    """Ids of the live members that have not acknowledged; the leader need not."""
    return sorted(set(members) - set(acknowledged) - {leader})


class Membership:
    """One NameNode in one deployment.

    Args:
        ensemble: the session that the member lives as long as.
        namenode_id: a number that no other NameNode has.
    """

    def __init__(self, ensemble: Ensemble, deployment: int, namenode_id: int) -> None:
        self._ensemble = ensemble
        self._deployment = deployment
        self._id = str(namenode_id)

    def join(self, deployments: int) -> None:
        """Become a live member, as a NameNode does at its start.

        Raises:
            HadoopError: the group of one of the deployments does not exist, or ZooKeeper cannot be asked.
        """
        client = self._ensemble.client
        for number in range(deployments):
            path = deployment_path(number, "permanent")
            self._ensemble.call(path, client.get_children_async)
        for node in ("guest", "INV"):
            self._make_sure(deployment_path(self._deployment, node))
        self._rejoin()
        ChildrenWatch(client, deployment_path(self._deployment, "INV"), self._acknowledge)

    def stay(self) -> None:
        """Become a live member again where the session was lost."""
        path = f"{deployment_path(self._deployment, 'permanent')}/{self._id}"
        if self._ensemble.call(path, self._ensemble.client.exists_async) is None:
            self._rejoin()

    def agree(self, deployment: int, subject: str, seconds: float) -> None:
        """Tell the members of a deployment of a write and wait until all of them have acknowledged.

        Args:
            subject: the path that is written.
            seconds: how long to wait.

        Raises:
            HadoopError: a znode is missing, or a live member did not acknowledge in time.
        """
        client = self._ensemble.client
        operation = str(random.getrandbits(62))
        announced = f"{deployment_path(deployment, 'INV')}/{operation}"
        answers = f"{deployment_path(deployment, 'ACK')}/{operation}"
        # ACK itself is never made by a NameNode
        self._need(deployment_path(deployment, "ACK"))
        self._need(deployment_path(deployment, "INV"))
        self._ensemble.call(answers, client.create_async)
        content = json.dumps({"leader": self._id, "path": subject}).encode()
        try:
            self._ensemble.call(announced, client.create_async, content, ephemeral=True)
            self._await(deployment, answers, seconds)
        finally:
            for path in (announced, *(f"{answers}/{name}" for name in self._names(answers)), answers):
                client.delete_async(path)

    def _await(self, deployment: int, answers: str, seconds: float) -> None:
        """Wait for the acknowledgement of every member that is alive."""
        group = deployment_path(deployment, "permanent")
        client = self._ensemble.client
        deadline = time.monotonic() + seconds
        while True:
            changed = threading.Event()

            def wake(event: Any, changed: threading.Event = changed) -> None:
                changed.set()

            acknowledged = self._ensemble.call(answers, client.get_children_async, wake)
            members = self._ensemble.call(group, client.get_children_async, wake)
            waiting = outstanding(members, acknowledged, self._id)
            left = deadline - time.monotonic()
            if not waiting:
                return
            if left <= 0:
                raise HadoopError(
                    IO,
                    f"NameNodes {', '.join(waiting)} of deployment {deployment} did not acknowledge"
                    f" below {answers} within {seconds:g} s",
                )
            changed.wait(min(left, _LOOK_AGAIN_SECONDS))

    def _acknowledge(self, operations: list[str]) -> None:
        """Acknowledge what others announced; called by the session's own thread."""
        client = self._ensemble.client
        for operation in operations:
            try:
                content, _ = client.get(f"{deployment_path(self._deployment, 'INV')}/{operation}")
                if json.loads(content)["leader"] != self._id:
                    path = f"{deployment_path(self._deployment, 'ACK')}/{operation}/{self._id}"
                    client.create(path, ephemeral=True)
            except (NoNodeError, NodeExistsError):
                # The leader has gone on, or it was acknowledged before
                continue

    def _rejoin(self) -> None:
        path = f"{deployment_path(self._deployment, 'permanent')}/{self._id}"
        self._need(deployment_path(self._deployment, "permanent"))
        self._ensemble.call(path, self._ensemble.client.create_async, b"", ephemeral=True)

    def _need(self, path: str) -> None:
        """Fail, naming the path, where a znode is missing."""
        self._ensemble.call(path, self._ensemble.client.get_async)

    def _make_sure(self, path: str) -> None:
        try:
            self._ensemble.client.create_async(path, makepath=True).get(timeout=_LOOK_AGAIN_SECONDS * 10)
        except NodeExistsError:
            return

    def _names(self, path: str) -> list[str]:
        try:
            return list(self._ensemble.client.get_children(path))
        except NoNodeError:
            return []
