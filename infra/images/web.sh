#!/bin/sh
# nginx, told where it is: where the router answers (JOULEBUS_ROUTER_ADDRESS), who resolves names here, and the secret by which the router
# believes what this server says of its clients.
set -eu
umask 077
resolver=$(sed -n 's/^nameserver *//p' /etc/resolv.conf | head -n 1)
case $resolver in *:*) resolver="[$resolver]" ;; esac
secret=
[ ! -r /run/joulebus/proxy/secret ] || secret=$(cat /run/joulebus/proxy/secret)
{
  # A name is looked up again while it runs: a router that comes back may have another address.
  [ -z "$resolver" ] || echo "resolver $resolver valid=2s;"
  echo "map '' \$router { default '${JOULEBUS_ROUTER_ADDRESS:-crossbar:8080}'; }"
  echo "map '' \$proxy_secret { default '$secret'; }"
} > /tmp/router.conf
exec nginx -e stderr -p /tmp -c /etc/joulebus/nginx.conf "$@"
