#!/usr/bin/env bash
# Makes .venv and installs exactly what the given lock file lists.
# PYTHON names the interpreter; without it the first Python 3.11 or newer is taken.
set -euo pipefail

lock=$1
venv=.venv
PATH=${PATH#"$PWD/$venv/bin:"}

usable() {
  "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
  local candidate
  for candidate in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
    if usable "$candidate"; then
      echo "$candidate"
      return
    fi
  done
}

# A setting of pip: from its environment variable, else from its configuration files; empty if unset
pip_setting() {
  local variable="PIP_${1//-/_}"
  variable=${variable^^}
  if [ -n "${!variable:-}" ]; then
    echo "${!variable}"
  elif "$venv/bin/pip" config get "global.$1" >/dev/null 2>&1; then
    "$venv/bin/pip" config get "global.$1"
  fi
}

python=$(find_python)
if [ -z "$python" ] && [ -z "${PYTHON:-}" ]; then
  tools/system_packages.sh <(echo "python3.13 | python3.12 | python3.11")
  python=$(find_python)
fi
if [ -z "$python" ]; then
  echo "venv: ${PYTHON:-python3} is $("${PYTHON:-python3}" --version 2>&1), expected Python 3.11 or newer;" \
    "install one, or name it: make venv PYTHON=/path/to/python" >&2
  exit 1
fi
if ! "$python" -c 'import ensurepip' 2>/dev/null; then
  tools/system_packages.sh <("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
fi
if ! usable "$venv/bin/python" || ! "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
  "$python" -m venv --clear "$venv"
fi

uv_pin=$(sed -nE 's/^(uv==[^ ]+).*/\1/p' "$lock")
if [ "$("$venv/bin/uv" --version 2>/dev/null | cut -d' ' -f2)" != "${uv_pin#uv==}" ]; then
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check "$uv_pin"
fi

# uv reads no setting of pip, so a mirror that pip uses is handed on
index=$(pip_setting index-url)
certificates=$(pip_setting cert)
[ -z "$index" ] || export UV_DEFAULT_INDEX=${UV_DEFAULT_INDEX:-$index}
[ -z "${PIP_EXTRA_INDEX_URL:-}" ] || export UV_INDEX=${UV_INDEX:-$PIP_EXTRA_INDEX_URL}
[ -z "$certificates" ] || export SSL_CERT_FILE=${SSL_CERT_FILE:-$certificates}
export UV_HTTP_TIMEOUT=${UV_HTTP_TIMEOUT:-180}

VIRTUAL_ENV=$venv "$venv/bin/uv" pip sync --require-hashes "$lock"
