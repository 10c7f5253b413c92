# wangge: two commands set everything up on a fresh Debian 12 with Rust and Node, `make demo` and `make test`.
# Both can be interrupted and run again; what is there already is not made twice. `make` alone lists the targets.

.DEFAULT_GOAL := help
.NOTPARALLEL:
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
export PATH := $(PATH):$(HOME)/.cargo/bin

PORT ?= 8080
PG_DIR ?= ./var/pg
SCALE ?= district
DEMO_ARGS ?=
BENCH_ARGS ?=

target := $(or $(CARGO_TARGET_DIR),target)
web_sources = $(shell find web -type f -not -path 'web/node_modules/*' -not -path 'web/dist/*' 2>/dev/null)
npm_ci = npm ci --no-audit --no-fund --fetch-retries=3

.PHONY: help
help: ## this list
	@echo "usage: make TARGET [VARIABLE=value]"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16
	@echo "variables:"
	@echo "  PORT=8080       where the demo listens"
	@echo "  DATABASE_URL=   use this PostgreSQL (with PostGIS) instead of the private cluster in ./var/pg"
	@echo "  PG_DIR=./var/pg where the private cluster lives"
	@echo "  SCALE=district  how much of the city the demo has: community, township, district or full"
	@echo "  DEMO_ARGS=      more options for the demo, see \`wangge demo --help\`"
	@echo "  BENCH_ARGS=     more options for the load driver, see docs/BENCHMARKS.md"

.PHONY: demo
demo: setup-demo web release ## everything: packages, web pages, binary, database, city, service on http://localhost:8080
	@scripts/demo.sh $(target)/release/wangge $(PORT) $(PG_DIR) --scale $(SCALE) $(DEMO_ARGS)

.PHONY: test
test: setup-test web tests/browser/node_modules/.stamp ## everything: packages, web pages, build, then every check there is
	@scripts/test.sh all

.PHONY: test-fast
test-fast: web ## unit tests and the tidy test only: no browser, no database
	@scripts/test.sh fast

.PHONY: setup-demo setup-test
setup-demo:
	@scripts/setup.sh demo
setup-test:
	@scripts/setup.sh test

.PHONY: web
web: web/node_modules/.built ## the web pages, which the binary carries

web/node_modules/.stamp: web/package-lock.json
	@echo "[web] packages"
	@cd web && $(npm_ci)
	@touch $@

# The stamp lies outside dist, so that an interrupted build is not taken for a finished one.
web/node_modules/.built: web/node_modules/.stamp $(web_sources) $(if $(wildcard web/dist/index.html),,FORCE)
	@echo "[web] build"
	@cd web && npm run build
	@touch $@

tests/browser/node_modules/.stamp: tests/browser/package-lock.json
	@echo "[browser tests] packages"
	@cd tests/browser && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 $(npm_ci)
	@touch $@

.PHONY: FORCE
FORCE:

.PHONY: release
release: web
	@cargo build --release --bin wangge

.PHONY: fmt
fmt: ## format the Rust code
	@cargo fmt --all

.PHONY: check
check: web ## format and clippy
	@cargo fmt --all --check
	@cargo clippy --workspace --all-targets -- -D warnings

.PHONY: lint
lint: check web/node_modules/.stamp ## check, the web linter, and cargo-deny, cargo-machete, typos where they are installed
	@cd web && npm run lint
	@if command -v cargo-deny >/dev/null; then cargo deny check; else echo "cargo-deny is not installed: skipped"; fi
	@if command -v cargo-machete >/dev/null; then cargo machete; else echo "cargo-machete is not installed: skipped"; fi
	@if command -v typos >/dev/null; then typos; else echo "typos is not installed: skipped"; fi

.PHONY: bless
bless: ## accept changed snapshots of the tests
	@INSTA_UPDATE=always cargo test -p tests --test it

.PHONY: bench
bench: release ## post incidents to a running service, check each against PostGIS, print rates
	@cargo run --release --package tests --bin load -- $(BENCH_ARGS)

.PHONY: db-stop
db-stop: ## stop the private cluster of the demo and those of the tests
	@scripts/stop-clusters.sh $(PG_DIR) $(target)/test-clusters/*

.PHONY: clean-demo
clean-demo: db-stop ## remove the demo's database (and nothing else)
	@scripts/remove-cluster.sh $(PG_DIR)
