-- wrk: one 4 KB letter, sent again and again. The key comes by environment; the letter by the file named first.
local file = io.open(os.getenv("SLUSE_BENCH_BODY"), "rb")
wrk.method = "POST"
wrk.body = file:read("*a")
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Authorization"] = "Bearer " .. os.getenv("SLUSE_KEY")

function done(summary, latency, requests)
    local errors = summary.errors
    io.write(string.format(
        "RESULT {\"requests\":%d,\"seconds\":%.6f,\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"failed\":%d}\n",
        summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
        errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
