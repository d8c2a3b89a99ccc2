#!/usr/bin/env bash
# Prints the figures of speed and size and writes BENCHMARKS.md: every tests/bench/bench_*.py (or the one that is named), one after the
# other, so that none disturbs another.
set -euo pipefail
cd "$(dirname "$0")/.."
. cd/common.sh

results=$BUILD/bench
mkdir -p "$results"
for script in ${1:-tests/bench/bench_*.py}; do
  [ -e "$script" ] || fail "there is nothing to measure: tests/bench holds no bench_*.py"
  name=$(basename "$script" .py)
  say "$script"
  .venv/bin/python "$script" | tee "$results/$name.new"
  mv "$results/$name.new" "$results/$name.txt"
done
.venv/bin/python tests/bench/write_benchmarks.py "$results"
