# shellcheck shell=bash
# Shared by ./check and ./sandbox: talk, packages, compiler cache. Sourced, never run.

repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { printf '\n== %s\n' "$*"; }
fail() {
    printf '\n%s: %s\n' "${0##*/}" "$*" >&2
    exit 1
}

# Runs a command as root: directly, or through sudo.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        fail "root is needed for: $* (neither root nor sudo here)"
    fi
}

# The names in a package list, without comments.
packages_in() { sed -E 's/[[:space:]]*#.*//; /^[[:space:]]*$/d' "$@"; }

# What of the named packages is not installed.
missing_packages() {
    local name
    for name in "$@"; do
        case $(dpkg-query -W -f '${db:Status-Abbrev}' "$name" 2>/dev/null) in
            ii* | hi*) ;;
            *) printf '%s\n' "$name" ;;
        esac
    done
}

# Debian's nodejs and npm conflict with those of NodeSource: an npm that is there, on Node 18 or newer, is left alone. It only
# installs the console's locked build tools and the test peers; both run under the locked node.
node_packages() {
    local major
    major=$(node --version 2>/dev/null | sed -nE 's/^v([0-9]+).*/\1/p') || major=""
    if [ -z "$major" ] || [ "$major" -lt 18 ] || ! command -v npm >/dev/null; then
        printf '%s\n' nodejs npm
    fi
}

# Runs a command while no freshly installed package may start a service: broker, scanner and web server are wanted as programs,
# which tests and sandbox start on loopback themselves.
without_services() (
    policy=/usr/sbin/policy-rc.d
    if [ ! -e "$policy" ]; then
        trap 'as_root rm -f "$policy"' EXIT
        printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
        as_root chmod 755 "$policy"
    fi
    "$@"
)

# Keeps the units of a freshly installed package from starting at the next boot.
disable_units() {
    command -v systemctl >/dev/null || return 0
    as_root systemctl disable "$@" >/dev/null 2>&1 || echo "note: these may start at the next boot: $*"
}

# Installs what is missing; asks the network for nothing when nothing is.
install_packages() {
    local missing
    command -v dpkg-query >/dev/null || fail "this needs Debian 12 (no dpkg-query here); packages: $*"
    mapfile -t missing < <(missing_packages "$@")
    if [ ${#missing[@]} -eq 0 ]; then
        echo "all $# packages are there"
        return 0
    fi
    echo "installing ${#missing[@]} of $# packages: ${missing[*]}"
    as_root apt-get update -q || fail "apt-get update failed: is the network there?"
    without_services as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}" ||
        fail "could not install: ${missing[*]}"
    case " ${missing[*]} " in *" nginx-light "*) disable_units nginx.service ;; esac
    # RabbitMQ's port mapper would listen on every address.
    case " ${missing[*]} " in *" rabbitmq-server "*) disable_units rabbitmq-server.service epmd.socket epmd.service ;; esac
}

# One cache for all trees of this repository, wherever it is cloned.
use_ccache() {
    export CCACHE_DIR=${CCACHE_DIR:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/ccache}
    export CCACHE_SLOPPINESS=pch_defines,time_macros
    export CCACHE_BASEDIR=$repository
    export CCACHE_NOHASHDIR=1
}
