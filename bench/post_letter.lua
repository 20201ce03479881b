-- wrk: one body, posted again and again, or a GET without one. The key comes by environment; the body by the file named first.
local body = os.getenv("SLUSE_BENCH_BODY")
if body ~= "" then
    wrk.method = "POST"
    wrk.body = io.open(body, "rb"):read("*a")
    wrk.headers["Content-Type"] = "application/json"
end
wrk.headers["Authorization"] = "Bearer " .. os.getenv("SLUSE_KEY")
wrk.headers["Purpose"] = os.getenv("SLUSE_BENCH_PURPOSE")

function done(summary, latency, requests)
    local errors = summary.errors
    io.write(string.format(
        "RESULT {\"requests\":%d,\"seconds\":%.6f,\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"failed\":%d}\n",
        summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
        errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
