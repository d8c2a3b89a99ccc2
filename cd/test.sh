#!/usr/bin/env bash
# The tests: Rust, then Python. `--all` runs also those that take minutes.
set -euo pipefail
cd "$(dirname "$0")/.."
. cd/common.sh

marks=(-m "not slow")
[ "${1:-}" = --all ] && marks=() && shift

failed=0
say "cargo test --release --locked (components/core)"
(cd components/core && cargo test --release --locked --quiet) || failed=1
[ $failed -eq 0 ] || echo "cargo test FAILED (see above); the Python tests run all the same" >&2
say "vitest (units of the dashboard)"
cd/ui.sh test || failed=1
say "pytest ${marks[*]} (tests, but for the wheels and the stories)"
.venv/bin/python -m pytest -n auto -q --durations 20 "${marks[@]}" --ignore tests/cluster --ignore tests/compose --ignore tests/images --ignore tests/stories --ignore tests/ui --ignore tests/wheels "$@" || failed=1
say "pytest ${marks[*]} tests/wheels (each command, from our wheels in an empty environment)"
.venv/bin/python -m pytest -q --durations 10 "${marks[@]}" tests/wheels "$@" || failed=1
# A story has a home of many processes and a clock: two of them at once would measure each other.
say "pytest ${marks[*]} tests/stories tests/ui (living homes, one after the other, and the dashboard in a browser)"
.venv/bin/python -m pytest -q --durations 40 "${marks[@]}" tests/stories tests/ui "$@" || failed=1
say "not among these: images, Compose and cluster (cd/containers.sh runs their tests where an engine and a cluster can be started)"
exit $failed
