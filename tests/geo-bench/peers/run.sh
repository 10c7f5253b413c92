#!/usr/bin/env bash
# The same questions to the geocoder, to tantivy and to pg_trgm, in one run: run.sh [ADDRESSES]
# Needs a release build of geo-bench, Python 3 with venv, and PostgreSQL's programs. Leaves nothing behind.
set -euo pipefail
cd "$(dirname "$0")/../../.."
addresses=${1:-2729000}
work=$(mktemp -d)
pg=$(pg_config --bindir)
user=()
[ "$(id -u)" = 0 ] && user=(runuser -u postgres --)
cleanup() {
    "${user[@]}" "$pg/pg_ctl" -D "$work/pg/data" -m immediate stop >/dev/null 2>&1 || true
    rm -rf -- "$work"
}
trap cleanup EXIT

python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet 'tantivy==0.27.*' 'psycopg[binary]==3.3.*'
mkdir "$work/pg"
chmod 755 "$work"
[ "$(id -u)" = 0 ] && chown postgres "$work/pg"
"${user[@]}" "$pg/initdb" -D "$work/pg/data" --auth=trust --encoding=UTF8 --locale=C.UTF-8 >/dev/null
"${user[@]}" "$pg/pg_ctl" -D "$work/pg/data" -l "$work/pg/log" -w \
    -o "-c listen_addresses= -c unix_socket_directories=$work/pg -c shared_buffers=1GB -c fsync=off" start >/dev/null

bench=${GEO_BENCH:-target/release/geo-bench}
"$bench" --addresses "$addresses" --queries 400 --dump "$work/tables" --speed 2
"$work/venv/bin/python" tests/geo-bench/peers/peers.py "$work/tables" \
    --postgres "host=$work/pg dbname=postgres user=$([ "$(id -u)" = 0 ] && echo postgres || id -un)"
"$bench" --addresses "$addresses" --queries 400 --speed 2
