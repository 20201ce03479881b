#!/bin/sh
# Runs a program of tests/node; where `npm ci` has not been run there, says how to.
if [ ! -x "$1" ]; then
    echo "$1 is missing: run \`npm ci\` in tests/node, or ./check, which does it" >&2
    exit 1
fi
exec "$@"
