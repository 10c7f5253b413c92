#!/usr/bin/env bash
# Stops the private PostgreSQL clusters in the given folders, as a clean shutdown. Folders without one are passed over.
set -euo pipefail

# The process that runs the cluster in folder $1, if there is one and it is PostgreSQL in that very folder.
postmaster_of() {
    local pid
    [ -r "$1/postmaster.pid" ] || sudo -n test -r "$1/postmaster.pid" 2>/dev/null || return 1
    pid=$({ head -1 "$1/postmaster.pid" 2>/dev/null || sudo -n head -1 "$1/postmaster.pid"; } | tr -dc 0-9)
    [ -n "$pid" ] && [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = postgres ] || return 1
    [ "$(readlink -f "/proc/$pid/cwd")" = "$(readlink -f "$1")" ] || return 1
    echo "$pid"
}

for folder in "$@"; do
    for data in "$folder" "$folder"/*; do
        pid=$(postmaster_of "$data") || continue
        echo "stopping the cluster in $data (process $pid)"
        kill -INT "$pid"
        for _ in $(seq 100); do
            [ -d "/proc/$pid" ] && [ "$(cut -d' ' -f3 "/proc/$pid/stat" 2>/dev/null)" != Z ] || continue 2
            sleep 0.2
        done
        echo "process $pid has not stopped within 20 s" >&2
        exit 1
    done
done
