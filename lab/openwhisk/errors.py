"""An answer that says what is wrong, raised wherever it is found."""

from __future__ import annotations


class ApiError(Exception):
    """Ends the request with this HTTP status and this text as the member `error` of the body."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


def malformed(detail: str) -> ApiError:
    """400 for a body or a query that cannot be used."""
    return ApiError(400, f"The request content was malformed: {detail}")


def not_found() -> ApiError:
    """404 for an entity that does not exist."""
    return ApiError(404, "The requested resource does not exist.")


def exists() -> ApiError:
    """409 for a PUT without `overwrite` on what is there."""
    return ApiError(409, "resource already exists")


def concurrent_modification() -> ApiError:
    """409 for an entity that another request changed between this one's read and its write."""
    return ApiError(409, "Concurrent modification to resource detected.")


def other_collection() -> ApiError:
    """409 for a name that an entity of another kind has."""
    return ApiError(409, "Resource by this name exists but is not in this collection.")
