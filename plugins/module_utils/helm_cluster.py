# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a release needs of Kubernetes beside Helm, by the official Python client."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from time import monotonic
from typing import Any

from ansible_collections.lambdafs.cluster.plugins.module_utils.helm_client import HelmError, Target
from ansible_collections.lambdafs.cluster.plugins.module_utils.helm_diagnosis import diagnosis
from ansible_collections.lambdafs.cluster.plugins.module_utils.helm_manifest import Replacement

POLL_SECONDS = 0.5
REQUEST_SECONDS = 30
NOT_FOUND = 404


class KubernetesCluster:
    """The namespace of one release; see `helm_release.Cluster`."""

    def __init__(self, kubeconfig: str, target: Target) -> None:
        from kubernetes import client, config

        connect: Callable[..., Any] = config.new_client_from_config
        api = connect(kubeconfig, persist_config=False)
        self._core: Any = client.CoreV1Api(api)
        self._batch: Any = client.BatchV1Api(api)
        self._target = target
        apps: Any = client.AppsV1Api(api)
        self._kinds: dict[str, tuple[Callable[..., Any], Callable[..., Any]]] = {
            "DaemonSet": (apps.delete_namespaced_daemon_set, apps.read_namespaced_daemon_set),
            "Deployment": (apps.delete_namespaced_deployment, apps.read_namespaced_deployment),
            "Job": (self._batch.delete_namespaced_job, self._batch.read_namespaced_job),
            "StatefulSet": (apps.delete_namespaced_stateful_set, apps.read_namespaced_stateful_set),
        }
        self._plain = api.sanitize_for_serialization

    def remove(self, objects: Sequence[Replacement]) -> None:
        """See `Cluster`."""
        for item in objects:
            delete, _read = self._kinds[item.kind]
            self._ask(delete, item.name, propagation_policy="Orphan" if item.keep_pods else "Foreground")
        left = list(objects)
        deadline = monotonic() + self._target.timeout
        never = threading.Event()
        while left:
            left = [item for item in left if self._ask(self._kinds[item.kind][1], item.name) is not None]
            if left and monotonic() > deadline:
                names = ", ".join(f"{item.kind} {item.name}" for item in left)
                raise HelmError(f"{names} did not go within {self._target.timeout} s; see what its finalizers wait for")
            if left:
                never.wait(POLL_SECONDS)

    def forget_revision(self, number: int) -> None:
        """See `Cluster`; Helm keeps each revision in a secret of this name."""
        self._ask(self._core.delete_namespaced_secret, f"sh.helm.release.v1.{self._target.release}.v{number}")

    def diagnosis(self) -> list[str]:
        """See `Cluster`."""
        own = {"label_selector": f"release={self._target.release}"}
        return diagnosis(
            self._list(self._core.list_namespaced_pod, **own),
            self._list(self._batch.list_namespaced_job, **own),
            self._list(self._core.list_namespaced_persistent_volume_claim, **own),
            self._list(self._core.list_namespaced_event),
        )

    def _list(self, call: Callable[..., Any], **options: Any) -> list[dict[str, Any]]:
        with _named_errors():
            found = call(self._target.namespace, _request_timeout=REQUEST_SECONDS, **options)
        items: list[dict[str, Any]] = self._plain(found)["items"]
        return items

    def _ask(self, call: Callable[..., Any], name: str, **options: Any) -> Any:
        """The answer, or None where there is no such object."""
        from kubernetes.client import ApiException

        try:
            with _named_errors(but=NOT_FOUND):
                return call(name, self._target.namespace, _request_timeout=REQUEST_SECONDS, **options)
        except ApiException:
            return None


@contextmanager
def _named_errors(but: int = 0) -> Iterator[None]:
    """Errors of the API, less those of one status, as a `HelmError` of one line."""
    from kubernetes.client import ApiException
    from urllib3.exceptions import HTTPError

    try:
        yield
    except ApiException as error:
        if error.status == but:
            raise
        raise HelmError(f"Kubernetes answered {error.status} {error.reason}") from error
    except HTTPError as error:
        raise HelmError(f"Kubernetes could not be asked: {error}") from error
