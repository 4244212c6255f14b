"""The lab's own client of one cluster's API."""

from __future__ import annotations

import json
import threading
from typing import Any

import requests

from lab.kubernetes.pki import Files

TIMEOUT_SECONDS = 10.0
MERGE = "application/merge-patch+json"
STRATEGIC = "application/strategic-merge-patch+json"

Thing = dict[str, Any]
"""A Kubernetes object, or another JSON document of the API."""


class ApiError(Exception):
    """An answer other than success.

    Attributes:
        code: HTTP status code; 0 where nothing answered.
    """

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


class Api:
    """Requests as the cluster's administrator.

    Args:
        endpoint: URL of the API server.
        files: the cluster's certificates.
    """

    def __init__(self, endpoint: str, files: Files) -> None:
        self._endpoint = endpoint
        self._files = files
        self._local = threading.local()

    def _session(self) -> requests.Session:
        """The calling thread's own session: one connection each."""
        if not hasattr(self._local, "session"):
            session = requests.Session()
            session.trust_env = False
            session.verify = str(self._files.ca)
            session.cert = (str(self._files.admin), str(self._files.admin_key))
            self._local.session = session
        found: requests.Session = self._local.session
        return found

    def request(self, method: str, path: str, body: Thing | None = None, kind: str = "application/json") -> Thing:
        """One request; an answer of 4xx or 5xx, or none, is an ApiError."""
        try:
            answer = self._session().request(
                method,
                f"{self._endpoint}{path}",
                data=None if body is None else json.dumps(body),
                headers={"Content-Type": kind, "Accept": "application/json"},
                timeout=TIMEOUT_SECONDS,
            )
        except requests.RequestException as error:
            raise ApiError(0, str(error)) from error
        if answer.status_code >= 400:
            raise ApiError(answer.status_code, f"{method} {path}: {_message(answer)}")
        found: Thing = answer.json()
        return found

    def list_all(self, path: str) -> list[Thing]:
        """The objects of a collection."""
        items: list[Thing] = self.request("GET", path).get("items") or []
        return items

    def get(self, path: str) -> Thing | None:
        """One object, or None where there is none."""
        try:
            return self.request("GET", path)
        except ApiError as error:
            if error.code == 404:
                return None
            raise

    def create(self, collection: str, body: Thing) -> bool:
        """Make an object; False where it is there already."""
        try:
            self.request("POST", collection, body)
        except ApiError as error:
            if error.code == 409:
                return False
            raise
        return True

    def patch(self, path: str, body: Thing, kind: str = MERGE) -> bool:
        """Change an object; False where it is gone or has changed meanwhile."""
        try:
            self.request("PATCH", path, body, kind)
        except ApiError as error:
            if error.code in (404, 409):
                return False
            raise
        return True

    def delete(self, path: str, grace_seconds: int | None = None) -> bool:
        """Delete an object; False where it is gone already."""
        query = "" if grace_seconds is None else f"?gracePeriodSeconds={grace_seconds}"
        try:
            self.request("DELETE", f"{path}{query}")
        except ApiError as error:
            if error.code in (404, 409):
                return False
            raise
        return True

    def is_healthy(self) -> bool:
        """Whether the API server is ready to serve."""
        try:
            return self._session().get(f"{self._endpoint}/readyz", timeout=TIMEOUT_SECONDS).status_code == 200
        except requests.RequestException:
            return False

    def is_populated(self) -> bool:
        """Whether the controllers have begun: the default namespace has its service account."""
        try:
            return self.get("/api/v1/namespaces/default/serviceaccounts/default") is not None
        except ApiError:
            return False


def path_of(collection: str, namespace: str = "", name: str = "") -> str:
    """The path of a collection or an object.

    Args:
        collection: group, version and resource: `api/v1/pods` or `apis/apps/v1/deployments`.
    """
    group, _, resource = collection.rpartition("/")
    inside = f"namespaces/{namespace}/" if namespace else ""
    end = f"/{name}" if name else ""
    return f"/{group}/{inside}{resource}{end}"


def _message(answer: requests.Response) -> str:
    try:
        return str(answer.json().get("message") or answer.text)
    except ValueError:
        return answer.text
