#!/usr/bin/env bash
# Writes what is generated from the words and the devices into a folder: cd/schemas.sh schemas
set -euo pipefail
cd "$(dirname "$0")/.."

.venv/bin/python -m joulebus.homefile.schema > "$1/home.schema.json.new"
mv "$1/home.schema.json.new" "$1/home.schema.json"
.venv/bin/python -m joulebus.homefile.schema --for-generators > "$1/home.generators.schema.json.new"
mv "$1/home.generators.schema.json.new" "$1/home.generators.schema.json"
.venv/bin/python -m joulebus.rates.schema > "$1/rates.schema.json.new"
mv "$1/rates.schema.json.new" "$1/rates.schema.json"
.venv/bin/joulebus schemas "$1"
