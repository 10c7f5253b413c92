#!/usr/bin/env bash
# Brings a Debian 12 machine with Rust and Node to the point where wangge builds and runs. Usage: scripts/setup.sh demo|test
#
# Does nothing, in well under a second, where everything is there already. Safe to interrupt and to run again.
# PostgreSQL: only the program files are wanted. Debian's package makes and starts a cluster named "main" when it is first
# installed; that is switched off for the length of our own installation, and a cluster that exists is never touched.
set -euo pipefail

mode=${1:-demo}
say() { printf '\033[1m[set-up]\033[0m %s\n' "$*"; }
die() { printf '[set-up] %s\n' "$*" >&2; exit 1; }

packages=(build-essential pkg-config zlib1g-dev curl ca-certificates postgresql-15 postgresql-15-postgis-3 fonts-noto-cjk)
[ "$mode" = test ] && packages+=(chromium)

missing=()
for package in "${packages[@]}"; do
    state=$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null || true)
    [ "$state" = installed ] || missing+=("$package")
done

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"
    elif command -v sudo >/dev/null; then sudo "$@"
    else die "these packages are missing and there is no sudo: ${missing[*]}"
    fi
}

apt() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get --yes -o Acquire::Retries=5 -o DPkg::Lock::Timeout=120 \
        -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold "$@" </dev/null
}

apt_update() {
    for attempt in 1 2 3; do
        apt update && return
        say "package lists could not be fetched (attempt $attempt of 3)"
        sleep $((attempt * 3))
    done
    die "package lists could not be fetched: is this machine online?"
}

drop_in=/etc/postgresql-common/createcluster.d/wangge-no-main-cluster.conf
without_main_cluster() {
    as_root mkdir -p "$(dirname "$drop_in")"
    trap 'as_root rm -f "$drop_in"' EXIT
    trap 'exit 130' INT TERM
    echo "create_main_cluster = false" | as_root tee "$drop_in" >/dev/null
    "$@"
}

if [ ${#missing[@]} -gt 0 ]; then
    command -v apt-get >/dev/null || die "this needs Debian's apt; install by hand: ${missing[*]}"
    say "installing ${missing[*]}"
    # An interrupted earlier run may have left packages unpacked but not configured.
    without_main_cluster as_root env DEBIAN_FRONTEND=noninteractive dpkg --configure -a </dev/null
    apt_update
    without_main_cluster apt install --no-install-recommends "${missing[@]}"
    say "packages are in place"
fi

command -v cargo >/dev/null || [ ! -x "$HOME/.cargo/bin/cargo" ] || PATH="$HOME/.cargo/bin:$PATH"
command -v cargo >/dev/null || die "Rust is missing: see https://rustup.rs"
command -v node >/dev/null && command -v npm >/dev/null || die "Node 20 or newer (with npm) is missing: see https://nodejs.org"

wanted_rust=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
found_rust=$(cargo --version | cut -d' ' -f2)
printf '%s\n%s\n' "$wanted_rust" "$found_rust" | sort --version-sort --check=silent \
    || die "Rust $found_rust is too old, $wanted_rust or newer is needed: rustup update"
found_node=$(node --version)
[ "$(printf '%s' "${found_node#v}" | cut -d. -f1)" -ge 20 ] || die "Node $found_node is too old, 20 or newer is needed"

if [ "$mode" = test ]; then
    for component in rustfmt clippy; do
        "cargo-${component/rustfmt/fmt}" --version >/dev/null 2>&1 || {
            say "adding the Rust component $component"
            rustup component add "$component" || die "the Rust component $component is missing"
        }
    done
fi
exit 0
