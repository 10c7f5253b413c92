#!/usr/bin/env bash
# Runs a fuzz target for so many seconds, with the stable compiler: libFuzzer and its counters need no other.
# What was found is put into target/fuzz: inputs that reach something new below corpus, what failed below found.
# usage: spatial/fuzz/run.sh TARGET [SECONDS [LIBFUZZER OPTIONS...]]
#        spatial/fuzz/run.sh TARGET keep      puts the fewest inputs that reach as much into the committed corpus
set -euo pipefail
cd "$(dirname "$0")/../.."
name=$1 seconds=${2:-60}
target=$(realpath -m "${CARGO_TARGET_DIR:-target}")
host=$(rustc -vV | sed -n 's/^host: //p')
llvm="-Cpasses=sancov-module"
for option in level=4 inline-8bit-counters pc-table trace-compares; do llvm="$llvm -Cllvm-args=-sanitizer-coverage-$option"; done

# With a target named, build scripts and macros are built without the counters.
CARGO_TARGET_DIR=$target RUSTFLAGS="$llvm --cfg fuzzing -Cdebug-assertions -Ccodegen-units=1" \
  cargo build --quiet --release --manifest-path spatial/fuzz/Cargo.toml --target "$host" --bin "$name"
program=$target/$host/release/$name
work=$target/fuzz/corpus/$name kept=spatial/fuzz/corpus/$name found=$target/fuzz/found/$name
mkdir -p "$work" "$kept" "$found"

if [ "$seconds" = keep ]; then
  fewest=$(mktemp -d)
  "$program" -merge=1 "$fewest" "$kept" "$work"
  find "$kept" -type f -delete
  find "$fewest" -type f -exec mv -t "$kept" {} +
  rmdir "$fewest"
  du -sh "$kept"
else
  shift $(($# > 1 ? 2 : 1))
  exec "$program" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=2048 -artifact_prefix="$found/" "$@" "$work" "$kept"
fi
