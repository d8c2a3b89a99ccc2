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

# The newest Python of the machine is not asked for; the first that is new enough and has pip is taken, else the first that is new enough.
# The one in .venv is none of the machine, also when .venv is activated or its commands are on the PATH: it has no pip.
find_python() {
  local path found=
  while read -r path; do
    "$path" -c 'import os, sys; sys.exit(sys.version_info < (3, 11) or os.path.realpath(sys.prefix) == os.path.realpath(".venv"))' \
      2> /dev/null || continue
    "$path" -m pip --version > /dev/null 2>&1 && { echo "$path"; return 0; }
    found=${found:-$path}
  done < <(type -aP ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11})
  [ -n "$found" ] && echo "$found"
}

# watched LOG TEXT COMMAND...: runs it and shows meanwhile how long it takes; what it says goes to the log, and is shown when it fails.
watched() {
  local log=$1 text=$2 pid code=0 done_so_far began=$SECONDS
  shift 2
  [ -t 2 ] || say "$text"
  "$@" > "$log" 2>&1 &
  pid=$!
  while kill -0 "$pid" 2> /dev/null; do
    done_so_far=$(grep -c '^ *Compiling' "$log" 2> /dev/null || true)
    [ "${done_so_far:-0}" -gt 0 ] && done_so_far=", $done_so_far crates" || done_so_far=
    [ -t 2 ] && printf '\r\033[2m· %s: %s s%s\033[0m\033[K' "$text" "$((SECONDS - began))" "$done_so_far" >&2
    sleep 1
  done
  wait "$pid" || code=$?
  [ -t 2 ] && printf '\r\033[K' >&2
  [ "$code" -eq 0 ] || cat "$log" >&2
  return "$code"
}

# Whether a home runs with the programs of this folder: then nothing of them may be replaced.
home_is_up() {
  ps -axo args= 2> /dev/null | grep -F "$PWD/.venv/bin/" | grep -qF joulebus.services.run
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
