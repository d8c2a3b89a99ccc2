#!/usr/bin/env bash
# Builds the three wheels and installs them as a user would, without the checkout: cd/wheels.sh FOLDER makes FOLDER/wheels and two
# environments, FOLDER/plain (joulebus alone) and FOLDER/all (with every extra). The versions of others are those of the lock.
# `cd/wheels.sh FOLDER build` only builds them.
set -euo pipefail
folder=$(mkdir -p "$1" && cd "$1" && pwd)
cd "$(dirname "$0")/.."
. cd/common.sh

build() {
  rm -rf "$folder/wheels" && mkdir "$folder/wheels"
  cp "$BUILD"/wheels/joulebus_core-*.whl "$folder/wheels"
  local hatchling=$PWD/.venv/bin/hatchling package
  for package in schemas components; do
    (cd $package && "$hatchling" build -t wheel -d "$folder/wheels" > /dev/null 2> "$folder/build.log") \
      || { cat "$folder/build.log" >&2; fail "the wheel of $package could not be built (see above)"; }
  done
}

# install NAME REQUIREMENT
install() {
  "$UV" venv --quiet --clear --python "$(find_python)" "$folder/$1"
  "$UV" pip install --quiet --python "$folder/$1/bin/python" --find-links "$folder/wheels" --constraint $LOCKS/run.txt "$2"
}

if [ "${2:-}" = build ]; then
  say "building the wheels into $folder"
  build
  exit
fi
say "building the wheels and installing them into $folder"
build
install plain joulebus
install all 'joulebus[all]'
