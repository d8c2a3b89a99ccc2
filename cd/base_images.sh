#!/usr/bin/env bash
# Makes base images out of Debian's packages, for machines that reach no image registry: cd/base_images.sh NAME... with python,
# python-build, nginx, postgresql or prometheus. They are called ${PREFIX}base-NAME:bookworm. Needs root, mmdebstrap and a Docker engine.
set -euo pipefail
cd "$(dirname "$0")/.."
. cd/common.sh

PREFIX=${PREFIX:-joulebus.local/}
SUITE=bookworm
# The packages of a base are of the day on which it is made; files that only people read are left out.
WITHOUT=(--dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/*/copyright'
  --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*')

packages_of() {
  case $1 in
    python) echo ca-certificates,libstdc++6,python3 ;;
    python-build) echo ca-certificates,python3,python3-venv ;;
    nginx) echo nginx-light ;;
    postgresql) echo postgresql ;;
    prometheus) echo prometheus ;;
    *) fail "there is no base image $1; there are python, python-build, nginx, postgresql and prometheus" ;;
  esac
}

make_base() {
  local packages name=${PREFIX}base-$1:$SUITE log=$BUILD/images/base-$1.log
  packages=$(packages_of "$1")
  [ "$(id -u)" -eq 0 ] || fail "a base image can be made by root only: sudo cd/base_images.sh $1, or name one: BASE=… make images"
  command -v mmdebstrap > /dev/null || fail "mmdebstrap must be installed to make a base image (Debian: apt-get install mmdebstrap)"
  mkdir -p "$BUILD/images"
  # usrmerge, which only installs, would bring all of Perl with it; where somebody else needs Perl, it stays.
  local lean='chroot "$1" dpkg --purge usrmerge libfile-find-rule-perl libnumber-compare-perl libtext-glob-perl
    chroot "$1" dpkg --purge perl perl-modules-5.36 libperl5.36 || true'
  watched "$log" "making $name of Debian's packages (one or two minutes)" \
    mmdebstrap --quiet --variant=essential --include="usr-is-merged,$packages" "${WITHOUT[@]}" --customize-hook="$lean" \
    "$SUITE" "$BUILD/images/base.tar" || fail "$name could not be made (see above)"
  docker import --change 'ENV LANG=C.UTF-8' "$BUILD/images/base.tar" "$name" > /dev/null
  rm "$BUILD/images/base.tar"
}

for one in "$@"; do
  docker image inspect "${PREFIX}base-$one:$SUITE" > /dev/null 2>&1 || make_base "$one"
done
