#!/usr/bin/env bash
# Writes requirements*.txt from requirements*.in: one lock for every supported Python.
# Arguments are handed to uv, such as --upgrade or --upgrade-package NAME.
set -euo pipefail

compile() {
  .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
    --no-emit-index-url --output-file "$@"
}

compile requirements.txt requirements.in "$@"
compile requirements-dev.txt requirements-dev.in --constraints requirements.txt "$@"
