#!/bin/sh
# Launches the compiler of a precompiled header without the one that lies there: ccache reads through it, finds in it what the header
# was before, and gives that back.
previous=
for word; do
    if [ "$previous" = -o ]; then
        rm -f -- "$word"
    fi
    previous=$word
done
exec "$@"
