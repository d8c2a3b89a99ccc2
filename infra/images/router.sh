#!/bin/sh
# The router with the configuration in /run/router, or in the folder that is named.
set -eu
folder=${1:-/run/router}
# A router that was killed leaves its process number there. In a container that number is always somebody's: its successor's.
rm -f "$folder/node.pid"
exec crossbar start --cbdir "$folder" --loglevel warn --color false
