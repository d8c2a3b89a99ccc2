#!/bin/bash
# PostgreSQL with a database of POSTGRES_USER, whose password is in POSTGRES_PASSWORD_FILE; begins it when there is none.
set -euo pipefail
PATH=$(echo /usr/lib/postgresql/*/bin):$PATH
mkdir -p "$PGDATA"
chown postgres:postgres "$(dirname "$PGDATA")" "$PGDATA"
chmod 700 "$PGDATA"
as() { setpriv --reuid postgres --regid postgres --clear-groups "$@"; }
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  install --owner postgres --mode 600 "$POSTGRES_PASSWORD_FILE" /tmp/password
  as initdb --username "$POSTGRES_USER" --pwfile /tmp/password --auth scram-sha-256 --encoding UTF8 > /dev/null
  rm /tmp/password
  echo "host all all all scram-sha-256" >> "$PGDATA/pg_hba.conf"
  as postgres --single -D "$PGDATA" postgres <<< "CREATE DATABASE \"$POSTGRES_DB\"" > /dev/null
fi
exec setpriv --reuid postgres --regid postgres --clear-groups postgres -D "$PGDATA" -c listen_addresses='*' -c unix_socket_directories=/tmp
