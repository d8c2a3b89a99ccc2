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
  spare_a_living_home "$@"
  boot
  environment
  packages
  router
  [ "${1:-}" = test ] && wampc && specs
  core
  dashboard "$@"
}

# What is read when a home starts one of its processes anew must not change, or be missing, while it is up.
spare_a_living_home() {
  home_is_up || return 0
  local name is_due=
  for name in environment core packages router; do
    # shellcheck disable=SC2046
    due $name $(inputs_of $name) && is_due=yes
  done
  [ -z "$is_due" ] || fail "a home is up with the programs of this folder, and they are out of date: end it (joulebus down NAME), then try again."
}

inputs_of() {
  case $1 in
    environment) echo "$LOCKS/run.txt $LOCKS/build.txt"; [ -e "$BUILD/with_tests" ] && echo "$LOCKS/test.txt" || true ;;
    packages) echo "components/pyproject.toml components/hatch_build.py schemas/pyproject.toml components/core/Cargo.toml" ;;
    router) echo "$LOCKS/router.txt" ;;
    core) echo "components/core" ;;
  esac
}

environment() {
  local files
  read -r -d '' -a files < <(inputs_of environment) || true
  .venv/bin/python -c '' 2> /dev/null || fresh .venv environment
  due environment "${files[@]}" || return 0
  local how=(pip sync "${files[@]}")
  # Later, packages are added and changed, and joulebus and its core stay: commands and homes go on meanwhile.
  [ -e "$BUILD/stamps/environment" ] && how=(pip install "${files[@]/#/-r}")
  watched "$BUILD/environment.log" "installing Python packages into .venv (about half a minute)" \
    "$UV" "${how[@]}" --compile-bytecode --require-hashes --python .venv/bin/python || fail "the packages could not be installed (see above)."
  done_with environment
}

# fresh FOLDER STAMP: an empty environment, whatever was there before.
fresh() {
  "$UV" venv --quiet --clear --python "$(find_python)" "$1"
  rm -f "$BUILD/stamps/$2"
  [ "$1" != .venv ] || rm -f "$BUILD/stamps/packages" "$BUILD/stamps/core"
}

core() {
  due core components/core || return 0
  # A wheel that was built from the same sources is good for a new environment, too.
  if due wheel components/core || ! compgen -G "$BUILD/wheels/*.whl" > /dev/null; then
    rm -rf "$BUILD/wheels"
    watched "$BUILD/core.log" "building the Rust core (some minutes the first time, on few cores)" \
      .venv/bin/maturin build --release --locked --auditwheel skip --interpreter .venv/bin/python \
      --manifest-path components/core/python/Cargo.toml --out "$BUILD/wheels" || fail "the Rust core could not be built (see above)."
    done_with wheel
  fi
  "$UV" pip install --quiet --no-deps --reinstall --python .venv/bin/python "$BUILD"/wheels/*.whl
  done_with core
}

packages() {
  # shellcheck disable=SC2046
  due packages $(inputs_of packages) || return 0
  say "installing joulebus itself, editable"
  "$UV" pip install --quiet --no-deps --no-build-isolation --reinstall --python .venv/bin/python \
    --editable schemas --editable components
  done_with packages
}

router() {
  .venv-router/bin/python -c '' 2> /dev/null || fresh .venv-router router
  due router "$LOCKS/router.txt" || return 0
  PYBJDATA_NO_EXTENSION=1 watched "$BUILD/router.log" "installing the router (Crossbar) into .venv-router" \
    "$UV" pip sync --compile-bytecode --require-hashes --python .venv-router/bin/python "$LOCKS/router.txt" \
    || fail "the router could not be installed (see above)."
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

# A home lives without it: where it cannot be built, one sentence says so. Tests need it.
dashboard() {
  if ! command -v npm > /dev/null; then
    [ -e components/joulebus/dashboard/index.html ] || say "there is no Node with npm here, so the home comes up without its dashboard: install Node 20 or newer, then try again"
    return 0
  fi
  infra/specs/node -e "$NEW_ENOUGH" || wampc
  cd/ui.sh && return 0
  [ "${1:-}" != test ] || fail "the tests need the dashboard, which could not be built (see above)."
  say "the home comes up without its dashboard, which could not be built (see above)"
}

# What Angular asks of Node.
NEW_ENOUGH='const [one, two] = process.versions.node.split(".").map(Number); process.exit(one > 24 || (one === 24 && two >= 15) || (one === 22 && two >= 23) ? 0 : 1)'

main "$@"
