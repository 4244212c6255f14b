#!/usr/bin/env python3
"""Stand-in for the bootstrap script that ansible-test downloads: installs pip from Python's own ensurepip.

`tools/sanity.py` puts it where ansible-test looks, and only where the download is refused.
"""

from __future__ import annotations

import ensurepip
import os
import subprocess
import sys

# Options of the real script that pip itself does not know
BOOTSTRAP_OPTIONS = ("--no-setuptools", "--no-wheel")


def main(arguments: list[str]) -> int:
    """Install pip, then what `arguments` (pip's own, and options of the real script) ask for.

    Returns pip's exit code.
    """
    ensurepip.bootstrap()
    # ensurepip leaves this set to the null device, which would hide the user's own index
    environment = {name: value for name, value in os.environ.items() if name != "PIP_CONFIG_FILE"}
    wanted = [argument for argument in arguments if argument not in BOOTSTRAP_OPTIONS]
    if all(argument.startswith("-") for argument in wanted):
        return 0
    return subprocess.run([sys.executable, "-m", "pip", "install", *wanted], env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
