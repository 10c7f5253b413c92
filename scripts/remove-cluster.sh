#!/usr/bin/env bash
# Removes the stopped private cluster in a folder. A folder that wangge did not make is left alone.
set -euo pipefail
folder=${1:?usage: scripts/remove-cluster.sh FOLDER}
[ -e "$folder" ] || exit 0
home=$(readlink -f "$folder")
if [ ! -f "$home/wangge-cluster" ]; then
    echo "$folder was not made by wangge: left alone" >&2
    exit 1
fi
rm -rf "$home"
# Where the folder itself could not hold a cluster, it is a link to the place that could.
if [ -L "$folder" ]; then rm "$folder"; fi
echo "removed $folder"
