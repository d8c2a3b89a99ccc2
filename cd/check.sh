#!/usr/bin/env bash
# Everything that a machine can say about the code without running a home. All steps run; what failed is listed at the end.
set -uo pipefail
cd "$(dirname "$0")/.."
. cd/common.sh

failed=()

step() {
  local name=$1
  shift
  say "$name"
  "$@" || failed+=("$name")
}

in_core() { (cd components/core && "$@"); }

# What is committed must be what the models of today say.
drift() {
  rm -rf "$BUILD/schemas" && mkdir -p "$BUILD/schemas" && cd/schemas.sh "$BUILD/schemas" || return 1
  local file
  for file in "$BUILD"/schemas/*; do
    diff -ru "schemas/${file##*/}" "$file" || { echo "schemas/${file##*/} is not what the models say: run make schemas"; return 1; }
  done
}

# Without Helm the renders that are stored are tested all the same (tests/helm); only whether they are of today is not known.
chart() {
  command -v helm > /dev/null || { say "helm is not here: the chart is tested by its stored renders, and neither linted nor rendered anew"; return 0; }
  helm lint --strict --quiet helm/joulebus --set-file home=tests/helm/homes/market.yaml 2>&1 | grep -v 'found symbolic link'
  [ "${PIPESTATUS[0]}" -eq 0 ] && .venv/bin/python -m tests.helm.renders --check
}

step "ruff format" .venv/bin/ruff format --check --output-format concise .
step "ruff check" .venv/bin/ruff check --output-format concise .
step "mypy --strict" .venv/bin/mypy
step "import-linter" .venv/bin/lint-imports
step "stubtest of joulebus_core" .venv/bin/python -m mypy.stubtest joulebus_core
step "cargo fmt" in_core cargo fmt --check
step "cargo clippy" in_core cargo clippy --quiet --release --locked --all-targets -- -D warnings
step "generated files" drift
step "specification" cd/process_specs.sh
step "dashboard: prettier, eslint, types" cd/ui.sh check
step "chart" chart
step "style" .venv/bin/python -m pytest -q tests/tidy

if [ ${#failed[@]} -gt 0 ]; then
  printf 'make check failed in: %s\n' "$(IFS=,; echo "${failed[*]}")" >&2
  exit 1
fi
echo "make check: all of it holds"
