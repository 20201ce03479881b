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
# installs the locked peers; tests themselves run under the locked node.
node_packages() {
    local major
    major=$(node --version 2>/dev/null | sed -nE 's/^v([0-9]+).*/\1/p') || major=""
    if [ -z "$major" ] || [ "$major" -lt 18 ] || ! command -v npm >/dev/null; then
        printf '%s\n' nodejs npm
    fi
}

# Installs what is missing; asks the network for nothing when nothing is.
install_packages() {
    local missing had_nginx=no
    command -v dpkg-query >/dev/null || fail "this needs Debian 12 (no dpkg-query here); packages: $*"
    mapfile -t missing < <(missing_packages "$@")
    if [ ${#missing[@]} -eq 0 ]; then
        echo "all $# packages are there"
        return 0
    fi
    echo "installing ${#missing[@]} of $# packages: ${missing[*]}"
    [ -e /usr/sbin/nginx ] && had_nginx=yes
    as_root apt-get update -q || fail "apt-get update failed: is the network there?"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}" ||
        fail "could not install: ${missing[*]}"
    # Debian starts a freshly installed nginx as a service on port 80; bench wants only the program.
    if [ "$had_nginx" = no ] && [ -e /usr/sbin/nginx ] && [ -d /run/systemd/system ]; then
        as_root systemctl disable --now nginx >/dev/null 2>&1 || echo "note: the nginx service may be running on port 80"
    fi
}

# One cache for all trees of this repository, wherever it is cloned.
use_ccache() {
    export CCACHE_DIR=${CCACHE_DIR:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/ccache}
    export CCACHE_SLOPPINESS=pch_defines,time_macros
    export CCACHE_BASEDIR=$repository
    export CCACHE_NOHASHDIR=1
}
