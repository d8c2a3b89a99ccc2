# Sourced by the scripts beside it: where things are, how to speak, and how to do a step only when it is due.
# shellcheck shell=bash

LOCKS=infra/locks
BUILD=.build
UV=$PWD/$BUILD/boot/bin/uv

say() { printf '\033[2m· %s\033[0m\n' "$*" >&2; }

fail() {
  printf '%s\n' "$*" >&2
  exit 4
}

# due NAME FILE...: true when any of the files (or folders) has changed since `done_with NAME` or was never seen.
due() {
  local stamp=$BUILD/stamps/$1
  shift
  seen=$(fingerprint "$@")
  [ "$seen" != "$(cat "$stamp" 2> /dev/null)" ]
}

# done_with NAME: what `due` has seen last is done; a change that came since then is due again.
done_with() {
  mkdir -p "$BUILD/stamps"
  echo "$seen" > "$BUILD/stamps/$1"
}

# The content of files and folders as one hash; what a build itself makes is left out.
fingerprint() {
  find "$@" -type f -not -path '*/target/*' -not -path '*/__pycache__/*' -not -name '*.so' -print0 \
    | LC_ALL=C sort -z | xargs -0 cksum | cksum
}

# The newest Python of the machine is not asked for; the first that is new enough is taken.
find_python() {
  local name
  for name in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
    "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { command -v "$name"; return 0; }
  done
  return 1
}

# The installer, pinned and checked by hash, in a folder of its own.
boot() {
  due boot $LOCKS/boot.txt || return 0
  say "fetching the installer (uv) into $BUILD/boot"
  rm -rf "$BUILD/boot"
  "$(find_python)" -m pip install --quiet --disable-pip-version-check --root-user-action ignore --no-deps --require-hashes \
    --target "$BUILD/boot" -r $LOCKS/boot.txt || fail "pip could not fetch uv (see above): is a package registry reachable?"
  done_with boot
}
