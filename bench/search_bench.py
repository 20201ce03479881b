"""Search by every business key, by cursor deep in, and what the pages ask, over many messages of which most wait."""

import json
import os
import pathlib
import subprocess

from report import at_most

GOAL_MS = 200
# How much slower a page deep in may be than one of the first: a cursor costs the same anywhere.
DEEP_RATIO = 20


def search(report, size):
    count = size["searched"]
    print(f"Search over {count} messages")
    program = pathlib.Path(os.environ["SLUSE_BUILD"]).resolve() / "bench" / "bench_search"
    done = subprocess.run([str(program), str(count)], stdout=subprocess.PIPE, text=True, check=True)
    found = {one["name"]: one for one in map(json.loads, done.stdout.splitlines())}
    gate = GOAL_MS if size.get("absolute") else None        # times say more of a machine than of us
    for name, one in found.items():
        report.add(f"search: {name}, p50", one["p50_ms"], "ms")
        report.add(f"search: {name}, p95", one["p95_ms"], "ms", GOAL_MS, at_most, gate=gate)
    for name in ("pages of all", "pages of what waits"):
        ratio = found[f"{name}, deep"]["p50_ms"] / max(0.001, found[f"{name}, first"]["p50_ms"])
        report.add(f"search: {name}, deep to first", ratio, "", DEEP_RATIO, at_most, gate=DEEP_RATIO)
