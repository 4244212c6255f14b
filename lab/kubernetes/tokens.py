"""Tokens of `aws eks get-token`: pre-signed GetCallerIdentity requests."""

from __future__ import annotations

import base64
import binascii
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit, urlunsplit

from botocore.auth import SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

PREFIX = "k8s-aws-v1."
CLUSTER_HEADER = "x-k8s-aws-id"
LIFETIME = timedelta(minutes=15)
CLOCK_SKEW = timedelta(minutes=5)
_ONLY = {"Action", "Version", "X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires"}
_ONLY |= {"X-Amz-SignedHeaders", "X-Amz-Signature", "X-Amz-Security-Token"}


class BadToken(Exception):
    """The reason why a token is refused."""


@dataclass(frozen=True)
class Token:
    """A token that is well formed; whether its signature is right depends on the bearer's secret."""

    url: str
    access_key: str
    region: str
    made: datetime
    signature: str
    signed_headers: tuple[str, ...]


def read(token: str, now: datetime) -> Token:
    """Take a token apart.

    Raises:
        BadToken: it is malformed or too old.
    """
    if not token.startswith(PREFIX):
        raise BadToken(f"the token does not begin with {PREFIX}")
    encoded = token.removeprefix(PREFIX)
    try:
        url = base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)).decode("ascii")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise BadToken("the token is not base64") from error
    query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    if query.get("Action") != "GetCallerIdentity" or not set(query) <= _ONLY:
        raise BadToken("the token is no GetCallerIdentity request")
    scope = query.get("X-Amz-Credential", "").split("/")
    signed_headers = tuple(query.get("X-Amz-SignedHeaders", "").split(";"))
    if len(scope) != 5 or CLUSTER_HEADER not in signed_headers:
        raise BadToken(f"the token is not signed together with the header {CLUSTER_HEADER}")
    try:
        made = datetime.strptime(query["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except (KeyError, ValueError) as error:
        raise BadToken("the token has no date") from error
    if not made - CLOCK_SKEW <= now <= made + LIFETIME:
        raise BadToken(f"the token of {made.isoformat()} is older than {LIFETIME} or from the future")
    return Token(url, scope[0], scope[2], made, query.get("X-Amz-Signature", ""), signed_headers)


def is_signed_with(token: Token, secret: str, cluster: str) -> bool:
    """Whether the token was signed with that secret for that cluster."""
    parts = urlsplit(token.url)
    kept = "&".join(word for word in parts.query.split("&") if not word.startswith("X-Amz-Signature="))
    request = AWSRequest(method="GET", url=urlunsplit(parts._replace(query=kept)))
    request.headers["host"] = parts.netloc
    request.headers[CLUSTER_HEADER] = cluster
    request.context["timestamp"] = token.made.strftime("%Y%m%dT%H%M%SZ")
    signer = SigV4QueryAuth(Credentials(token.access_key, secret), "sts", token.region)
    expected = signer.signature(signer.string_to_sign(request, signer.canonical_request(request)), request)
    return hmac.compare_digest(expected, token.signature)
