from __future__ import annotations

from pathlib import Path

import pytest

from tools.sanity import refused_download

OUTPUT = """\
Downloading pip 24.2 bootstrap script: https://example.invalid/get-pip.py

Download failed: {error}

The bootstrap script can be manually downloaded and saved to: /cache/get_pip_24_2.py
"""


@pytest.mark.parametrize(
    "error",
    [
        "<urlopen error [Errno -2] Name or service not known>",
        "<urlopen error Tunnel connection failed: 403 Forbidden>",
        "<urlopen error [Errno 111] Connection refused>",
        "HTTP Error 403: Forbidden",
    ],
)
def test_a_refused_download_is_recognised(error: str) -> None:
    assert refused_download(OUTPUT.format(error=error)) == (error, Path("/cache/get_pip_24_2.py"))


@pytest.mark.parametrize(
    "error",
    [
        "<urlopen error [Errno -3] Temporary failure in name resolution>",
        "<urlopen error [Errno 110] Connection timed out>",
        "<urlopen error [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed>",
        "HTTP Error 502: Bad Gateway",
    ],
)
def test_a_network_error_of_the_real_kind_is_not(error: str) -> None:
    assert refused_download(OUTPUT.format(error=error)) is None


def test_a_finding_of_ansible_test_is_not() -> None:
    assert refused_download("ERROR: Found 1 pep8 issue(s) which need to be resolved") is None
