#!/usr/bin/env bash
# Prints the figures of speed and size: every tests/bench/bench_*.py, one after the other, so that none disturbs another.
set -euo pipefail
cd "$(dirname "$0")/.."
. cd/common.sh

for script in tests/bench/bench_*.py; do
  [ -e "$script" ] || fail "there is nothing to measure: tests/bench holds no bench_*.py"
  say "$script"
  .venv/bin/python "$script"
done
