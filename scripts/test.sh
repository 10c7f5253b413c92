#!/usr/bin/env bash
# Every check there is, cheapest first; stops at the first that fails. The last lines are the test runner's own summary.
# Usage: scripts/test.sh [all|fast]   fast: no clippy, no browser, no tests that need a database
set -euo pipefail
what=${1:-all}
target=${CARGO_TARGET_DIR:-target}
# Tests make their own clusters and databases: what the caller's shell points at is none of their business.
unset DATABASE_URL PGHOST PGPORT PGUSER PGPASSWORD PGDATABASE
export CARGO_NET_RETRY=${CARGO_NET_RETRY:-10}
if [ "${CI:-}" = true ]; then export CARGO_INCREMENTAL=0 CARGO_TERM_PROGRESS_WHEN=never; fi

stage() { printf '\n\033[1m[%s] %s\033[0m\n' "$(date +%H:%M:%S)" "$*"; }

nextest() {
    if command -v cargo-nextest >/dev/null; then
        if [ "${CI:-}" = true ]; then set -- --profile ci "$@"; fi
        cargo nextest run --workspace --lib --bins --tests "$@"
    else
        stage "cargo-nextest is not installed: cargo's own runner takes its place"
        cargo test --workspace --lib --bins --tests --no-fail-fast
    fi
}

if [ "$what" = fast ]; then
    cargo build --workspace --lib --bins --tests
    if command -v cargo-nextest >/dev/null; then
        nextest -E 'not package(tests) or test(/^tidy::/)'
    else
        cargo test --workspace --exclude tests --lib --bins --tests
        cargo test -p tests --test it tidy::
    fi
    exit
fi

stage "format"
cargo fmt --all --check

stage "web: lint and unit tests"
(cd web && npm run --silent lint && npm test --silent)

stage "clippy, pedantic, warnings are errors"
cargo clippy --workspace --all-targets -- -D warnings

stage "build"
cargo build --workspace --lib --bins --tests

stage "examples in the documentation"
cargo test --workspace --doc --quiet

# Silent: the last lines belong to the runner.
stop_clusters() { scripts/stop-clusters.sh "$target"/test-clusters/* >/dev/null 2>&1 || true; }
trap stop_clusters EXIT
trap 'exit 130' INT TERM

stage "browser: the pages in Chromium"
(cd tests/browser && npm test --silent)

stage "tests"
nextest
