#!/usr/bin/env bash
# A home in a Kubernetes cluster: cd/cluster.sh up [HOME_FILE], test, story, down. story is the short one of the tests, for CI: three
# minutes. The cluster is the one that KUBECONFIG names, or one that is made here with kind, k3d or minikube. JOULEBUS_CLUSTER_TOOLS
# names a folder with a cluster.sh and an engine.sh of one's own (install, up, env, load, down), which are used instead. PREFIX and TAG
# of the images are those of cd/images.sh.
set -euo pipefail
cd "$(dirname "$0")/.."
. cd/common.sh

NAME=joulebus
PREFIX=${PREFIX:-joulebus.local/}
TOOLS=${JOULEBUS_CLUSTER_TOOLS:-}

main() {
  local command=${1:-up}
  shift || true
  case $command in
    up)
      start
      images
      exec .venv/bin/joulebus up "${1:-examples/homes/house.yaml}" --on kubernetes --detach --values "$(values)" ;;
    test)
      start
      images
      database
      export PREFIX TAG
      exec .venv/bin/python -m pytest -q -s tests/cluster "$@" ;;
    story)
      start
      images
      export PREFIX TAG
      exec .venv/bin/python -m pytest -q -s tests/cluster/test_scaling.py "$@" ;;
    down) stop ;;
    *) fail "cd/cluster.sh knows up, test, story and down, not $command" ;;
  esac
}

# A cluster that answers, and KUBECONFIG that names it. Says in a sentence what is missing.
start() {
  if [ -n "$TOOLS" ]; then
    local tool
    for tool in engine cluster; do
      [ -x "$TOOLS/$tool.sh" ] || fail "JOULEBUS_CLUSTER_TOOLS must name a folder with $tool.sh, but $TOOLS has none."
      "$TOOLS/$tool.sh" install >&2 && "$TOOLS/$tool.sh" up > /dev/null
      eval "$("$TOOLS/$tool.sh" env)"
    done
  fi
  command -v kubectl > /dev/null || fail "a cluster needs kubectl (it was not found): install it, then try again."
  command -v helm > /dev/null || fail "a cluster needs Helm 3.14 or newer (helm was not found): install it, then try again."
  MADE_BY=$(made_by)
  kubectl get --raw /readyz > /dev/null 2>&1 || make_one
}

# Who has made the cluster that kubectl speaks with: that says how an image gets into it.
made_by() {
  if [ -n "$TOOLS" ]; then echo tools; return; fi
  case $(kubectl config current-context 2> /dev/null || true) in
    kind-*) echo kind ;;
    k3d-*) echo k3d ;;
    minikube) echo minikube ;;
    *) echo others ;;
  esac
}

make_one() {
  local maker
  for maker in kind k3d minikube; do
    command -v $maker > /dev/null && break
    maker=
  done
  case $maker in
    kind) kind create cluster --name $NAME ;;
    k3d) k3d cluster create $NAME --wait ;;
    minikube) minikube start ;;
    *) fail "no cluster answers: let KUBECONFIG name one, or install kind, k3d or minikube." ;;
  esac
  MADE_BY=$maker
}

# The images are in the cluster: built when they are missing, and loaded. A cluster of others fetches them from a registry.
images() {
  TAG=${TAG:-$(.venv/bin/python -c 'from joulebus_schemas.versions import SPECIFICATION as it; print(it)')}
  if [ "$MADE_BY" = others ]; then
    say "the cluster must be able to pull ${PREFIX}joulebus:$TAG: push what cd/images.sh builds, with PREFIX=registry/project/"
    return
  fi
  local name
  for name in joulebus joulebus-router joulebus-web; do
    docker image inspect "$PREFIX$name:$TAG" > /dev/null 2>&1 || { cd/images.sh >&2; break; }
  done
  for name in joulebus joulebus-router joulebus-web; do load "$PREFIX$name:$TAG"; done
}

# PostgreSQL, which the tests start in the cluster: nodes that reach no registry are given one of Debian's packages.
database() {
  [ "$MADE_BY" = tools ] && [ -z "${JOULEBUS_POSTGRESQL_IMAGE:-}" ] || return 0
  export JOULEBUS_POSTGRESQL_IMAGE=${PREFIX}postgresql:$TAG
  docker image inspect "$JOULEBUS_POSTGRESQL_IMAGE" > /dev/null 2>&1 || cd/images.sh postgresql >&2
  load "$JOULEBUS_POSTGRESQL_IMAGE"
}

# load IMAGE: into the nodes, unless the same is there.
load() {
  local stamp id
  id=$(docker image inspect --format '{{.Id}}' "$1")
  stamp=$BUILD/stamps/loaded-$(tr /: __ <<< "$1")
  [ "$id $(kubectl get node -o jsonpath='{.items[*].metadata.uid}')" != "$(cat "$stamp" 2> /dev/null)" ] || return 0
  say "loading $1"
  case $MADE_BY in
    tools) "$TOOLS/cluster.sh" load "docker:$1" >&2 ;;
    kind) kind load docker-image "$1" --name "$(kubectl config current-context | sed 's/^kind-//')" ;;
    k3d) k3d image import "$1" --cluster "$(kubectl config current-context | sed 's/^k3d-//')" ;;
    minikube) minikube image load "$1" ;;
  esac
  mkdir -p "$BUILD/stamps" && echo "$id $(kubectl get node -o jsonpath='{.items[*].metadata.uid}')" > "$stamp"
}

# What of the images is not as the chart has it.
values() {
  local file=$BUILD/cluster-values.yaml
  printf 'image: {prefix: "%s", tag: "%s"}\n' "$PREFIX" "$TAG" > "$file"
  echo "$file"
}

# The homes that make has started here, and the cluster if it was made here.
stop() {
  if [ -n "$TOOLS" ]; then "$TOOLS/cluster.sh" down >&2; return; fi
  case $(made_by) in
    kind) [ "$(kubectl config current-context)" = kind-$NAME ] && kind delete cluster --name $NAME && return ;;
    k3d) [ "$(kubectl config current-context)" = k3d-$NAME ] && k3d cluster delete $NAME && return ;;
  esac
  command -v helm > /dev/null || fail "a home in a cluster is removed with helm (it was not found): install it, then try again."
  local release namespace
  helm list --all-namespaces --output json --filter . | .venv/bin/python -c '
import json, sys
for one in json.load(sys.stdin):
    if one["chart"].startswith("joulebus-"):
        print(one["name"], one["namespace"])' | while read -r release namespace; do
    helm uninstall "$release" --namespace "$namespace" --wait >&2
    say "$release is down; its journal stays in the namespace $namespace, until you delete it"
  done
}

main "$@"
