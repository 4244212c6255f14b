"""Invoking a NameNode over OpenWhisk's web path."""

from __future__ import annotations

import json
import ssl
import threading
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any

from lab.hadoop.configuration import Configuration
from lab.hadoop.errors import CONNECT, REMOTE, HadoopError

_SHOWN = 300
_FIRST_PAUSE = 0.2
# The proxy answers these while what is behind it is not there
_LATER = (429, 502, 503, 504)


class Web:
    """The web path of a deployment's actions."""

    def __init__(self, configuration: Configuration) -> None:
        self._endpoint = configuration.text("serverless.endpoint")
        self._seconds = configuration.number("serverless.http.timeout", 20)
        self._retries = configuration.number("serverless.http.maxretries", 3)
        # As λFS does: any certificate will do, and no proxy is used
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context)
        )

    def invoke(self, deployment: int, value: Mapping[str, Any]) -> dict[str, Any]:
        """The NameNode's answer.

        Raises:
            HadoopError: there is no such action, nobody answers, or the answer is no NameNode's.
        """
        url = f"{self._endpoint}{deployment}?blocking=true"
        pause = _FIRST_PAUSE
        for left in reversed(range(self._retries + 1)):
            try:
                return self._post(url, value)
            except urllib.error.HTTPError as error:
                with error:
                    shown = error.read(_SHOWN).decode("utf-8", "replace")
                failure = HadoopError(REMOTE, f"POST {url}: HTTP {error.code}, {shown}; expected a NameNode's answer")
                if error.code not in _LATER or not left:
                    raise failure from error
            except OSError as error:
                if not left:
                    raise HadoopError(CONNECT, f"POST {url}: {error}; expected OpenWhisk to answer there") from error
            threading.Event().wait(pause)
            pause *= 2
        raise AssertionError("the last attempt returns or raises")

    def _post(self, url: str, value: Mapping[str, Any]) -> dict[str, Any]:
        request = urllib.request.Request(  # noqa: S310
            url, json.dumps({"value": value}).encode(), {"Content-Type": "application/json"}, method="POST"
        )
        with self._opener.open(request, timeout=self._seconds) as response:
            text = response.read()
        try:
            answer = json.loads(text)
            answer["EXCEPTIONS"], answer["RESULT"]
        except (ValueError, KeyError, TypeError) as error:
            shown = text[:_SHOWN].decode("utf-8", "replace")
            raise HadoopError(
                REMOTE, f"POST {url}: answer {shown!r}, expected a NameNode's with RESULT and EXCEPTIONS"
            ) from error
        return dict(answer)
