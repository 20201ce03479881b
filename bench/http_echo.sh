#!/bin/sh
# The least a request costs at 64 connections: our server with one and two io threads, nginx with one and two workers,
# `return 202` each. Requests a second, and CPU microseconds of the server for each, which hold on a busy machine too.
# usage: bench/http_echo.sh <build folder> [seconds]
set -eu
echo_program="$1/bench/bench_http_echo"
seconds="${2:-5}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
ticks=$(getconf CLK_TCK)

# CPU ticks of a process and its children so far.
cpu_of() {
    for id in "$1" $(pgrep -P "$1" || true); do cat "/proc/$id/stat"; done |
        sed 's/.*) //' | awk '{sum += $12 + $13} END {print sum}'
}

# port, process, name
measure() {
    before=$(cpu_of "$2")
    wrk -t1 -c64 -d"${seconds}s" --latency "http://127.0.0.1:$1/" >"$work/wrk"
    after=$(cpu_of "$2")
    awk -v name="$3" -v cpu=$(((after - before) * 1000000 / ticks)) '
        /Requests\/sec/ {rate = $2} /99%/ {p99 = $2} /requests in/ {count = $1}
        END {printf "%-16s %9.0f requests/s  p99 %-9s %5.1f us CPU each\n", name, rate, p99, cpu / count}' "$work/wrk"
}

for threads in 1 2; do
    mkfifo "$work/in$threads"
    "$echo_program" "$threads" <"$work/in$threads" >"$work/port" &
    program=$!
    exec 9>"$work/in$threads"
    while [ ! -s "$work/port" ]; do kill -0 "$program"; done
    measure "$(cat "$work/port")" "$program" "sluse, $threads io"
    exec 9>&-
    wait "$program"
    : >"$work/port"
done

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
for workers in 1 2; do
    cat >"$work/nginx.conf" <<CONF
worker_processes $workers; daemon off; pid $work/nginx.pid; error_log $work/error.log;
events { worker_connections 1024; }
http { access_log off; client_body_temp_path $work; proxy_temp_path $work; fastcgi_temp_path $work; uwsgi_temp_path $work;
       scgi_temp_path $work; keepalive_requests 100000000; server { listen 127.0.0.1:$port reuseport; location / { return 202; } } }
CONF
    nginx -c "$work/nginx.conf" 2>/dev/null &
    program=$!
    until python3 -c "import socket; socket.create_connection(('127.0.0.1', $port), 1)" 2>/dev/null; do kill -0 "$program"; done
    measure "$port" "$program" "nginx, $workers workers"
    kill "$program"
    wait "$program" || true
done
