"""IAM OIDC providers: client ids are added and removed, lists are lists, what is not there cannot be deleted."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.iam.models import IAMBackend
from moto.iam.responses import IamResponse

from lab.errors import LabError
from lab.moto_fixes.patching import replace

MADE_UP_THUMBPRINT = "0" * 40
"""What stands for the thumbprint that IAM fetches itself where a request names none."""


def _add(self: Any) -> ActionResult:
    provider = self.backend.get_open_id_connect_provider(self._get_param("OpenIDConnectProviderArn"))
    client_id = self._get_param("ClientID")
    if client_id not in provider.client_id_list:
        provider.client_id_list = [*provider.client_id_list, client_id]
    return EmptyResult()


def _remove(self: Any) -> ActionResult:
    provider = self.backend.get_open_id_connect_provider(self._get_param("OpenIDConnectProviderArn"))
    removed = self._get_param("ClientID")
    provider.client_id_list = [client_id for client_id in provider.client_id_list if client_id != removed]
    return EmptyResult()


def apply() -> None:
    """Mend the providers."""
    for name, method in (
        ("add_client_id_to_open_id_connect_provider", _add),
        ("remove_client_id_from_open_id_connect_provider", _remove),
    ):
        if hasattr(IamResponse, name):
            raise LabError(f"moto has {name} now, expected the moto of the lock file; remove the mend")
        setattr(IamResponse, name, method)
    original_create = IAMBackend.create_open_id_connect_provider
    original_delete = IAMBackend.delete_open_id_connect_provider

    def create(self: Any, url: str, thumbprint_list: list[str], client_id_list: list[str], tags: Any) -> Any:
        return original_create(self, url, thumbprint_list or [MADE_UP_THUMBPRINT], client_id_list, tags)

    def delete(self: Any, arn: str) -> None:
        self.get_open_id_connect_provider(arn)
        original_delete(self, arn)

    replace(IAMBackend, "create_open_id_connect_provider", create)
    replace(IAMBackend, "delete_open_id_connect_provider", delete)
