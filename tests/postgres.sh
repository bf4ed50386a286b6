#!/bin/sh
# A private PostgreSQL server for the tests, thrown away afterwards.
#   tests/postgres.sh start     starts one and prints its URL; nothing else goes to standard output
#   tests/postgres.sh stop URL  stops it and removes its files
#   tests/postgres.sh run CMD…  runs CMD with YIHU_TEST_POSTGRES set, then stops the server
# It listens on a Unix socket in its own folder only, so it meets no other server. Run by root, it runs as `postgres`.
set -eu

say() { echo "tests/postgres.sh: $*" >&2; }

bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
if [ -z "$bin" ] || [ ! -x "$bin/initdb" ]; then
  say "PostgreSQL is not installed (Debian package postgresql)"
  exit 3
fi

as_server() {
  if [ "$(id -u)" = 0 ]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi
}

start() {
  folder=$(mktemp -d /tmp/yihu-postgres.XXXXXX)
  if [ "$(id -u)" = 0 ]; then chown postgres "$folder"; fi
  # Sorted by code point like SQLite. fsync is off: the tests kill our program, never this server's machine.
  as_server "$bin/initdb" -D "$folder/data" -U postgres -A trust -E UTF8 --locale=C --no-sync >"$folder/log" 2>&1 ||
    { cat "$folder/log" >&2; rm -rf "$folder"; exit 1; }
  as_server "$bin/pg_ctl" -D "$folder/data" -w -t 30 -l "$folder/data/log" \
    -o "-k $folder -h '' -c fsync=off -c max_connections=200 -c shared_buffers=64MB" start >"$folder/log" 2>&1 ||
    { cat "$folder/log" "$folder/data/log" >&2; rm -rf "$folder"; exit 1; }
  echo "postgresql:///postgres?host=$folder&user=postgres"
}

stop() {
  folder=${1#*host=}
  folder=${folder%%&*}
  case "$folder" in
    /tmp/yihu-postgres.*) ;;
    *) say "not a server of ours: $1"; exit 2 ;;
  esac
  as_server "$bin/pg_ctl" -D "$folder/data" -m immediate -w stop >/dev/null 2>&1 || true
  rm -rf "$folder"
}

case "${1:-}" in
  start) start ;;
  stop) stop "${2:?the URL that start printed}" ;;
  run)
    shift
    YIHU_TEST_POSTGRES=$(start)
    export YIHU_TEST_POSTGRES
    trap 'stop "$YIHU_TEST_POSTGRES"' EXIT
    trap 'exit 130' INT TERM
    status=0
    "$@" || status=$?
    exit $status ;;
  *) say "start | stop URL | run COMMAND…"; exit 2 ;;
esac
