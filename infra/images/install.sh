#!/bin/sh
# Inside the build of an image: an environment at /app with what a lock file names, each file checked by its hash.
set -eu
# One certificate file for pip and uv alike; a build may be given that of its network (the secret "certificates").
export PIP_CERT=/etc/ssl/certs/ca-certificates.crt SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt
export UV_LINK_MODE=copy PYBJDATA_NO_EXTENSION=1
python3 -m venv /boot
/boot/bin/pip install --quiet --disable-pip-version-check --root-user-action ignore --no-deps --require-hashes -r /build/boot.txt
/boot/bin/uv venv --quiet --python "$(command -v python3)" /app
/boot/bin/uv pip sync --quiet --require-hashes --python /app/bin/python "$1"
