#!/usr/bin/env bash
# The tests that need a Docker engine and a Kubernetes: those of the images, the house in Compose, and a short story of the cluster. An engine
# that answers is used. Else JOULEBUS_CLUSTER_TOOLS, or a folder ../shared/cluster beside this one, has an engine.sh and a cluster.sh, which
# start both from what they have compiled into their cache; what was started here is ended here. What cannot be tested is said, and no failure.
set -uo pipefail
cd "$(dirname "$0")/.."
. cd/common.sh

CACHE=${JOULEBUS_CLUSTER_CACHE:-$HOME/.cache/joulebus-cluster}/bin
SHORT_STORY=test_scaling
SHORT_HOUSE='test_images or test_house'
STALE_SECONDS_MAX=120
started=()

main() {
  trap end EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  [ -n "${JOULEBUS_CLUSTER_TOOLS:-}" ] || [ ! -x ../shared/cluster/engine.sh ] || JOULEBUS_CLUSTER_TOOLS=$(cd ../shared/cluster && pwd)
  export JOULEBUS_CLUSTER_TOOLS=${JOULEBUS_CLUSTER_TOOLS:-}
  local failed=0
  if ! engine; then
    untested "images, Compose and cluster" "$why"
    return 0
  fi
  say "pytest -m 'not slow' -k '$SHORT_HOUSE' tests/images tests/compose (the images, and the house in containers of a real Docker engine)"
  cd/compose.sh test -m 'not slow' -k "$SHORT_HOUSE" || failed=1
  if cluster; then
    say "pytest tests/cluster -k '$SHORT_STORY' (a home in a real Kubernetes)"
    cd/cluster.sh test -k "$SHORT_STORY" || failed=1
  else
    untested "cluster" "$why"
  fi
  return $failed
}

untested() { echo "NOT TESTED: $1, because $2" >&2; }

engine() {
  docker compose version > /dev/null 2>&1 && docker info > /dev/null 2>&1 && return 0
  ready compose engine "no Docker engine with Compose answers" || return 1
  started=(engine)
  up engine && docker info > /dev/null 2>&1 && return 0
  why="the Docker engine of $JOULEBUS_CLUSTER_TOOLS did not start (see above)"
  return 1
}

cluster() {
  if [ -z "$JOULEBUS_CLUSTER_TOOLS" ]; then
    why="no folder of tools is named by JOULEBUS_CLUSTER_TOOLS (a cluster of yours: make cluster-test)"
    return 1
  fi
  ready kube cluster "" && ready helm cluster "" || return 1
  eval "$("$JOULEBUS_CLUSTER_TOOLS/cluster.sh" env)"
  kubectl get --raw /readyz --request-timeout 5s > /dev/null 2>&1 && return 0
  started=(cluster "${started[@]}")
  up cluster && return 0
  why="the cluster of $JOULEBUS_CLUSTER_TOOLS did not start (see above)"
  return 1
}

# ready PROGRAM TOOL OTHERWISE: whether a tool can start at once, as its program was compiled before; `why` says what is missing.
ready() {
  if [ -z "$JOULEBUS_CLUSTER_TOOLS" ]; then
    why="$3, and JOULEBUS_CLUSTER_TOOLS names no folder of tools that start one"
  elif [ ! -x "$CACHE/$1" ]; then
    why="$CACHE/$1 is not compiled yet, which takes minutes: $JOULEBUS_CLUSTER_TOOLS/$2.sh install"
  elif ! timeout $STALE_SECONDS_MAX "$JOULEBUS_CLUSTER_TOOLS/$2.sh" install; then
    why="what $JOULEBUS_CLUSTER_TOOLS/$2.sh needs could not be installed within $STALE_SECONDS_MAX s (see above)"
  else
    return 0
  fi
  return 1
}

up() { "$JOULEBUS_CLUSTER_TOOLS/$1.sh" up > /dev/null && eval "$("$JOULEBUS_CLUSTER_TOOLS/$1.sh" env)"; }

end() {
  local tool
  for tool in "${started[@]}"; do "$JOULEBUS_CLUSTER_TOOLS/$tool.sh" down; done
}

main "$@"
