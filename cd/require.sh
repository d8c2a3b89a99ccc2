#!/usr/bin/env bash
# Says in one sentence what is missing on this machine, before anything is built. Changes nothing.
set -euo pipefail
cd "$(dirname "$0")/.."
. cd/common.sh

find_python > /dev/null || {
  found="no ${PYTHON:-python3}"
  command -v "${PYTHON:-python3}" > /dev/null && found=$("${PYTHON:-python3}" --version 2>&1)
  fail "joulebus needs Python 3.11 or newer, but found $found: install one, or name another: PYTHON=python3.12 make up"
}
due boot $LOCKS/boot.txt && ! "$(find_python)" -m pip --version > /dev/null 2>&1 \
  && fail "joulebus needs pip for $(find_python): install it (Debian: apt-get install python3-pip)."
command -v cargo > /dev/null \
  || fail "joulebus needs a Rust toolchain (cargo was not found): install it with rustup, then try again."
command -v cc > /dev/null \
  || fail "joulebus needs a C linker for its Rust core (cc was not found): install one (Debian: apt-get install gcc libc6-dev)."
if [ "${1:-}" = test ]; then
  command -v npm > /dev/null || fail "the tests need Node with npm (npm was not found): install Node 20 or newer, then try again."
  command -v git > /dev/null || fail "the tests need git (it was not found): install it, then try again."
fi
