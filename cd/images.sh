#!/usr/bin/env bash
# Builds the images joulebus, joulebus-router and joulebus-web, and prints their sizes. From the environment:
#
#   BASE, BUILD_BASE   with Python 3.11 or newer, the second one also with pip     (python:3.11-slim-bookworm)
#   WEB_BASE           with nginx                                                  (nginx:1.28-bookworm)
#   PREFIX, TAG        what stands before and behind their names                   (joulebus.local/, the version)
#   FRESH              1: nothing of an earlier build is used
#
# Bases that no registry gives are made of Debian's packages (cd/base_images.sh). `cd/images.sh components` builds one only.
set -euo pipefail
cd "$(dirname "$0")/.."
. cd/common.sh

PREFIX=${PREFIX:-joulebus.local/}
FOLDER=$BUILD/images
CERTIFICATES=/etc/ssl/certs/ca-certificates.crt

main() {
  command -v docker > /dev/null || fail "images need docker (it was not found): install Docker Engine 20.10 or newer, then try again."
  docker info > /dev/null 2>&1 || fail "images need a Docker engine that runs: start it, or name it in DOCKER_HOST."
  VERSION=$(.venv/bin/python -c 'from joulebus_schemas.versions import SPECIFICATION as it; print(it)')
  TAG=${TAG:-$VERSION}
  REVISION=$(git rev-parse HEAD)
  [ -z "$(git status --porcelain)" ] || REVISION=$REVISION-changed
  export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
  local name
  for name in "${@:-components router web}"; do for name in $name; do image_of "$name"; done; done
}

# What the build sees is a folder with only that in it: the same content is the same image, whatever else lies around here.
image_of() {
  rm -rf "$FOLDER/$1" && mkdir -p "$FOLDER/$1"
  case $1 in
    components)
      cp $LOCKS/boot.txt $LOCKS/image.txt infra/images/install.sh infra/images/trim.sh "$FOLDER/components"
      mkdir "$FOLDER/components/shared" && cp -r infra/prometheus infra/grafana "$FOLDER/components/shared"
      cd/wheels.sh "$FOLDER" build && mv "$FOLDER/wheels" "$FOLDER/components"
      python_base && build components joulebus "$BASE" "$BUILD_BASE" ;;
    router)
      cp $LOCKS/boot.txt $LOCKS/router.txt infra/images/install.sh infra/images/trim.sh infra/images/router.sh "$FOLDER/router"
      python_base && build router joulebus-router "$BASE" "$BUILD_BASE" ;;
    web)
      cd/process_specs.sh
      cd/ui.sh
      cp -r $BUILD/models "$FOLDER/web/models"
      cp -r components/joulebus/dashboard infra/nginx/dashboard.conf infra/images/web.sh "$FOLDER/web"
      sed -e 's/listen 127.0.0.1:8081;/listen 8080;/' -e 's|root models;|root /srv/models;|' infra/nginx/nginx.conf > "$FOLDER/web/nginx.conf"
      WEB_BASE=${WEB_BASE:-$(base_or_local nginx:1.28-bookworm nginx)}
      build web joulebus-web "$WEB_BASE" "$WEB_BASE" ;;
    postgresql | prometheus)  # Only where no registry gives them: JOULEBUS_POSTGRESQL_IMAGE=… names another one for Compose.
      [ "$1" = prometheus ] || cp infra/images/postgresql.sh "$FOLDER/$1"
      PREFIX=$PREFIX cd/base_images.sh "$1"
      build "$1" "$1" "${PREFIX}base-$1:bookworm" none ;;
    *) fail "there is no image $1; there are components, router, web, and postgresql and prometheus of Debian's packages" ;;
  esac
}

python_base() {
  BASE=${BASE:-$(base_or_local python:3.11-slim-bookworm python)}
  BUILD_BASE=${BUILD_BASE:-$(base_or_local python:3.11-slim-bookworm python-build)}
}

# base_or_local PUBLIC NAME: the public image where it is here or a registry gives it, else the local one of that name.
base_or_local() {
  local local_one=${PREFIX}base-$2:bookworm
  if docker image inspect "$1" > /dev/null 2>&1; then echo "$1"; return 0; fi
  if docker image inspect "$local_one" > /dev/null 2>&1; then echo "$local_one"; return 0; fi
  if docker pull --quiet "$1" > /dev/null 2>&1; then echo "$1"; return 0; fi
  PREFIX=$PREFIX cd/base_images.sh "$2" >&2 || return 1
  echo "$local_one"
}

# build FOLDER NAME BASE BUILD_BASE
build() {
  local certificates=() fresh=() name=$PREFIX$2:$TAG
  [ ! -e $CERTIFICATES ] || certificates=(--secret "id=certificates,src=$CERTIFICATES")
  # One time for all that is copied, so that it does not matter when it was written here.
  find "$FOLDER/$1" -exec touch --no-dereference --date "@$SOURCE_DATE_EPOCH" {} +
  [ "${FRESH:-0}" = 0 ] || fresh=(--no-cache)
  DOCKER_BUILDKIT=1 watched "$FOLDER/$1.log" "building $name on $3" \
    docker build --network host "${fresh[@]}" "${certificates[@]}" --file "infra/images/$1.Dockerfile" --build-arg BASE="$3" --build-arg BUILD_BASE="$4" \
    --build-arg VERSION="$VERSION" --build-arg REVISION="$REVISION" --build-arg EPOCH="$SOURCE_DATE_EPOCH" \
    --tag "$name" "$FOLDER/$1" || fail "$name could not be built (see above)"
  [ "$4" = none ] || repeatable "$name" "$3"
  docker image inspect --format '{{index .RepoTags 0}} {{.Size}}' "$name" | awk '{ printf "%s  %.0f MB\n", $1, $2 / 1e6 }'
}

# repeatable NAME BASE: the same description and times whenever it is built, unless that was done with this very build.
repeatable() {
  local stamp=$BUILD/stamps/repeatable-${1//[\/:]/_} id
  id=$(docker image inspect --format '{{.Id}}' "$1")
  if read -r before after 2> /dev/null < "$stamp" && [ "$before" = "$id" ] && docker tag "$after" "$1" 2> /dev/null; then return 0; fi
  mkdir -p "$BUILD/stamps"
  docker save "$1" | .venv/bin/python cd/repeatable.py "$SOURCE_DATE_EPOCH" "$(docker image inspect --format '{{len .RootFS.Layers}}' "$2")" \
    | docker load --quiet > /dev/null || fail "the times in $1 could not be made one (see above)"
  echo "$id $(docker image inspect --format '{{.Id}}' "$1")" > "$stamp"
}

main "$@"
