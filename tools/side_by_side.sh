#!/usr/bin/env bash
# Runs targets of the Makefile side by side, each into a log of its own in build/, and shows the logs: failed ones last.
set -euo pipefail

declare -A running=()
passed=()
failed=()

trap 'trap - INT TERM; kill 0' INT TERM
mkdir -p build
for target in "$@"; do
  make --no-print-directory "$target" >"build/$target.log" 2>&1 &
  running[$!]=$target
done
while [ "${#running[@]}" -gt 0 ]; do
  status=0
  wait -n -p ended "${!running[@]}" || status=$?
  target=${running[$ended]}
  unset "running[$ended]"
  if [ "$status" -eq 0 ]; then
    passed+=("$target")
    echo "$target: passed after $((SECONDS / 60)) min"
  else
    failed+=("$target")
    echo "$target: failed with status $status after $((SECONDS / 60)) min; its output stands at the end"
  fi
done
for target in "${passed[@]}" "${failed[@]}"; do
  cat "build/$target.log"
done
if [ "${#failed[@]}" -gt 0 ]; then
  echo "failed: ${failed[*]}"
  exit 1
fi
