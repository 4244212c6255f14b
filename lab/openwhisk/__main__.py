"""`python -m lab.openwhisk`."""

from __future__ import annotations

import sys

from lab.openwhisk.cli import main

sys.exit(main())
