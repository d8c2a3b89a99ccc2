#!/usr/bin/env bash
# Serves a directory of models with nginx on loopback until it is ended: infra/nginx/serve.sh .build/models 8081
set -euo pipefail
models=$(cd "$1" && pwd)
port=${2:-8081}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
nginx=$(PATH="$PATH:/usr/sbin" command -v nginx) || {
  echo "nginx must be installed to serve the models (Debian: apt-get install nginx-light)" >&2
  exit 4
}

prefix=$(mktemp -d)
server=
end() {
  [ -z "$server" ] || { kill -QUIT "$server" 2> /dev/null && wait "$server"; } || true
  rm -rf "$prefix"
}
trap end EXIT
trap 'exit 0' TERM INT
mkdir "$prefix/tmp"
ln -s "$models" "$prefix/models"
sed "s/listen 127.0.0.1:8081;/listen 127.0.0.1:$port;/" "$here/nginx.conf" > "$prefix/nginx.conf"
as=()
[ "$(id -u)" -ne 0 ] || as=(-g "user $(id -un) $(id -gn);")  # Else its worker would be nobody, who may not read what is ours.
"$nginx" -e stderr -p "$prefix" -c nginx.conf "${as[@]}" &
server=$!
wait "$server"
