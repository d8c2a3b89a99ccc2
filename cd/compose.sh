#!/usr/bin/env bash
# What needs a Docker engine with Compose: cd/compose.sh up starts the home of docker-compose.yml, and test runs tests/compose. Images that
# no registry gives are made of Debian's packages; Grafana's is not among those.
set -euo pipefail
cd "$(dirname "$0")/.."
. cd/common.sh

PREFIX=${PREFIX:-joulebus.local/}

main() {
  docker compose version > /dev/null 2>&1 || fail "containers need docker compose 2.20 or newer (it was not found): install it, then try again."
  cd/images.sh
  image postgresql JOULEBUS_POSTGRESQL_IMAGE
  image prometheus JOULEBUS_PROMETHEUS_IMAGE
  case ${1:-up} in
    up) exec docker compose up --detach --wait ;;
    test) exec .venv/bin/python -m pytest -q -x -s tests/images tests/compose "${@:2}" ;;
    *) fail "cd/compose.sh knows up and test, not $1" ;;
  esac
}

# image NAME VARIABLE: the one that the file names, where a registry gives it, else the local one.
image() {
  local public
  [ -z "${!2:-}" ] || return 0
  public=$(docker compose config | awk -v name="$1:" '$1 == "image:" && $2 ~ name { print $2; exit }')
  docker image inspect "$public" > /dev/null 2>&1 || docker pull --quiet "$public" > /dev/null 2>&1 && return 0
  cd/images.sh "$1"
  export "$2=$PREFIX$1:${TAG:-$(.venv/bin/python -c 'from joulebus_schemas.versions import SPECIFICATION as it; print(it)')}"
}

main "$@"
