#!/usr/bin/env bash
# The same faces and points for other software: what each answers and how long it takes, beside ours in the same run.
# Ends within some ten minutes on two cores, builds and installations not counted: each has its points and its seconds.
# Installs what it needs into DIR (PyPI) and, for S2, libs2-dev (Debian); PostgreSQL with PostGIS must be there.
# usage: spatial/benches/peers/run.sh [DIR]      default: a folder below the system's for temporary files
set -euo pipefail
cd "$(dirname "$0")/../../.."
dir=$(realpath -m "${1:-${TMPDIR:-/tmp}/wangge-peers}")
mkdir -p "$dir"
cargo=${CARGO:-cargo}

[ -x "$dir/venv/bin/python" ] || python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install --quiet --disable-pip-version-check \
  numpy==2.* shapely==2.* duckdb==1.5.5 duckdb-extension-spatial==1.5.5 'psycopg[binary]==3.*'
if ! [ -e /usr/include/s2/mutable_s2shape_index.h ] && [ "$(id -u)" = 0 ]; then
  apt-get install --yes --no-install-recommends libs2-dev >"$dir/apt.log" 2>&1 || echo "S2: libs2-dev is not to be had, left out"
fi
if [ -e /usr/include/s2/mutable_s2shape_index.h ]; then
  c++ -std=c++17 -O2 -o "$dir/s2" spatial/benches/peers/s2.cpp -ls2 -labsl_base -lcrypto 2>"$dir/s2.log" ||
    c++ -std=c++17 -O2 -o "$dir/s2" spatial/benches/peers/s2.cpp $(pkg-config --libs s2 2>/dev/null || echo -ls2)
fi

program=$($cargo bench --package spatial --bench locate --no-run --message-format=json |
  "$dir/venv/bin/python" -c 'import json, sys; print([m["executable"] for m in map(json.loads, sys.stdin) if m.get("executable")][-1])')
"$program" export "$dir"
exec "$dir/venv/bin/python" spatial/benches/peers/peers.py "$dir" "$program"
