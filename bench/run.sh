#!/usr/bin/env bash
# Times site.yml from an empty account and as a rerun, in a lab of its own, and counts the AWS requests of each.
# Usage: bench/run.sh [RERUNS]   (3)
set -euo pipefail
cd "$(dirname "$0")/.."

reruns=${1:-3}
results=build/bench
mkdir -p "$results"

export LAMBDAFS_LAB_NAME=bench LAMBDAFS_LAB_SUBNET=10.8.0.0/16 LAMBDAFS_LAB_PORT=5008
trap 'python -m lab down >/dev/null' EXIT
python -m lab up
environment=$(python -m lab env)
eval "$environment"

measure() { # name, runs
  python -m lab calls --reset >/dev/null
  hyperfine --runs "$2" --show-output --export-json "$results/$1.json" 'ansible-playbook site.yml' >"$results/$1.log" ||
    { tail -n 40 "$results/$1.log"; return 1; }
  python -m lab calls >"$results/$1.calls"
}

measure first 1
measure rerun "$reruns"
python bench/report.py "$results"
