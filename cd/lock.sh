#!/usr/bin/env bash
# Writes infra/locks/*.txt from the *.in beside them; `cd/lock.sh --upgrade` takes the newest versions that the pins allow.
set -euo pipefail
cd "$(dirname "$0")/.."
. cd/common.sh

cd/require.sh
boot
cd infra/locks
export PYBJDATA_NO_EXTENSION=1
for name in boot run image build test router; do
  say "locking infra/locks/$name.txt"
  "$UV" pip compile --quiet --universal --python-version 3.11 --generate-hashes \
    --no-emit-index-url --no-header --no-annotate "$@" "$name.in" -o "$name.txt"
done
say "locking infra/locks/bake.txt"  # Data only: what their packages would import is not needed.
"$UV" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-deps \
  --no-emit-index-url --no-header --no-annotate "$@" bake.in -o bake.txt
