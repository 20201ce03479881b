#!/bin/sh
# run_target.sh <program> <tests/fuzz> <target> <build folder>: one bounded run of a fuzz target.
# What it finds on the way is kept in the build folder; a crash is <build folder>/<target>/crash-*.
# The bounded run takes the same way each time, so that a change is judged by what it changes; the long one looks for more.
# SLUSE_SEED chooses another way.
set -eu
seconds=6
seed=${SLUSE_SEED:-1}
if [ "${SLUSE_TEST_SCALE:-}" = long ]; then
    seconds=300
    seed=${SLUSE_SEED:-0}
fi
work="$4/$3"
mkdir -p "$work/found"
set -- "$1" "$work/found" "$2/corpus/$3" "$2/regressions/$3"
[ -d "$4" ] || set -- "$1" "$2" "$3"
program="$1"
shift
echo "$seconds seconds of $program"
exec "$program" -seed="$seed" -max_total_time="$seconds" -max_len=4096 -timeout=10 -rss_limit_mb=1024 -print_final_stats=1 \
    -artifact_prefix="$work/" "$@"
