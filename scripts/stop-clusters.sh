#!/usr/bin/env bash
# Stops the private PostgreSQL clusters in the given folders, as a clean shutdown. Folders without one are passed over.
set -euo pipefail

for folder in "$@"; do
    data=$(readlink -f "$folder/data" || true)
    [ -f "$folder/wangge-cluster" ] && [ -f "$data/postmaster.pid" ] || continue
    pid=$(head -1 "$data/postmaster.pid" | tr -dc 0-9)
    # A pid file proves nothing after a kill: is it PostgreSQL, and in this very folder?
    [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = postgres ] && [ "$(readlink -f "/proc/$pid/cwd")" = "$data" ] || continue
    echo "stopping the cluster in $folder (process $pid)"
    kill -INT "$pid"
    for _ in $(seq 100); do
        # Gone, or a zombie that no init collects.
        state=$(sed 's/.*) //; s/ .*//' "/proc/$pid/stat" 2>/dev/null) || state=gone
        case "$state" in gone | Z | X | "") continue 2 ;; esac
        sleep 0.2
    done
    echo "process $pid has not stopped within 20 s" >&2
    exit 1
done
