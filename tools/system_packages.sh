#!/usr/bin/env bash
# Installs those packages of the given list that are missing; asks nothing of the network when none is.
set -euo pipefail

list=$(grep -vE '^[[:space:]]*(#|$)' "$1")

installed() {
  [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

offered() {
  [ -n "$(apt-cache show --no-all-versions "$1" 2>/dev/null)" ]
}

# Reads the list; prints for each line without an installed package its alternatives
missing_lines() {
  local line package
  while read -r line; do
    for package in ${line//|/ }; do
      installed "$package" && continue 2
    done
    echo "$line"
  done <<<"$list"
}

# Reads such lines; prints the first alternative that the distribution has, else the first
choose() {
  local line package first
  while read -r line; do
    first=${line%% *}
    for package in ${line//|/ }; do
      if offered "$package"; then
        first=$package
        break
      fi
    done
    echo "$first"
  done
}

if [ -z "$(command -v apt-get)" ]; then
  echo "system packages: apt-get not found, expected Debian 12 or Ubuntu 22.04 or newer;" \
    "install by hand: ${list//$'\n'/, }" >&2
  exit 1
fi

missing=$(missing_lines)
if [ -z "$missing" ]; then
  echo "all installed"
  exit 0
fi

if [ "$(id -u)" -ne 0 ]; then
  echo "system packages are missing and this user is not root; as root, run:" \
    "apt-get install --no-install-recommends $(choose <<<"$missing" | xargs)" >&2
  exit 1
fi

export DEBIAN_FRONTEND=noninteractive
apt-get update --quiet
mapfile -t packages < <(choose <<<"$missing")
apt-get install --yes --quiet --no-install-recommends "${packages[@]}"
