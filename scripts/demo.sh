#!/usr/bin/env bash
# Starts the demo, or says that it runs already. Usage: scripts/demo.sh BINARY PORT PG_DIR [OPTIONS...]
set -euo pipefail
binary=$1 port=$2 pg_dir=$3
shift 3

if curl --silent --fail --max-time 2 "http://localhost:$port/healthz" >/dev/null 2>&1; then
    echo "the demo runs already: http://localhost:$port/wall"
    exit 0
fi
if (exec 3<>"/dev/tcp/localhost/$port") 2>/dev/null; then
    echo "port $port is taken by another program: make demo PORT=8081" >&2
    exit 1
fi
exec "$binary" demo --listen "0.0.0.0:$port" --pg-dir "$pg_dir" "$@"
