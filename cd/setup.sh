#!/usr/bin/env bash
# Makes everything a home needs to run (`cd/setup.sh`), or to be tested (`cd/setup.sh test`). What is up to date is left alone.
set -euo pipefail
cd "$(dirname "$0")/.."
. cd/common.sh

main() {
  cd/require.sh "$@"
  mkdir -p "$BUILD/stamps"
  exec 9> "$BUILD/lock"
  command -v flock > /dev/null && flock 9
  [ "${1:-}" = test ] && touch "$BUILD/with_tests"
  boot
  environment
  packages
  router
  [ "${1:-}" = test ] && wampc && specs
  core
}

environment() {
  local files=("$LOCKS/run.txt" "$LOCKS/build.txt")
  [ -e "$BUILD/with_tests" ] && files+=("$LOCKS/test.txt")
  .venv/bin/python -c '' 2> /dev/null || fresh .venv environment
  due environment "${files[@]}" || return 0
  say "installing Python packages into .venv"
  rm -f "$BUILD/stamps/core" "$BUILD/stamps/packages"
  "$UV" pip sync --quiet --compile-bytecode --require-hashes --python .venv/bin/python "${files[@]}"
  done_with environment
}

# fresh FOLDER STAMP: an empty environment, whatever was there before.
fresh() {
  "$UV" venv --quiet --clear --python "$(find_python)" "$1"
  rm -f "$BUILD/stamps/$2"
}

core() {
  due core components/core || return 0
  say "building the Rust core (about a minute the first time)"
  rm -rf "$BUILD/wheels"
  .venv/bin/maturin build --quiet --release --locked --auditwheel skip --interpreter .venv/bin/python \
    --manifest-path components/core/python/Cargo.toml --out "$BUILD/wheels" > "$BUILD/core.log" 2>&1 \
    || { cat "$BUILD/core.log" >&2; fail "the Rust core could not be built (see above)."; }
  "$UV" pip install --quiet --no-deps --reinstall --python .venv/bin/python "$BUILD"/wheels/*.whl
  done_with core
}

packages() {
  due packages components/pyproject.toml components/hatch_build.py schemas/pyproject.toml components/core/Cargo.toml || return 0
  say "installing joulebus itself, editable"
  "$UV" pip install --quiet --no-deps --no-build-isolation --reinstall --python .venv/bin/python \
    --editable schemas --editable components
  done_with packages
}

router() {
  .venv-router/bin/python -c '' 2> /dev/null || fresh .venv-router router
  due router "$LOCKS/router.txt" || return 0
  say "installing the router (Crossbar) into .venv-router"
  PYBJDATA_NO_EXTENSION=1 "$UV" pip sync --quiet --compile-bytecode --require-hashes --python .venv-router/bin/python "$LOCKS/router.txt"
  done_with router
}

wampc() {
  due wampc infra/wampc/package-lock.json || return 0
  say "installing wampc with the Node it needs into infra/wampc/node_modules"
  (cd infra/wampc && npm ci --ignore-scripts --loglevel=error --no-progress > /dev/null)
  done_with wampc
}

specs() {
  due specs infra/specs/package-lock.json || return 0
  say "installing what reads the specification (parser, modelina, TypeScript) into infra/specs/node_modules"
  (cd infra/specs && npm ci --ignore-scripts --loglevel=error --no-progress > /dev/null)
  done_with specs
}

main "$@"
