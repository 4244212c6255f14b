# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Reading and changing the deployments of a namespace, many requests at a time."""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from ansible_collections.lambdafs.cluster.plugins.module_utils.whisk_client import (
    Client,
    Pieces,
    Refused,
    Retryable,
    WhiskError,
    api_path,
)
from ansible_collections.lambdafs.cluster.plugins.module_utils.whisk_deployment import (
    Change,
    Registered,
    Wanted,
    creation,
    from_action,
    from_list,
    is_equal,
    removal,
    update,
)
from ansible_collections.lambdafs.cluster.plugins.module_utils.whisk_jar import sha256_of_code
from ansible_collections.lambdafs.cluster.plugins.module_utils.whisk_platform import DEFAULT_NAMESPACE

T = TypeVar("T")
R = TypeVar("R")
_PAGE = 200
_ATTEMPTS = 6
_FIRST_PAUSE = 0.25


class Interrupted(WhiskError):
    """Some of the changes were not made; `done` holds those that were."""

    def __init__(self, message: str, done: Sequence[Change]) -> None:
        super().__init__(message)
        self.done = done


@dataclass(frozen=True)
class Plan:
    """The changes, in the order of the deployments, and how many deployments stay as they are."""

    changes: tuple[Change, ...]
    equal: int

    def names(self, action: str) -> list[str]:
        """The deployments that this is done to."""
        return [change.name for change in self.changes if change.action == action]


def each(work: Callable[[T], R], items: Sequence[T], parallel: int) -> list[R]:
    """The results for all items, in their order, `parallel` at a time; the first exception ends it."""
    if not items:
        return []
    with ThreadPoolExecutor(max_workers=min(parallel, len(items))) as pool:
        futures = [pool.submit(work, item) for item in items]
        try:
            return [future.result() for future in futures]
        finally:
            for future in futures:
                future.cancel()


class Deployments:
    """The actions of the namespace that the client's key opens, outside packages."""

    def __init__(self, client: Client, namespace: str, parallel: int) -> None:
        self._client = client
        self._namespace = namespace
        self._parallel = parallel

    def path(self, name: str) -> str:
        """The path of one of them."""
        return api_path("namespaces", DEFAULT_NAMESPACE, "actions", name)

    def read(self) -> dict[str, Registered]:
        """All of them by name, from one list that is read page by page."""
        found: dict[str, Registered] = {}
        path = api_path("namespaces", DEFAULT_NAMESPACE, "actions")
        skip = 0
        while True:
            page = self._client.get(path, limit=_PAGE, skip=skip)
            found |= {item["name"]: from_list(item) for item in page if item["namespace"] == self._namespace}
            skip += len(page)
            if len(page) < _PAGE:
                return found

    def read_one(self, name: str) -> Registered | None:
        """One of them with what the list does not show, or None."""
        try:
            return from_action(self._client.get(self.path(name), code=False))
        except Refused as refusal:
            if refusal.status == 404:
                return None
            raise

    def verified(self, present: Registered) -> Registered:
        """The deployment with the hash of its code as it is downloaded, and all else as it is now."""
        read = self.read_one(present.name)
        if read is None:
            raise WhiskError(f"{present.name} was removed while it was read: run again")
        with self._client.response("GET", self.path(present.name), {"code": True}) as response:
            return replace(read, code_sha256=sha256_of_code(response.read) or "")

    def plan(
        self,
        present: dict[str, Registered],
        names: Sequence[str],
        wanted: Wanted,
        verifying: bool,
        prune: Sequence[str],
    ) -> Plan:
        """What has to be done so that the deployments are as wanted.

        Args:
            present: the deployments that exist.
            names: those that should.
            wanted: what they should be.
            verifying: whether code and all else are read from the server instead of trusted by annotations.
            prune: names to remove.
        """
        known = [present[name] for name in names if name in present]
        looked = {one.name: one for one in each(self.verified, known, self._parallel)} if verifying else {}
        differing = [one for one in known if not is_equal(looked.get(one.name, one), wanted)]
        changed = each(lambda one: self._update(looked.get(one.name, one), wanted), differing, self._parallel)
        updates = {change.name: change for change in changed if change is not None}
        changes = [
            updates[name] if name in present else creation(name, wanted)
            for name in names
            if name in updates or name not in present
        ]
        removals = [removal(present[name]) for name in prune]
        return Plan((*changes, *removals), len(names) - len(changes))

    def _update(self, present: Registered, wanted: Wanted) -> Change | None:
        """The change of a deployment that differs, after reading what the list does not show."""
        read = present if present.main is not None else self.read_one(present.name)
        return creation(present.name, wanted) if read is None else update(read, wanted)

    def plan_removal(self, present: dict[str, Registered], names: Sequence[str]) -> Plan:
        """What has to be done so that these deployments are gone."""
        there = [name for name in names if name in present]
        return Plan(tuple(removal(present[name]) for name in there), 0)

    def apply(self, plan: Plan, wanted: Wanted | None, code: memoryview, verifying: bool) -> None:
        """Carry the plan out.

        Args:
            plan: the changes.
            wanted: what the deployments should be; None where all changes are removals.
            code: the jar's base64, sent from where it lies.
            verifying: as the plan was made.

        Raises:
            Interrupted: a change could not be made; those under way were finished, and no other was begun.
        """
        if not plan.changes:
            return
        stopped = threading.Event()

        def make(change: Change) -> Change | None:
            if stopped.is_set():
                return None
            try:
                self._make(change, wanted, code, verifying)
            except BaseException:
                stopped.set()
                raise
            return change

        with ThreadPoolExecutor(max_workers=min(self._parallel, len(plan.changes))) as pool:
            futures = [pool.submit(make, change) for change in plan.changes]
            wait(futures, return_when=FIRST_EXCEPTION)
        errors = [error for future in futures if (error := future.exception()) is not None]
        if errors:
            done = [made for future in futures if future.exception() is None and (made := future.result())]
            raise Interrupted(f"{errors[0]}; {len(done)} of {len(plan.changes)} changes were made", done) from errors[0]

    def _make(self, change: Change | None, wanted: Wanted | None, code: memoryview, verifying: bool) -> None:
        """Make one change; where its outcome is not known, or another came between, look again and decide anew."""
        pause = _FIRST_PAUSE
        for attempt in range(_ATTEMPTS):
            if change is None:
                return
            try:
                self._send(change, code)
            except Retryable:
                if attempt == _ATTEMPTS - 1:
                    raise
                threading.Event().wait(pause * random.uniform(0.5, 1.5))  # noqa: S311
                pause *= 2
                change = self._again(change, wanted, verifying)
            else:
                return

    def _again(self, change: Change, wanted: Wanted | None, verifying: bool) -> Change | None:
        """What is left of a change as the deployment is now; the change itself where that cannot be told."""
        try:
            present = self.read_one(change.name)
            if present is not None and verifying:
                present = self.verified(present)
        except Retryable:
            return change
        if change.action == "remove" or wanted is None:
            return None if present is None else change
        if present is None:
            return creation(change.name, wanted)
        return update(present, wanted)

    def _send(self, change: Change, code: memoryview) -> None:
        path = self.path(change.name)
        if change.action == "remove":
            try:
                self._client.request("DELETE", path)
            except Refused as refusal:
                if refusal.status != 404:
                    raise
            return
        body = pieces(change.body, code if change.sends_code else None)
        self._client.request("PUT", path, {"overwrite": change.action == "update"}, body)


def pieces(body: Any, code: memoryview | None) -> Pieces:
    """The JSON of a PUT, with the code between two pieces of it and copied nowhere."""
    if code is None:
        return Pieces([json.dumps(body).encode()])
    executable = json.dumps(body["exec"])
    rest = json.dumps({key: value for key, value in body.items() if key != "exec"})
    head = f'{{"exec":{executable[:-1]},"code":"'.encode()
    tail = f'"}}{"," if len(rest) > 2 else ""}{rest[1:]}'.encode()
    return Pieces([head, code, tail])


def unsettled(
    present: Mapping[str, Registered], names: Sequence[str], wanted: Wanted | None, gone: Sequence[str]
) -> str:
    """What a list does not show yet after a plan was carried out; empty when it shows all."""
    found = [name for name in gone if name in present]
    if wanted is not None:
        found += [name for name in names if name not in present or not is_equal(present[name], wanted)]
    return ", ".join(found)
